"""``/w/<workspace>/<product>/live/?on=…``: a stream of server-sent events, answered before Django.

Django's own handler keeps a thread and a database connection for as long as an answer lasts; a
stream lasts for hours. Here the session is looked up aside, and nothing is held afterwards.
"""

import asyncio
import contextlib
import io
import logging
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.core.handlers.asgi import ASGIRequest

from tandem.core.live import presence
from tandem.core.live.hub import RESYNC, Hub, Subscriber, aside, hub
from tandem.core.live.outbox import read_query, since
from tandem.core.live.streams import Admitted, Refusal, admit

log = logging.getLogger(__name__)
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

ADDRESS: Final = re.compile(r"^/w/(?P<workspace>[-\w]+)/(?P<product>[A-Z][A-Z0-9]{1,9})/live/$")
#: Something is written at least so often, so that nobody between takes the line for dead.
PING_SECONDS: Final = 20.0
#: So often it is asked again whether the member is still one, and still signed in.
CHECK_SECONDS: Final = 60.0
#: A page that missed more than this asks for everything anew.
MOST_MISSED: Final = 100
HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
]


def live(
    app: App, of: Hub = hub, *, ping: float = PING_SECONDS, check: float = CHECK_SECONDS
) -> App:
    """``app``, with the streams' addresses answered here."""

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        match = ADDRESS.match(scope["path"]) if scope["type"] == "http" else None
        if match is None:
            await app(scope, receive, send)
            return
        await _Stream(scope, receive, send, of, ping, check).run(**match.groupdict())

    return answered


def over(status: int) -> bytes:
    """The stream's last word, when its member may not follow any more: the page says so."""
    why = "signed-out" if status == 401 else "no-access"
    return f'event: over\ndata: {{"why": "{why}"}}\n\n'.encode()


class _Stream:
    def __init__(
        self, scope: Scope, receive: Receive, send: Send, of: Hub, ping: float, check: float
    ) -> None:
        self.scope, self.receive, self.send = scope, receive, send
        self.hub, self.ping, self.check = of, ping, check

    async def run(self, workspace: str, product: str) -> None:
        if self.scope["method"] != "GET":
            await self._end(405)
            return
        asked = read_query(self.scope["query_string"].decode("latin-1"))
        streams = frozenset(asked["streams"])

        def let_in() -> Admitted:
            request = ASGIRequest(dict(self.scope), io.BytesIO())
            request.get_host()
            return admit(request, workspace, product, streams)

        try:
            admitted = await aside(let_in)
        except Refusal as refusal:
            await self._end(refusal.status)
            return
        except (DisallowedHost, RequestDataTooBig, ValueError):
            await self._end(400)
            return
        subscriber = Subscriber(admitted.product_id, streams, admitted.member_id)
        await self.hub.add(subscriber)
        if asked["here"] and presence.is_place(asked["here"], streams):
            subscriber.line = await aside(
                presence.enter, admitted.member_id, admitted.product_id, asked["here"]
            )
        try:
            await self._catch_up(subscriber, self._after(asked["after"]))
            await self._write(subscriber, let_in)
        finally:
            self.hub.remove(subscriber)
            if subscriber.line:
                await aside(presence.leave, subscriber.line)

    def _after(self, asked: int | None) -> int | None:
        """Where the page stands: what it was drawn from, or what it was told last."""
        for name, value in self.scope["headers"]:
            if name == b"last-event-id" and value.isdigit() and len(value) < 19:
                return int(value)
        return asked

    async def _catch_up(self, subscriber: Subscriber, after: int | None) -> None:
        await self.send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        first = [b"retry: 2000\n\n"]
        if after is not None:
            missed = await aside(
                since, subscriber.product_id, subscriber.streams, after, MOST_MISSED
            )
            if len(missed) > MOST_MISSED:
                first.append(RESYNC)
            else:
                first += [each.frame() for each in missed]
            subscriber.last = max([after, *(each.id for each in missed)])
        await self._body(b"".join(first))

    async def _write(self, subscriber: Subscriber, let_in: Callable[[], Admitted]) -> None:
        gone = asyncio.create_task(self._gone())
        checked = time.monotonic()
        try:
            while not gone.done() and not subscriber.behind:
                getting = asyncio.create_task(subscriber.waiting.get())
                await asyncio.wait(
                    {gone, getting}, timeout=self.ping, return_when=asyncio.FIRST_COMPLETED
                )
                frame = getting.result() if getting.done() else b": ping\n\n"
                if not getting.done():
                    getting.cancel()
                if gone.done():
                    break
                if time.monotonic() - checked >= self.check:
                    try:
                        await aside(let_in)
                    except Refusal as refusal:
                        await self._body(over(refusal.status))
                        break
                    checked = time.monotonic()
                await self._body(frame)
        finally:
            gone.cancel()
        with contextlib.suppress(Exception):
            await self.send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _gone(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass

    async def _body(self, body: bytes) -> None:
        await self.send({"type": "http.response.body", "body": body, "more_body": True})

    async def _end(self, status: int) -> None:
        await self.send({"type": "http.response.start", "status": status, "headers": []})
        await self.send({"type": "http.response.body", "body": b"", "more_body": False})
