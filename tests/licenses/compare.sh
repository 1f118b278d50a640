#!/usr/bin/env bash
# What `audit licenses` and pip-licenses say of one environment: the packages of fixtures/projects/webshop, installed.
# Writes docs/licenses-compared.md. Needs an index to install from; nothing of the packages is run but pip's installer.
#
#     tests/licenses/compare.sh [PROGRAM]
set -euo pipefail
cd "$(dirname "$0")/../.."

program=$(realpath "${1:-target/release/audit}")
work=target/licenses-compared
mkdir -p "$work"
"$program" graph --format json fixtures/projects/webshop/poetry.lock >"$work/graph.json" || true
python3 - "$work/graph.json" >"$work/pins.txt" <<'PY'
import json, sys
pins = {}
for file in json.load(open(sys.argv[1]))["inputs"]:
    if file["kind"] == "poetry.lock":
        for package in file["packages"]:
            # Of two versions for two Pythons the newer one.
            pins[package["name"]] = max(pins.get(package["name"], ""), package["version"] or "")
print("\n".join(f"{name}=={version}" for name, version in sorted(pins.items()) if version))
PY
[ -x "$work/env/bin/python" ] || python3 -m venv --without-pip "$work/env"
[ -x "$work/tool/bin/pip-licenses" ] || { python3 -m venv "$work/tool" && "$work/tool/bin/pip" install --quiet pip-licenses; }
python3 -m pip --python "$work/env/bin/python" install --quiet --no-deps --only-binary :all: -r "$work/pins.txt"
"$work/tool/bin/pip-licenses" --python "$work/env/bin/python" --from=mixed --format=json >"$work/theirs.json"
"$program" licenses --no-config --root "$work" --format json "$work/env" >"$work/ours.json"
python3 tests/licenses/compare.py "$work/theirs.json" "$work/ours.json" "$("$work/tool/bin/pip-licenses" --version)" >docs/licenses-compared.md
