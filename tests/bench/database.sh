#!/usr/bin/env bash
# Measures the advisory database: building it, opening it, 300 look-ups, its size; checks what has a budget.
#
#     tests/bench/database.sh
#
# With ../shared beside the project the records have prose, as the real ones do; without, they are the facts of
# advisory-db. Needs python3; with valgrind it counts instructions as well.
set -euo pipefail
cd "$(dirname "$0")/../.."

out=target/bench
in=$out/database
mkdir -p "$in" "$out/no-data"
cargo build --quiet --profile dist --bin audit
cargo build --quiet --profile dist --example lookups
audit=target/dist/audit
lookups=target/dist/examples/lookups
archive=../shared/data/advisories/PyPI/all.zip
[ -f "$archive" ] || archive=
# shellcheck disable=SC2086
python3 tests/bench/database_inputs.py advisory-db "$in" $archive
python3 tests/bench/inputs.py advisory-db "$out/in" >/dev/null
pins=$out/in/pins-1102/requirements.txt

# Nothing of the user's: no store, no policy, no clock.
clean() { env -i PATH=/usr/bin:/bin HOME="$out/no-data" SOURCE_DATE_EPOCH=1795219200 "$@"; }

failed=0
fail() {
    echo "FAILED: $*" >&2
    failed=1
}

# The fastest of several runs: what else runs on the machine only makes it slower.
seconds() { # runs command...
    clean python3 -c '
import subprocess, sys, time
def once():
    start = time.perf_counter()
    subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start
print("%.3f" % min(once() for _ in range(int(sys.argv[1]))))' "$@"
}

peak() { # command...; MiB
    clean python3 -c '
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)' "$@"
}

row() { printf '%-52s %14s %10s\n' "$@"; }
within() { # name value budget
    awk "BEGIN { exit !($2 <= $3) }" || fail "$1: $2, more than $3"
}

row what measured budget
build=$(seconds 5 "$audit" db import "$in/records.zip" --db "$in/all.store")
row "build from a zip of 20,000 records" "$build s" "1 s"
within "build from a zip of 20,000 records" "$build" 1
row "  peak memory of that" "$(peak "$audit" db import "$in/records.zip" --db "$in/all.store") MiB" -
row "import of 300,000 EPSS scores" "$(seconds 5 "$audit" db import "$in/epss_scores-2026-11-01.csv" --db "$in/epss.store") s" -
clean "$audit" db import "$in/records.zip" "$in/epss_scores-2026-11-01.csv" --db "$in/full.store" >/dev/null
row "size of the store, 20,000 records" "$(wc -c <"$in/all.store") B" -
row "size of the store of scores alone" "$(wc -c <"$in/epss.store") B" -
row "verify all of it" "$(seconds 5 "$audit" db verify "$in/full.store") s" -
row "export what is built in" "$(seconds 5 "$audit" db export "$in/export.store") s" -
row "show one record" "$(seconds 5 "$audit" db show PYSEC-2026-348 --db "$in/full.store") s" -
row "diff with itself" "$(seconds 3 "$audit" db diff "$in/all.store" "$in/all.store") s" -
echo
echo "records alone:      $(clean "$lookups" "$in/all.store" "$pins" 300)"
echo "records and scores: $(clean "$lookups" "$in/full.store" "$pins" 300)"

if command -v valgrind >/dev/null; then
    instructions() { # store count
        ONCE=1 valgrind --tool=callgrind --callgrind-out-file=/dev/null "$lookups" "$1" "$pins" "$2" 2>&1 |
            sed -n 's/^.*Collected : *//p'
    }
    echo
    for store in all full; do
        open=$(instructions "$in/$store.store" 0)
        asked=$(instructions "$in/$store.store" 300)
        row "instructions, $store.store: start and open" "$open" -
        row "instructions, $store.store: 300 look-ups" "$((asked - open))" -
    done
else
    echo "valgrind is missing: instructions were not counted"
fi
exit $failed
