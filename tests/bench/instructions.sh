#!/usr/bin/env bash
# Counts the instructions, the peak memory and the size of the program as it is shipped, and compares them with the
# budgets. Instruction counts hardly vary from machine to machine or from run to run; times do.
#
#     tests/bench/instructions.sh [PROGRAM]
#
# Without PROGRAM it builds one (profile dist). Inputs are made by inputs.py in target/bench; nothing else is read.
# Without valgrind it says so and checks the rest; with CI=true that is a failure.
set -euo pipefail
cd "$(dirname "$0")/../.."

out=target/bench
mkdir -p "$out/no-data"
program=${1:-}
if [ -z "$program" ]; then
    cargo build --quiet --profile dist --bin audit
    program=target/dist/audit
fi
cargo build --quiet --profile dist --example hello
python3 tests/bench/inputs.py advisory-db "$out/in" >"$out/sizes.txt"

# Nothing of the user's: no store, no policy, no clock.
audit() { env -i PATH=/usr/bin:/bin HOME="$out/no-data" "$@"; }

# name | path | format | budget in millions of instructions (- for none)
rows=(
    "lock-67|$out/in/lock-67|json|8"
    "findings-20|$out/in/findings-20|human|12"
    "lock-300|$out/in/lock-300|json|25"
    "pins-1102|$out/in/pins-1102|json|-"
    "webshop|fixtures/projects/webshop|json|-"
)

arguments() { # path format
    echo "--no-config --root $1 --today 2026-11-20 --color never --format $2 $1"
}

failed=0
fail() {
    echo "FAILED: $*" >&2
    failed=1
}

# The program itself must work: 0, 1 and 3 are verdicts, anything else is a broken run.
run() { # command...
    local status=0
    audit "$@" >/dev/null 2>"$out/stderr.txt" || status=$?
    case $status in 0 | 1 | 3) ;; *) fail "exit $status: $* ($(head -1 "$out/stderr.txt"))" ;; esac
}

instructions() { # command...
    local status=0
    audit valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" >/dev/null 2>"$out/valgrind.txt" || status=$?
    case $status in 0 | 1 | 3) ;; *) fail "exit $status under valgrind: $*" ;; esac
    sed -n 's/^.*Collected : *//p' "$out/valgrind.txt"
}

peak() { # command...; KiB
    audit python3 -c '
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$@"
}

# Times vary, their ratio in one run hardly does: both programs in turn, the fastest of each.
ratio() { # command...
    audit python3 -c '
import subprocess, sys, time
def once(command):
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start

hello, other = [sys.argv[1]], sys.argv[2:]
pairs = [(once(hello), once(other)) for _ in range(60)]
print("%.1f" % (min(pair[1] for pair in pairs) / min(pair[0] for pair in pairs)))' target/dist/examples/hello "$@"
}

if command -v valgrind >/dev/null; then
    hello=$(instructions target/dist/examples/hello)
    printf '%-12s %8s %14s %8s %15s %8s\n' input format instructions budget "x hello (count)" "(time)"
    printf '%-12s %8s %14d %8s %15.1f %8s\n' hello - "$hello" - 1 1.0
    for row in "${rows[@]}"; do
        IFS='|' read -r name path format budget <<<"$row"
        # shellcheck disable=SC2046
        count=$(instructions "$program" $(arguments "$path" "$format"))
        # shellcheck disable=SC2046
        printf '%-12s %8s %14d %8s %15.1f %8s\n' "$name" "$format" "$count" \
            "$([ "$budget" = - ] && echo - || echo "$budget M")" "$(awk "BEGIN { print $count / $hello }")" \
            "$(ratio "$program" $(arguments "$path" "$format"))"
        if [ "$budget" != - ] && [ "$count" -gt $((budget * 1000000)) ]; then
            fail "$name takes $count instructions, more than $budget million"
        fi
    done
elif [ "${CI:-}" = true ]; then
    fail "valgrind is missing: install it (apt-get install valgrind)"
else
    echo "valgrind is missing: instructions were not counted (apt-get install valgrind)"
fi

echo
printf '%-12s %14s %14s %8s\n' input "file, KiB" "beyond, KiB" budget
for row in "${rows[@]}"; do
    IFS='|' read -r name path format _ <<<"$row"
    # shellcheck disable=SC2046
    run "$program" $(arguments "$path" "$format")
    # shellcheck disable=SC2046
    beyond=$(($(peak "$program" $(arguments "$path" "$format")) - $(du -sk --apparent-size "$path" | cut -f1)))
    printf '%-12s %14d %14d %8s\n' "$name" "$(du -sk --apparent-size "$path" | cut -f1)" "$beyond" "24 MiB"
    [ "$beyond" -le $((24 * 1024)) ] || fail "$name takes $beyond KiB beyond the files, more than 24 MiB"
done

size=$(wc -c <"$program")
echo
echo "program: $size bytes (budget 12 MB)"
[ "$size" -le 12000000 ] || fail "the program is larger than 12 MB"
exit $failed
