"""The number under which one request is found in the logs of everything it passed."""

import re
import uuid
from contextvars import ContextVar

HEADER = "X-Request-ID"
_GIVEN = re.compile(r"^[A-Za-z0-9._-]{1,64}$")
_current: ContextVar[str] = ContextVar("tandem_request_id", default="")


def chosen(given: str | None) -> str:
    """What the caller (a proxy) gave, if it is a plain word; else a new one."""
    return given if given and _GIVEN.match(given) else uuid.uuid4().hex


def current() -> str:
    """The request's number, or nothing outside a request."""
    return _current.get()


def use(number: str) -> None:
    _current.set(number)
