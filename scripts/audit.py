"""Known holes in what Tandem is built from: pip-audit and npm audit on the lock files.

A hole fails. Whoever answers about holes may be out of reach: then nothing was audited, which is
said in so many words and fails only where ``TANDEM_AUDIT=required``.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Audit:
    """``holes``: what is known; ``missed``: how many packages nobody answered about, and why."""

    name: str
    holes: Sequence[str] = ()
    missed: str = ""


def python_audit(out: str, err: str) -> Audit:
    """What ``pip-audit --format json`` tells; without an answer it says so on its other channel."""
    try:
        told: list[dict[str, Any]] = json.loads(out)["dependencies"]
    except (json.JSONDecodeError, KeyError):
        return Audit("Python packages", missed=_last_line(err))
    holes = [
        f"{each['name']} {each['version']}: {hole['id']}"
        + (f", mended in {', '.join(hole['fix_versions'])}" if hole["fix_versions"] else "")
        for each in told
        for hole in each.get("vulns", [])
    ]
    skipped = [each["skip_reason"] for each in told if "skip_reason" in each]
    missed = f"{len(skipped)} of {len(told)}: {skipped[0]}" if skipped else ""
    return Audit("Python packages", holes, missed)


def node_audit(out: str, err: str) -> Audit:
    """What ``npm audit --json`` tells."""
    try:
        told: dict[str, Any] = json.loads(out)["vulnerabilities"]
    except (json.JSONDecodeError, KeyError):
        return Audit("front-end packages", missed=_last_line(err))
    grave = {name: each for name, each in told.items() if each["severity"] in ("high", "critical")}
    return Audit(
        "front-end packages", [f"{name}: {each['severity']}" for name, each in grave.items()]
    )


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    lines = [line for line in lines if "complete log of this run" not in line]
    return lines[-1][:200] if lines else "no answer"


def report(audits: Sequence[Audit], *, required: bool) -> int:
    """Say what was found; the exit code."""
    for each in audits:
        for hole in each.holes:
            print(f"   HOLE in {each.name}: {hole}")
        if each.missed:
            print(f"!! NOT AUDITED: {each.name} ({each.missed}).")
        elif not each.holes:
            print(f"   {each.name}: no known hole")
    missed = any(each.missed for each in audits)
    return 1 if any(each.holes for each in audits) or (missed and required) else 0


def run(command: list[str]) -> tuple[str, str]:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return "", f"{command[0]}: {type(error).__name__}"
    return done.stdout, done.stderr


def main() -> int:
    pip_audit = str(Path(sys.executable).parent / "pip-audit")
    lock = ["--disable-pip", "--require-hashes", "-r", "requirements/dev.txt"]
    asked = [pip_audit, *lock, "--format", "json", "--progress-spinner", "off", "--timeout", "10"]
    audits = [
        python_audit(*run(asked)),
        node_audit(*run(["npm", "audit", "--json"])),
    ]
    return report(audits, required=os.environ.get("TANDEM_AUDIT") == "required")


if __name__ == "__main__":
    sys.exit(main())
