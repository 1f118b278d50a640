#!/usr/bin/env bash
# Builds the fuzz targets and runs each, or those named, for some seconds: `run.sh [SECONDS [TARGET...]]`. Ends with 1
# when one fails. What a target has found stays in target/fuzz/corpus, what makes it fail in target/fuzz/artifacts.
set -euo pipefail
cd "$(dirname "$0")/../.."
home=$PWD/target/fuzz
tools=$PWD/target/tools
seconds=${1:-6}
shift || true

[ -x "$tools/bin/cargo-fuzz" ] || cargo install cargo-fuzz --version 0.13.2 --locked --quiet --root "$tools"
cargo metadata --manifest-path tests/fuzz/Cargo.toml --locked --format-version 1 >/dev/null || {
  echo "bring the lock of the fuzz targets up to date: cargo update --workspace --manifest-path tests/fuzz/Cargo.toml"
  exit 1
}
# Of the sanitizers none: there is no unsafe code here, and they want another compiler. Instrumenting the code for
# coverage takes the flags of a nightly one, which the stable one has when asked so.
export RUSTC_BOOTSTRAP=1
"$tools/bin/cargo-fuzz" fuzz build --fuzz-dir tests/fuzz --sanitizer none --codegen-units 4 --target-dir "$home"
rm -rf "$home/seeds"
python3 tests/fuzz/seeds.py fixtures "$home/seeds"
host=$(rustc -vV | sed -n 's/^host: //p')

dictionary() {
  case $1 in
    *json* | pipfile_lock | sbom) echo json ;;
    toml* | *_lock | pipfile | py*) echo toml ;;
    *) echo requirement ;;
  esac
}

failed=()
names=("$@")
[ ${#names[@]} -gt 0 ] || for file in tests/fuzz/fuzz_targets/*.rs; do names+=("$(basename "$file" .rs)"); done
for name in "${names[@]}"; do
  mkdir -p "$home/corpus/$name" "$home/seeds/$name" "$home/artifacts/$name"
  log=$home/$name.log
  if "$home/$host/release/$name" -max_total_time="$seconds" -max_len=65536 -timeout=10 -rss_limit_mb=2048 \
    -dict="tests/fuzz/dictionaries/$(dictionary "$name").dict" -artifact_prefix="$home/artifacts/$name/" \
    -print_final_stats=1 "$home/corpus/$name" "$home/seeds/$name" >"$log" 2>&1; then
    awk -v name="$name" '/number_of_executed_units/ { runs = $2 } /average_exec_per_sec/ { rate = $2 }
      END { printf "%-20s %9d runs, %7d a second\n", name, runs, rate }' "$log"
  else
    failed+=("$name")
    grep -v '^#[0-9]' "$log" | cut -c1-2000 | tail -n 40
    echo "$name FAILED; again: $home/$host/release/$name $(ls -t "$home/artifacts/$name"/* 2>/dev/null | head -n 1)"
  fi
done
[ ${#failed[@]} = 0 ] || { echo "failed: ${failed[*]}"; exit 1; }
