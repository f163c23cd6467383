"""How fast a Jira CSV is imported, and whether memory grows with the file.

Each size runs as a person would run it: one ``tandem import`` on an empty data folder. A tenth of
the rows has a parent, and blocks another. ``memory_ratio`` is the last size's peak by the first's.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from bench_common import arguments, data_folder, told

HEAD = (
    "Summary,Issue key,Issue id,Issue Type,Status,Project key,Created,Updated,Labels,Description,"
    "Custom field (Story Points),Status Category,Parent key,Outward issue link (Blocks)\n"
)
#: What a program needs anyhow is there with the first; four times as many rows may add nothing.
SIZES = (50_000, 200_000)
#: Runs the command and prints its peak memory on a last line of standard error.
RUN = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code)
"""


def write(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        for number in range(1, rows + 1):
            linked = f"BIG-{number - 4},BIG-{number - 1}" if number % 10 == 5 else ","
            file.write(
                f"Item {number},BIG-{number},{number},Story,To Do,BIG,10/Jan/26 9:00 AM,"
                f'11/Jan/26 9:00 AM,label {number % 20},"Text of item {number}\n'
                f'with *wiki* markup and a second line",{number % 8 + 1},To Do,{linked}\n'
            )


def measure(rows: int) -> dict[str, float | int]:
    folder = data_folder()
    write(folder / "jira.csv", rows)
    words = ["-m", "tandem", "import", "jira-csv", str(folder / "jira.csv"), "--product", "BIG"]
    environment = {**os.environ, "TANDEM_DATA": str(folder)}
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
    assert answer["created"] == rows, answer
    return {
        "rows": rows,
        "seconds": seconds,
        "rows_per_second": rows / seconds,
        "peak_mb": int(done.stderr.split()[-1]) / 1024,
    }


def main() -> None:
    wanted = arguments(__doc__ or "", SIZES)
    runs = [measure(rows) for rows in wanted.sizes]
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
