#!/usr/bin/env bash
# The same pins audited by audit, uv audit and pip-audit, with a local advisory service for the two that need one.
#
#     SHARED=../shared bash tests/bench/side-by-side.sh
#
# Needs hyperfine, zstd, Python with venv, and in $SHARED the advisories and oracle/osv_service.py. Prints medians.
set -euo pipefail
cd "$(dirname "$0")/../.."
shared=$(realpath "${SHARED:-../shared}")
work=$PWD/target/side-by-side
runs=${RUNS:-7}
mkdir -p "$work"
[ -x "$work/venv/bin/uv" ] || { python3 -m venv "$work/venv"; "$work/venv/bin/pip" -q install uv pip-audit packaging pyyaml; }
[ -d "$work/vulns" ] || tar --zstd -xf "$shared/data/advisories/pysec-yaml-2026-07-23.tar.zst" -C "$work"
cargo build --locked --quiet --profile dist --bin audit
audit=$PWD/target/dist/audit

rm -f "$work/port"
"$work/venv/bin/python" "$shared/oracle/osv_service.py" "$work/vulns" --port 0 --port-file "$work/port" >"$work/service.log" 2>&1 &
service=$!
trap 'kill $service' EXIT
until [ -s "$work/port" ]; do sleep 0.2; kill -0 $service; done
url=http://127.0.0.1:$(cat "$work/port")

# Each tool is run once before, so that caches are warm; the exit code is 1 where there are findings.
measure() {
  local name=$1; shift
  hyperfine --shell=none --warmup 1 --runs "$runs" --ignore-failure --export-json "$work/times.json" -- "$*" >/dev/null 2>&1
  "$work/venv/bin/python" - "$name" "$work/times.json" <<'PYTHON'
import json, sys
found = json.load(open(sys.argv[2]))["results"][0]
print(f"  {sys.argv[1]:<12} {found['median'] * 1000:9.1f} ms  (min {found['min'] * 1000:.1f}, max {found['max'] * 1000:.1f})")
PYTHON
}

for count in 90 1102; do
  folder=$work/$count
  "$work/venv/bin/python" tests/bench/peer_inputs.py advisory-db "$count" "$folder" "$url/simple"
  echo "$count pins"
  measure audit "$audit" "$folder/pins" --no-config --root "$folder/pins"
  measure "uv audit" "$work/venv/bin/uv" audit --frozen --project "$folder/uv" --service-url "$url" --default-index "$url/simple"
  measure pip-audit "$work/venv/bin/pip-audit" -r "$folder/pins/requirements.txt" --no-deps --disable-pip \
    --progress-spinner off -s osv --osv-url "$url/v1/query"
done
