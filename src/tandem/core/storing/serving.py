"""Giving bytes to a browser so that nothing in them can do anything."""

from collections.abc import AsyncIterator, Iterator
from urllib.parse import quote

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase

from tandem.core.storing import store

#: Even a picture opened alone may load, run and send nothing, and no page may frame it.
POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


def served(
    request: HttpRequest, *, key: str, name: str, media: str, size: int, etag: str, inline: bool
) -> HttpResponseBase:
    """The bytes: ``inline`` for pictures alone, all else to be saved. Whoever calls this has asked
    whether the person may see them; no cache keeps them without asking again."""
    response: HttpResponseBase
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    elif request.method == "HEAD":
        response = HttpResponse(content_type=media)
        response["Content-Length"] = str(size)
    else:
        response = StreamingHttpResponse(_blocks(request, key), content_type=media)
        response["Content-Length"] = str(size)
    if media.startswith("text/") and "Content-Type" in response:
        response["Content-Type"] = f"{media}; charset=utf-8"
    response["ETag"] = etag
    response["Content-Disposition"] = disposition(name, inline=inline)
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"
    return response


def _blocks(request: HttpRequest, key: str) -> Iterator[bytes] | AsyncIterator[bytes]:
    """Under ASGI one after the other: a plain iterator would be read whole before the first byte."""
    blocks = store().read(key)
    return _one_by_one(blocks) if isinstance(request, ASGIRequest) else blocks


async def _one_by_one(blocks: Iterator[bytes]) -> AsyncIterator[bytes]:
    step = sync_to_async(lambda: next(blocks, b""), thread_sensitive=False)
    while block := await step():
        yield block


def disposition(name: str, *, inline: bool) -> str:
    plain = "".join(
        letter if " " <= letter < "\x7f" and letter not in '"\\%' else "_" for letter in name
    )
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
