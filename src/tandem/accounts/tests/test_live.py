"""Live updates: who is let in, what is told, and how a stream goes on where it stopped."""

import asyncio
import json

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tandem.accounts.models import Workspace
from tandem.accounts.operations import member_end
from tandem.accounts.tests.world import make_world
from tandem.core import events
from tandem.core.forgetting import forget
from tandem.core.live import presence, pulse
from tandem.core.live.endpoint import live
from tandem.core.live.hub import MOST_WAITING, Hub, Subscriber, aside
from tandem.core.live.outbox import Hint, Reader, newest, since
from tandem.core.models import Event, Presence

pytestmark = pytest.mark.django_db(transaction=True)
#: Patience with a slow machine; nothing waits so long when it works.
SECONDS = 30


@pytest.fixture
def world():
    return make_world()


class Line:
    """A browser's open stream."""

    def __init__(self, world, member, query="on=product", path=None, method="GET", **more):
        cookie = b""
        if member is not None:
            client = Client()
            client.force_login(member.user)
            cookie = f"sessionid={client.cookies[settings.SESSION_COOKIE_NAME].value}".encode()
        headers = [(b"host", b"testserver"), (b"cookie", cookie)]
        headers += [(name.replace("_", "-").encode(), value) for name, value in more.items()]
        self.scope = {
            "type": "http",
            "method": method,
            "path": path or world.address("live/"),
            "query_string": query.encode(),
            "headers": headers,
        }
        self.told: asyncio.Queue = asyncio.Queue()
        self.left = asyncio.Event()
        self.status = 0
        self.closed = False

    async def receive(self):
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        if message["type"] == "http.response.start":
            self.status = message["status"]
        elif message["more_body"]:
            for frame in message["body"].decode().split("\n\n"):
                if frame:
                    await self.told.put(frame)
        else:
            self.closed = True

    async def next(self):
        """The next hint, past pings and the line that says when to come again."""
        while True:
            frame = await asyncio.wait_for(self.told.get(), SECONDS)
            if "data: " in frame:
                return json.loads(frame.partition("data: ")[2])


async def nothing(scope, receive, send):
    await send({"type": "http.response.start", "status": 299, "headers": []})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def followed(line, act, hub=None, **more):
    """Run the stream while ``act`` plays."""

    async def run():
        app = live(nothing, hub or Hub(0.01), **more)
        open_ = asyncio.create_task(app(line.scope, line.receive, line.send))
        await act()
        line.left.set()
        await asyncio.wait_for(open_, SECONDS)

    asyncio.run(run())


def status_of(line):
    async def wait():
        while not line.status:
            await asyncio.sleep(0)

    followed(line, wait)
    return line.status


def happen(world, verb="item.updated", obj=None, by=None):
    return events.record(by=by or world.owner, verb=verb, obj=obj or world.product,
                         product_id=world.product.pk, changes={"title": ["a", "secret words"]})  # fmt: skip


class TestTheDoor:
    def test_a_member_comes_in_and_nobody_else(self, world):
        assert status_of(Line(world, world.viewer)) == 200
        assert status_of(Line(world, None)) == 401
        assert status_of(Line(world, world.outsider)) == 404
        member_end(by=world.admin, member=world.viewer)
        assert status_of(Line(world, world.viewer)) == 404

    def test_without_the_second_factor_that_is_asked_for_nobody_comes_in(self, world):
        Workspace.objects.update(second_factor_required=True)
        assert status_of(Line(world, world.owner)) == 403

    @pytest.mark.parametrize(
        ("query", "status"),
        [("", 404), ("on=moon:1", 404), ("on=item:x", 404), ("on=product&after=x", 200)],
    )
    def test_only_known_streams_are_followed(self, world, query, status):
        assert status_of(Line(world, world.owner, query)) == status

    def test_another_address_is_the_applications(self, world):
        assert status_of(Line(world, world.owner, path="/w/skerry/FERRY/lively/")) == 299
        assert status_of(Line(world, world.owner, method="POST")) == 405
        strange = Line(world, world.owner)
        strange.scope["headers"][0] = (b"host", b"evil.example")
        assert status_of(strange) == 400


class TestTheStream:
    def test_it_tells_what_happened_to_which_row_and_no_value(self, world):
        line = Line(world, world.viewer)

        async def act():
            await asyncio.wait_for(line.told.get(), SECONDS)
            event = await aside(happen, world)
            told = await line.next()
            assert told == {
                "kind": "product",
                "id": world.product.pk,
                "verb": "item.updated",
                "by": world.owner.pk,
            }
            assert event.pk

        followed(line, act)
        assert line.closed

    def test_it_tells_nothing_of_another_product_or_row(self, world):
        line = Line(world, world.viewer)

        async def act():
            await asyncio.wait_for(line.told.get(), SECONDS)
            await aside(
                lambda: events.record(by=world.outsider, verb="item.updated",
                                      obj=world.foreign_product, product_id=world.foreign_product.pk)
            )  # fmt: skip
            await aside(happen, world, "item.moved")
            assert (await line.next())["verb"] == "item.moved"

        followed(line, act)

    def test_it_goes_on_after_the_last_event_that_was_told(self, world):
        first, second = happen(world), happen(world, "item.moved")
        line = Line(world, world.viewer, last_event_id=str(first.pk).encode())

        async def act():
            assert (await line.next())["verb"] == "item.moved"
            await aside(happen, world, "item.deleted")
            assert (await line.next())["verb"] == "item.deleted"

        followed(line, act)
        assert second.pk

    def test_who_missed_much_is_told_to_ask_for_everything(self, world):
        before = newest()
        events.record_many(
            events.build(by=world.owner, verb="item.updated", obj=world.product,
                         product_id=world.product.pk) for _ in range(101)
        )  # fmt: skip
        line = Line(world, world.viewer, f"on=product&after={before}")

        async def act():
            assert await line.next() == {"kind": "resync"}

        followed(line, act)

    def test_it_ends_when_the_member_is_none_any_more(self, world):
        line = Line(world, world.viewer)

        async def act():
            await asyncio.wait_for(line.told.get(), SECONDS)
            await aside(lambda: member_end(by=world.admin, member=world.viewer))
            while not line.closed:
                await asyncio.sleep(0)

        followed(line, act, ping=0.01, check=0.0)

    def test_a_quiet_line_is_pinged(self, world):
        line = Line(world, world.viewer)

        async def act():
            while not (await asyncio.wait_for(line.told.get(), SECONDS)).startswith(": ping"):
                pass

        followed(line, act, ping=0.01)

    def test_nobody_is_left_in_the_hub_when_the_browser_is_gone(self, world):
        hub, line = Hub(0.01), Line(world, world.viewer)

        async def act():
            await asyncio.wait_for(line.told.get(), SECONDS)
            assert hub.size == 1

        followed(line, act, hub)
        assert hub.size == 0


def test_a_slow_reader_is_sent_away_instead_of_filling_the_memory(world):
    async def run():
        subscriber = Subscriber(1, frozenset({"product"}))
        for number in range(1, MOST_WAITING + 3):
            subscriber.tell(Hint(number, 1, "item", 1, "item.updated", None))
        assert subscriber.behind
        assert subscriber.waiting.qsize() == MOST_WAITING

    asyncio.run(run())


def test_the_reader_gives_each_event_once_and_those_that_commit_late(world, monkeypatch):
    reader = Reader()
    monkeypatch.setattr(reader, "_late", 3600.0)
    late, early = happen(world), happen(world)
    # As on PostgreSQL: the one with the lower number is not there yet.
    forget(Event.objects.filter(pk=late.pk))
    assert [each.id for each in reader.read()[0]] == [early.pk]
    late.pk, late._state.adding = early.pk - 1, True
    late.save()
    assert [each.id for each in reader.read()[0]] == [late.pk]
    assert reader.read() == ([], False)


def test_only_the_streams_asked_for_are_caught_up_with(world):
    before = newest()
    happen(world)
    happen(world, "model.renamed", obj=world.product)
    assert len(since(world.product.pk, {"product"}, before, 10)) == 2
    assert since(world.product.pk, {"item:1"}, before, 10) == []


class TestWhoIsHere:
    def here(self, world, member, place="backlog"):
        return world.client(member).get(world.address("here/"), {"at": place}).content.decode()

    def test_who_looks_at_the_same_place_is_shown_until_they_leave(self, world):
        line = Line(world, world.technical, "on=product&here=backlog")

        async def act():
            await asyncio.wait_for(line.told.get(), SECONDS)
            shown = await aside(self.here, world, world.owner)
            assert f"{world.technical.name} is here" in shown
            assert world.technical.name not in await aside(self.here, world, world.owner, "board")
            alone = await aside(self.here, world, world.technical)
            assert "is here" not in alone

        followed(line, act)
        assert "is here" not in self.here(world, world.owner)

    def test_a_process_that_died_leaves_nobody_behind(self, world):
        presence.enter(world.technical.pk, world.product.pk, "board")
        assert "is here" in self.here(world, world.owner, "board")
        Presence.objects.update(seen_at=timezone.now() - presence.GONE)
        assert "is here" not in self.here(world, world.owner, "board")

    def test_somebody_who_comes_is_told_to_the_product_and_a_notice_to_its_member_alone(
        self, world
    ):
        line = Line(world, world.viewer, "on=me")

        async def act():
            await asyncio.wait_for(line.told.get(), SECONDS)
            await aside(lambda: pulse("notice", member_id=world.owner.pk))
            await aside(presence.enter, world.owner.pk, world.product.pk, "board")
            assert await line.next() == {"kind": "presence", "id": 0}
            await aside(lambda: pulse("notice", member_id=world.viewer.pk))
            assert await line.next() == {"kind": "notice", "id": 0}

        followed(line, act)

    def test_a_place_that_is_not_followed_is_nobodys(self, world):
        answer = world.client(world.owner).get(world.address("here/"), {"at": "item:1"})
        assert answer.status_code == 404


def test_a_stream_whose_session_ended_says_so_before_it_ends(world):
    line = Line(world, world.viewer)
    told = []

    async def act():
        await asyncio.wait_for(line.told.get(), SECONDS)
        await aside(lambda: Session.objects.all().delete())
        while not line.closed:
            await asyncio.sleep(0)
        while not line.told.empty():
            told.append(line.told.get_nowait())

    followed(line, act, ping=0.01, check=0.0)
    assert told[-1] == 'event: over\ndata: {"why": "signed-out"}'
