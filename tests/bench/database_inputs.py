"""Makes the inputs of database.sh: a zip of 20,000 OSV records, and EPSS scores for 300,000 CVE ids.

    python3 tests/bench/database_inputs.py advisory-db FOLDER [ALL_ZIP]

Records are those of ALL_ZIP, with prose, else those of advisory-db, facts only; the rest are the same again with ids of
their own. The same input gives the same bytes.
"""

import json
import sys
import zipfile
from pathlib import Path

COUNT = 20_000
DAY = (2026, 11, 1, 0, 0, 0)


def records(facts, archive):
    if archive:
        with zipfile.ZipFile(archive) as whole:
            return [json.loads(whole.read(name)) for name in sorted(whole.namelist())]
    lines = (line for file in sorted(Path(facts).glob("*.jsonl")) for line in file.read_text().splitlines())
    return [json.loads(line) for line in lines]


facts, folder, *archive = sys.argv[1:]
folder = Path(folder)
folder.mkdir(parents=True, exist_ok=True)
found = records(facts, archive[0] if archive else None)
with zipfile.ZipFile(folder / "records.zip", "w", zipfile.ZIP_DEFLATED) as out:
    for number in range(COUNT):
        record = dict(found[number % len(found)])
        if number >= len(found):
            record["id"] = f"{record['id']}-again-{number}"
        out.writestr(zipfile.ZipInfo(f"{record['id']}.json", DAY), json.dumps(record), zipfile.ZIP_DEFLATED)
with open(folder / "epss_scores-2026-11-01.csv", "w") as out:
    out.write("#model_version:v2025.03.14,score_date:2026-11-01T00:00:00+0000\ncve,epss,percentile\n")
    for number in range(300_000):
        out.write(f"CVE-{1999 + number % 27}-{number // 27 + 1:04},0.{number % 99_999:05},0.{number % 99_991:05}\n")
print(f"{len(found)} records, {COUNT} in the zip, {'with prose' if archive else 'facts only'}")
