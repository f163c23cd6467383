"""Recorded API answers and the tables another tool made of them, from the folder beside the checkout."""

import csv
import json
import sys
from datetime import datetime
from typing import Any

import pytest

from .reading import REAL_FILES


def table(path: str) -> list[dict[str, str]]:
    file = REAL_FILES / "devlake" / path
    if not file.exists():
        pytest.skip(f"the recorded answers are not beside this checkout ({path})")
    csv.field_size_limit(sys.maxsize)
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def answers(path: str) -> list[Any]:
    """The recorded answers, one for each thing."""
    return [json.loads(row["data"]) for row in table(path)]


def moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
