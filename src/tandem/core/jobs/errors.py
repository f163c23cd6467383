"""What is kept of a failure: enough to find its cause, no secret, and not without end."""

import re
import traceback

from django.conf import settings

#: Characters of a kept error. The end says what went wrong, so the middle is left out.
MOST = 8_000
HIDDEN = "•••"

_SECRETS = (
    re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"),
    re.compile(r"(?i)(?<=bearer )\S+"),
    re.compile(r"\btdm_\w+"),
    re.compile(
        r"(?i)(?:(?<=password)|(?<=passwd)|(?<=secret)|(?<=token)|(?<=api_key)|(?<=apikey))"
        r"(?P<between>['\"]?\s*[=:]\s*['\"]?)[^\s'\",;&)]+"
    ),
)


def kept(error: BaseException) -> str:
    """The traceback of ``error`` (which holds no values of variables), cleaned and cut."""
    return cleaned("".join(traceback.format_exception(error)))


def cleaned(text: str) -> str:
    for secret in _own_secrets():
        text = text.replace(secret, HIDDEN)
    for pattern in _SECRETS:
        text = pattern.sub(lambda found: found.groupdict().get("between", "") + HIDDEN, text)
    # PostgreSQL's text takes no NUL.
    text = text.replace("\x00", "")
    if len(text) > MOST:
        head = MOST // 4
        text = f"{text[:head]}\n… left out …\n{text[-(MOST - head - 20) :]}"
    return text


def class_of(error: BaseException) -> str:
    kind = type(error)
    return f"{kind.__module__}.{kind.__qualname__}"


def _own_secrets() -> list[str]:
    password = str(settings.DATABASES["default"].get("PASSWORD") or "")
    # A very short password would blank out ordinary words.
    return [each for each in (settings.SECRET_KEY, password) if len(each) >= 6]
