"""Through which door a change came: kept with every event."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

CHANNELS = ("page", "api", "cli", "import", "job", "sample", "connection")
_channel: ContextVar[str] = ContextVar("tandem_channel", default="page")


def current() -> str:
    return _channel.get()


@contextmanager
def through(name: str) -> Iterator[None]:
    """Everything done inside is recorded as coming through ``name``."""
    if name not in CHANNELS:
        raise ValueError(f"unknown channel {name!r}")
    token = _channel.set(name)
    try:
        yield
    finally:
        _channel.reset(token)
