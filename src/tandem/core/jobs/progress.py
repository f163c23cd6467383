"""How far long work is, told to whoever watches, and whether somebody wants it to stop."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from tandem.core.errors import Refused
from tandem.core.jobs import notes
from tandem_engine.words import kept

#: Seconds between two writes, and between two looks at the wish to stop.
PAUSE = 0.5

_job: ContextVar[int | None] = ContextVar("tandem_job", default=None)


class Cancelled(Refused):
    """Somebody asked the running job to stop; raised where the task looks for it."""

    def __init__(self) -> None:
        super().__init__(_("This was cancelled. Nothing was changed."))


@dataclass(frozen=True)
class Progress:
    """``done`` of ``total`` (0: not known yet), and a word on what is going on.

    ``made_of`` is what the note consists of, for who puts it into another language.
    """

    done: int
    total: int
    note: str = ""
    made_of: Any = None

    @property
    def percent(self) -> int:
        return 0 if self.total <= 0 else min(100, round(100 * self.done / self.total))


def tell(key: str, progress: Progress) -> None:
    notes.write(key, asdict(progress))


def seen(key: str) -> Progress | None:
    try:
        return Progress(**(notes.read(key) or {}))
    except TypeError:
        return None


def over(key: str) -> None:
    notes.forget(key)


class Teller:
    """Tells at most twice a second: ``tell = Teller("import-12"); tell(500, 100_000, "Reading")``.

    Raises ``Cancelled`` when somebody asked the job to stop, unless it is not ``stoppable``.
    """

    def __init__(self, key: str, *, stoppable: bool = True) -> None:
        self.key = key
        self.stoppable = stoppable
        self._last = -PAUSE

    def __call__(self, done: int, total: int, note: str = "") -> None:
        now = time.monotonic()
        if now - self._last < PAUSE:
            return
        self._last = now
        if self.stoppable:
            check()
        tell(self.key, Progress(done, total, str(note), kept(note)))


def cancelled() -> bool:
    """Whether somebody asked the job that runs here to stop. Costs a look at one note."""
    number = _job.get()
    return number is not None and notes.read(stop_key(number)) is not None


def check() -> None:
    """Raise ``Cancelled`` when somebody asked the job that runs here to stop."""
    if cancelled():
        raise Cancelled


def stop_key(number: int) -> str:
    return f"stop-{number}"


@contextmanager
def of_job(number: int) -> Iterator[None]:
    """Inside, ``cancelled()`` speaks of this job."""
    token = _job.set(number)
    try:
        yield
    finally:
        _job.reset(token)
