"""No secret in a tracked file: detect-secrets, against what .secrets.baseline knows as made up.

``--renew`` writes the baseline anew: look first whether what was found is a test's or an example.
Lines may move; what counts is the file and the fingerprint of the words.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from detect_secrets.core import scan
from detect_secrets.filters.heuristic import is_indirect_reference
from detect_secrets.plugins.base import RegexBasedDetector
from detect_secrets.plugins.keyword import DENYLIST, KeywordDetector
from detect_secrets.settings import default_settings

BASELINE = Path(".secrets.baseline")
#: Lock files hold a fingerprint a line; pictures hold no words.
WITHOUT = re.compile(r"^(package-lock\.json|requirements/|\.secrets\.baseline$)|\.(png|svg|ico)$")
#: Part of every pattern of its detector of keywords, and much quicker than they are.
KEYWORD = re.compile("|".join(DENYLIST), re.IGNORECASE)
_scan_line = scan._scan_line


def scan_line(plugin: Any, filename: str, line: str, **named: Any) -> Iterable[Any]:
    """What detect-secrets finds in a line, quicker: it asks each detector through the signatures of
    all that could be asked, and of every line first whether it only tells where a secret is."""
    if isinstance(plugin, RegexBasedDetector):
        seen = any(each.search(line) for each in plugin.denylist)
    elif isinstance(plugin, KeywordDetector):
        seen = KEYWORD.search(line) is not None
    else:
        seen = bool(plugin.analyze_line(filename=filename, line=line, **named))
    if not seen or is_indirect_reference(line):
        return ()
    return _scan_line(plugin, filename, line, **named)


scan._scan_line = scan_line


def found_in(name: str) -> list[dict[str, str]]:
    with default_settings() as settings:
        settings.disable_filters(
            # Asks nobody whether a secret is one that works.
            "detect_secrets.filters.common.is_ignored_due_to_verification_policies",
            # `scan_line` does.
            "detect_secrets.filters.heuristic.is_indirect_reference",
        )
        rows = [
            {
                "file": name,
                "kind": each.type,
                "hash": each.secret_hash,
                "line": str(each.line_number),
            }
            for each in scan.scan_file(name)
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
