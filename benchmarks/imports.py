"""How fast a Jira export is imported, and whether memory grows with the file.

Each size runs as a person would run it: one ``tandem import`` on an empty data folder. A tenth of
the rows has a parent, and blocks another. ``memory_ratio`` is the last size's peak by the first's.

``--form csv`` (the usual one) writes the CSV of all fields; ``--form json`` answers of the REST API,
a hundred issues each, where every issue brings two changes of its status.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench_common import data_folder, told

HEAD = (
    "Summary,Issue key,Issue id,Issue Type,Status,Project key,Created,Updated,Labels,Description,"
    "Custom field (Story Points),Status Category,Parent key,Outward issue link (Blocks)\n"
)
#: What a program needs anyhow is there with the first; four times as many rows may add nothing.
SIZES = (50_000, 200_000)
#: Runs the command and prints its peak memory and processor time on a last line of standard error.
RUN = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_maxrss, used.ru_utime + used.ru_stime, file=sys.stderr)
sys.exit(code)
"""


ZONE = ".000+0000"


def write_csv(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        for number in range(1, rows + 1):
            linked = f"BIG-{number - 4},BIG-{number - 1}" if number % 10 == 5 else ","
            file.write(
                f"Item {number},BIG-{number},{number},Story,To Do,BIG,10/Jan/26 9:00 AM,"
                f'11/Jan/26 9:00 AM,label {number % 20},"Text of item {number}\n'
                f'with *wiki* markup and a second line",{number % 8 + 1},To Do,{linked}\n'
            )


def write_json(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        for start in range(1, rows + 1, 100):
            numbers = range(start, min(start + 100, rows + 1))
            answer = {
                "names": {"customfield_10044": "Story Points"},
                "issues": [issue(number) for number in numbers],
            }
            file.write(json.dumps(answer) + "\n")


def issue(number: int) -> dict[str, Any]:
    """As the REST API gives one, without the fields that stay empty."""
    person = {"accountId": f"5b10-{number % 40}", "displayName": f"Person {number % 40}"}
    fields: dict[str, Any] = {
        "summary": f"Item {number}",
        "issuetype": {"name": "Story", "hierarchyLevel": 0},
        "status": {"name": "Doing", "statusCategory": {"key": "indeterminate"}},
        "created": f"2026-01-10T09:00:00{ZONE}",
        "updated": f"2026-01-11T09:00:00{ZONE}",
        "labels": [f"label {number % 20}"],
        "assignee": person,
        "reporter": person,
        "description": f"Text of item {number}\nwith *wiki* markup and a second line",
        "customfield_10044": number % 8 + 1,
        "comment": {"total": 0, "comments": []},
    }
    if number % 10 == 5:
        kind = {"name": "Blocks", "outward": "blocks"}
        fields["parent"] = {"key": f"BIG-{number - 4}"}
        fields["issuelinks"] = [{"type": kind, "outwardIssue": {"key": f"BIG-{number - 1}"}}]
    moves = (("Backlog", "To Do"), ("To Do", "Doing"))
    histories = [
        {
            "id": f"{number}{day}",
            "author": person,
            "created": f"2026-01-1{day}T09:00:00{ZONE}",
            "items": [{"field": "status", "fromString": before, "toString": after}],
        }
        for day, (before, after) in enumerate(moves)
    ]
    return {
        "id": str(number),
        "key": f"BIG-{number}",
        "self": f"https://big.test/rest/api/2/issue/{number}",
        "changelog": {"total": len(histories), "histories": histories},
        "fields": fields,
    }


WRITERS = {"csv": write_csv, "json": write_json}


def measure(rows: int, form: str) -> dict[str, float | int]:
    folder = data_folder()
    path = folder / f"jira.{form}"
    WRITERS[form](path, rows)
    words = ["-m", "tandem", "import", f"jira-{form}", str(path), "--product", "BIG"]
    environment = {**os.environ, "TANDEM_DATA": str(folder), "TANDEM_UPLOAD_MB": "4096"}
    subprocess.run([sys.executable, "-m", "tandem", "user", "list"], env=environment, check=True)
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", RUN, sys.executable, *words, "--json"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    seconds = time.perf_counter() - start
    answer = json.loads(done.stdout)
    peak, processor = done.stderr.split()[-2:]
    assert answer["created"] == rows, answer
    return {
        "rows": rows,
        "file_mb": path.stat().st_size / 1024 / 1024,
        "seconds": seconds,
        "rows_per_second": rows / seconds,
        "processor_seconds": float(processor),
        "peak_mb": int(peak) / 1024,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--form", choices=WRITERS, default="csv", help="of the export")
    wanted = parser.parse_args()
    runs = [measure(rows, wanted.form) for rows in wanted.sizes]
    told(
        wanted.json,
        {
            "runs": runs,
            "memory_ratio": runs[-1]["peak_mb"] / runs[0]["peak_mb"],
            "rate_ratio": runs[-1]["rows_per_second"] / runs[0]["rows_per_second"],
        },
    )


if __name__ == "__main__":
    main()
