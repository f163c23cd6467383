"""What happens to a request before Django sees it: its scheme, and the size of its body."""

from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings

App = Callable[[Any, Any, Any], Awaitable[None]]
#: What stands around a file in a form.
FRAME = 1024 * 1024
#: So much of a body that is refused is still read, and forgotten.
DRAINED = 256 * FRAME
TOO_BIG = (
    b'{"type": "about:blank", "title": "Too large", "status": 413, '
    b'"detail": "The request is larger than this installation takes (TANDEM_UPLOAD_MB)."}'
)


def by_https(application: App) -> App:
    """The application as people reach it with ``TANDEM_HTTPS``, whatever reached this process.

    Links that are shown, the single sign-on's way back, HSTS, passkeys and the check of where a
    form came from all follow the scheme. It is set, not read from a header: a header can be sent
    by anybody.
    """

    async def answered(scope: Any, receive: Any, send: Any) -> None:
        await application({**scope, "scheme": "https"}, receive, send)

    return answered


def bounded(application: App) -> App:
    """The application with bodies of a bounded size: Django would write a body of any length to
    the disk before it asks who sent it. Whoever shows no key of any kind may send little."""

    async def answered(scope: Any, receive: Any, send: Any) -> None:
        most = _most(scope)
        if _announced(scope) > most:
            await _refuse(send)
            await _drain(receive)
            return
        got = 0
        begun = False

        async def counted() -> Any:
            nonlocal got
            message = await receive()
            got += len(message.get("body", b""))
            if got <= most:
                return message
            if not begun:
                await _refuse(send)
            # To Django the caller has gone: it stops reading and answers nobody.
            return {"type": "http.disconnect"}

        async def noted(message: Any) -> None:
            nonlocal begun
            begun = True
            if got <= most:
                await send(message)

        await application(scope, counted, noted)

    return answered


def _most(scope: Any) -> int:
    known = any(
        name == b"authorization"
        or (name == b"cookie" and settings.SESSION_COOKIE_NAME.encode() in value)
        for name, value in scope["headers"]
    )
    return FRAME + (settings.UPLOAD_LIMIT if known else settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def _announced(scope: Any) -> int:
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return max((int(each) for each in lengths if each.isdigit() and len(each) < 20), default=0)


async def _drain(receive: Any) -> None:
    """Let the caller finish a body that is not too long: a proxy that is cut off while it still
    sends tells its own failure instead of our answer."""
    left = DRAINED
    while left > 0:
        message = await receive()
        left -= len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body"):
            return


async def _refuse(send: Any) -> None:
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(TOO_BIG)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": TOO_BIG})
