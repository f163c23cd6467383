"""No secret in a tracked file: detect-secrets, against what .secrets.baseline knows as made up.

``--renew`` writes the baseline anew: look first whether what was found is a test's or an example.
Lines may move; what counts is the file and the fingerprint of the words.
"""

import json
import re
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from detect_secrets.core.scan import scan_file
from detect_secrets.settings import default_settings

BASELINE = Path(".secrets.baseline")
#: Lock files hold a fingerprint a line; pictures hold no words.
WITHOUT = re.compile(r"^(package-lock\.json|requirements/|\.secrets\.baseline$)|\.(png|svg|ico)$")


def found_in(name: str) -> list[dict[str, str]]:
    with default_settings() as settings:
        # Asks nobody whether a secret is one that works.
        settings.disable_filters(
            "detect_secrets.filters.common.is_ignored_due_to_verification_policies"
        )
        rows = [
            {
                "file": name,
                "kind": each.type,
                "hash": each.secret_hash,
                "line": str(each.line_number),
            }
            for each in scan_file(name)
        ]
    return sorted(rows, key=lambda row: (row["file"], row["kind"], row["hash"]))


def main() -> int:
    listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, check=True)
    names = [each for each in listed.stdout.split("\0") if each and not WITHOUT.search(each)]
    with ProcessPoolExecutor(max_workers=2) as pool:
        found = [
            row
            for rows in pool.map(found_in, filter(_is_there, names), chunksize=40)
            for row in rows
        ]
    if "--renew" in sys.argv:
        kept = [{name: row[name] for name in ("file", "kind", "hash")} for row in found]
        BASELINE.write_text(json.dumps(kept, indent=1) + "\n")
        return 0
    known = {(row["file"], row["hash"]) for row in json.loads(BASELINE.read_text())}
    new = [row for row in found if (row["file"], row["hash"]) not in known]
    for row in new:
        print(f"   {row['file']}:{row['line']}: {row['kind']}")
    if new:
        print(
            "   Take it out and change it where it works; or, made up, scripts/secret_scan.py --renew."
        )
    return 1 if new else 0


def _is_there(name: str) -> bool:
    return Path(name).is_file()


if __name__ == "__main__":
    sys.exit(main())
