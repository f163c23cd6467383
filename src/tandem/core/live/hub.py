"""One poller in each process, and the open streams it tells."""

import asyncio
import contextlib
import json
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

from django.db import connections, transaction

from tandem.core.live import presence
from tandem.core.live.outbox import Hint, Reader, wanted
from tandem.core.live.pulses import Beat, PulseReader
from tandem.core.models import Event

log = logging.getLogger(__name__)
Result = TypeVar("Result")

#: Seconds between two looks at the events, while anybody listens.
PAUSE: Final = 0.25
#: Seconds between being woken and looking.
GATHER: Final = 0.02
#: Hints that wait for a slow reader; one more, and it is sent away to come again.
MOST_WAITING: Final = 200
#: Tells a page to ask for everything it shows.
RESYNC: Final = b'data: {"kind": "resync"}\n\n'

#: Streams never take a thread of the pages' work, and their few questions few connections.
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="live")


async def aside(work: Callable[..., Result], *given: Any) -> Result:
    """Run database work in a thread, and give its connection back."""

    def done() -> Result:
        try:
            return work(*given)
        finally:
            for each in connections.all(initialized_only=True):
                each.close()

    return await asyncio.get_running_loop().run_in_executor(_threads, done)


class Subscriber:
    """One open stream: what it asked for, and what waits to be written."""

    def __init__(self, product_id: int, streams: frozenset[str], member_id: int = 0) -> None:
        self.member_id = member_id
        #: Its row of who is here, when it says where it is.
        self.line = ""
        self.product_id = product_id
        self.streams = streams
        self.waiting: asyncio.Queue[bytes] = asyncio.Queue(MOST_WAITING)
        self.last = 0
        #: Too slow: it is ended, and its page comes again from where it was.
        self.behind = False

    def tell(self, hint: Hint) -> None:
        if hint.id > self.last and wanted(hint, self.streams):
            self.put(hint.frame())

    def hear(self, beat: Beat) -> None:
        if beat.member_id is not None and beat.member_id != self.member_id:
            return
        if beat.product_id is not None and beat.product_id != self.product_id:
            return
        told = {"kind": beat.kind, "id": beat.object_id}
        self.put(f"data: {json.dumps(told)}\n\n".encode())

    def put(self, frame: bytes) -> None:
        try:
            self.waiting.put_nowait(frame)
        except asyncio.QueueFull:
            self.behind = True


class Hub:
    """The subscribers of this process, and the poller that runs while there are any."""

    def __init__(self, pause: float = PAUSE) -> None:
        self.pause = pause
        self._by_product: dict[int, set[Subscriber]] = defaultdict(set)
        self._poller: asyncio.Task[None] | None = None
        self._woken: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._reader: _Both | None = None
        self._beaten = time.monotonic()

    @property
    def size(self) -> int:
        return sum(len(each) for each in self._by_product.values())

    async def add(self, subscriber: Subscriber) -> None:
        if self._reader is None:
            # Before the stream catches up with the past, so that nothing falls in between.
            self._reader = await aside(_Both)
        self._by_product[subscriber.product_id].add(subscriber)
        if self._poller is None or self._poller.done():
            self._loop, self._woken = asyncio.get_running_loop(), asyncio.Event()
            self._poller = asyncio.create_task(self._poll())

    def remove(self, subscriber: Subscriber) -> None:
        left = self._by_product[subscriber.product_id]
        left.discard(subscriber)
        if not left:
            del self._by_product[subscriber.product_id]
        if not self._by_product and self._poller is not None:
            self._poller.cancel()
            self._poller = self._reader = self._loop = None

    def wake(self) -> None:
        """Look now: this process has just committed an event. Called from any thread."""
        loop, woken = self._loop, self._woken
        if loop is None or woken is None:
            return
        with contextlib.suppress(RuntimeError):  # the loop has just been closed
            loop.call_soon_threadsafe(woken.set)

    async def _poll(self) -> None:
        while True:
            reader, woken = self._reader, self._woken
            if reader is None or woken is None:
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(woken.wait(), self.pause)
                # What is committed in the same moment is read together.
                await asyncio.sleep(GATHER)
            woken.clear()
            try:
                await self._sign_of_life()
                hints, overrun, beats = await aside(reader.read)
            except Exception:
                # A database that is away for a moment: the streams stay and go on afterwards.
                log.exception("could not read the events for live updates")
                await asyncio.sleep(5)
                continue
            self.tell(hints, overrun)
            self.hear(beats)

    async def _sign_of_life(self) -> None:
        now = time.monotonic()
        if now - self._beaten < presence.BEAT:
            return
        self._beaten = now
        lines = [each.line for some in self._by_product.values() for each in some if each.line]
        if lines:
            await aside(presence.beat, lines)

    def tell(self, hints: list[Hint], overrun: bool) -> None:
        if overrun:
            for each in [one for some in self._by_product.values() for one in some]:
                each.put(RESYNC)
            return
        for hint in hints:
            for each in self._by_product.get(hint.product_id or 0, ()):
                each.tell(hint)

    def hear(self, beats: Sequence[Beat]) -> None:
        for beat in beats:
            for some in self._by_product.values():
                for each in some:
                    each.hear(beat)


class _Both:
    """Events and pulses, read together."""

    def __init__(self) -> None:
        self._events, self._pulses = Reader(), PulseReader()

    def read(self) -> tuple[list[Hint], bool, list[Beat]]:
        return *self._events.read(), self._pulses.read()


hub = Hub()


def announce(events: Sequence[Event]) -> None:
    """Follow ``core.events``: what this process commits is told at once, without waiting for the
    next look."""
    if events and hub.size:
        transaction.on_commit(hub.wake)
