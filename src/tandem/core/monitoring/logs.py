"""Log lines for people or for machines, without secrets whoever wrote them."""

import logging
import re

from pythonjsonlogger.json import JsonFormatter

from tandem.core.monitoring import request_id

HIDDEN = "•••"
# What is kept of a line is tested in tests/test_logs.py; a new kind of secret needs a line there.
_SECRETS = (
    # Links that let in.
    re.compile(
        r"(?P<before>/(?:sign-in/link|join|password-link|password|reset|feeds)/)[^/\s?\"'#]{8,}"
    ),
    # Name and password in an address.
    re.compile(r"(?P<before>://)[^/\s:@\"]*:[^/\s@\"]+(?=@)"),
    re.compile(r"(?i)(?P<before>\b(?:bearer|basic) )[^\s\"',;]+"),
    # Our own: API tokens and webhook secrets.
    re.compile(r"(?P<before>\b(?:tdm_|whsec_))[A-Za-z0-9_+/=-]+"),
    re.compile(
        r"(?i)(?P<before>(?:password\w*|passwd|secret\w*|token|csrfmiddlewaretoken|sessionid|"
        r"csrftoken|cookie|api_?key|authorization)\\?[\"']?\s*[=:]\s*\\?[\"']?)"
        r"(?!(?:bearer|basic) )[^\s\"'\\,;&)}]+"
    ),
)


def redacted(text: str) -> str:
    """``text`` without tokens, passwords, cookies and the secret parts of links."""
    for pattern in _SECRETS:
        text = pattern.sub(lambda found: f"{found['before']}{HIDDEN}", text)
    return text


class RequestFilter(logging.Filter):
    """Gives every record the number of the request it belongs to."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.current() or "-"
        return True


class LineFormatter(logging.Formatter):
    """``2026-11-24 10:00:00 INFO tandem.request [4f…] GET … 200``, one line and its traceback."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        if not hasattr(record, "request_id"):
            record.request_id = "-"
        return redacted(super().format(record))


class JsonLineFormatter(JsonFormatter):
    """One JSON object a line, with whatever ``extra`` the record carries."""

    def __init__(self) -> None:
        super().__init__(
            "%(asctime)s %(levelname)s %(name)s %(request_id)s %(message)s",
            rename_fields={"asctime": "at", "levelname": "level", "name": "logger"},
            json_ensure_ascii=False,
        )

    def format(self, record: logging.LogRecord) -> str:
        if not hasattr(record, "request_id"):
            record.request_id = "-"
        # Not left to the base class: it writes the request object's text among the rest.
        for name in ("request", "response", "socket"):
            record.__dict__.pop(name, None)
        return redacted(super().format(record))
