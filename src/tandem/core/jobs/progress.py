"""How far long work is, told to whoever watches.

A file in the data folder, not a row: work that changes rows in one transaction could not tell
of itself through the database until it was over.
"""

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class Progress:
    """``done`` of ``total`` (0: not known yet), and a word on what is going on."""

    done: int
    total: int
    note: str = ""

    @property
    def percent(self) -> int:
        return 0 if self.total <= 0 else min(100, round(100 * self.done / self.total))


def _path(key: str) -> Path:
    if not key.replace("-", "").isalnum():
        raise ValueError(f"{key!r} cannot name a progress")
    return Path(settings.DATA) / "progress" / f"{key}.json"


def tell(key: str, progress: Progress) -> None:
    path = _path(key)
    path.parent.mkdir(exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_text(json.dumps(asdict(progress)), encoding="utf-8")
    part.replace(path)


def seen(key: str) -> Progress | None:
    try:
        return Progress(**json.loads(_path(key).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def over(key: str) -> None:
    _path(key).unlink(missing_ok=True)


class Teller:
    """Tells at most every 0.2 seconds: ``tell = Teller("import-12"); tell(500, 100_000, "Reading")``."""

    def __init__(self, key: str) -> None:
        self.key = key
        self._last = 0.0

    def __call__(self, done: int, total: int, note: str = "") -> None:
        now = time.monotonic()
        if now - self._last >= 0.2 or done >= total > 0:
            self._last = now
            tell(self.key, Progress(done, total, note))
