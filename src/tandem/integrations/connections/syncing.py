"""One turn of a connection: the tracker's calls, then what changed there, then what changed here.

Everything can be stopped at any moment and goes on where it was: pages by the cursor, calls and changes by
their rows.
"""

import datetime
import random
import time
from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from tandem.core import channel, events
from tandem.core.importing.record import Record, Refusal
from tandem.core.jobs import progress
from tandem.core.outgoing.client import Client
from tandem.integrations.connections.kinds import remote_of
from tandem.integrations.connections.remote import Gone, Later, Remote, Stopped
from tandem.integrations.connections.secrets import token_of
from tandem.integrations.connections.statuses import suggested
from tandem.integrations.connections.taking import Tracker, taken_in
from tandem.integrations.connections.telling import tell
from tandem.integrations.models import Connection, ConnectionCall, ConnectionState
from tandem.ui.sayings import made_of
from tandem_engine.words import counted, figure, said

#: How often is asked what changed; seldom where the tracker calls by itself.
POLL = datetime.timedelta(minutes=5)
POLL_WHEN_CALLED = datetime.timedelta(hours=1)
CALLED_LATELY = datetime.timedelta(days=1)
#: One job works for so long; what is left is the next job's.
RUN_SECONDS = 40.0
LEASE = datetime.timedelta(minutes=2)
#: Seconds after the first, second, … failure in a row.
WAITS = (30, 60, 300, 900, 1800, 3600)
#: Read again a little: what changes in the same moment may be told a moment later.
OVERLAP = datetime.timedelta(minutes=2)
#: Calls are kept so long, to know a repeated one.
CALLS_KEPT = datetime.timedelta(days=30)

MakeClient = Callable[[], Client]


def client() -> Client:
    return Client(settings.WEBHOOK_ALLOW, total_seconds=30.0)


def wake(connection_id: int, *, at: datetime.datetime) -> None:
    """See to it that a job works on the connection at ``at``; one that comes earlier does as well."""
    from tandem.integrations.tasks import connection_sync

    now = timezone.now()
    later = Q(wake_at=None) | Q(wake_at__lte=now) | Q(wake_at__gt=at)
    rows = Connection.objects.filter(pk=connection_id)
    workspace_id = rows.values_list("product__workspace_id", flat=True).first()
    if workspace_id is not None and rows.filter(later).update(wake_at=at):
        connection_sync.of(workspace_id).using(run_after=at if at > now else None).enqueue(
            connection_id
        )


def sync(connection_id: int, *, make_client: MakeClient = client) -> None:
    """Work on a connection until all is known on both sides, or its time is over."""
    now = timezone.now()
    rows = Connection.objects.filter(pk=connection_id)
    free = Q(working_until=None) | Q(working_until__lt=now)
    if not rows.active().filter(free).update(working_until=now + LEASE, wake_at=None):
        return
    try:
        connection = rows.select_related("product__workspace").get()
        with make_client() as sender:
            _turn(connection, sender)
    finally:
        rows.update(working_until=None)
        progress.over(f"connection-{connection_id}")
    _wake_again(connection_id)


def _turn(connection: Connection, sender: Client) -> None:
    try:
        token = token_of(connection)
        if token is None:
            raise Stopped(
                said("The token cannot be read with this installation's key. Give it again.")
            )
        with channel.through("connection"):
            _Turn(connection, remote_of(connection, token, sender)).work()
    except Later as later:
        _wait(connection, later)
    except Stopped as stop:
        _stop(connection, stop.args[0])
    except Gone as gone:
        _stop(
            connection,
            said(
                "%(gone)s Is the project %(project)s still there?",
                gone=gone.args[0],
                project=connection.project,
            ),
        )


class _Turn:
    def __init__(self, connection: Connection, remote: Remote) -> None:
        self.connection = connection
        self.remote = remote
        self.ends = time.monotonic() + RUN_SECONDS
        self.teller = progress.Teller(connection.progress_key)

    def work(self) -> None:
        connection = self.connection
        if not connection.words:
            _learn_words(connection, self.remote)
        for call in self._calls():
            self._hear(call)
        due = connection.next_at is None or connection.next_at <= timezone.now()
        if connection.cursor or due:
            self._read()
        if not connection.cursor:
            self._tell()
        Connection.objects.filter(pk=connection.pk).update(failures=0, last_error="")

    def over(self) -> bool:
        Connection.objects.filter(pk=self.connection.pk).update(
            working_until=timezone.now() + LEASE
        )
        return time.monotonic() >= self.ends

    def _calls(self) -> list[ConnectionCall]:
        return list(self.connection.calls.filter(done=False).order_by("id")[:200])

    def _hear(self, call: ConnectionCall) -> None:
        """Look at the issue a call named; what it says now counts, however old the call is."""
        if call.number:
            try:
                issue = self.remote.one(call.number)
                taken_in(self.connection, self.remote, self.remote.records([issue]))
            except Gone as gone:
                self.connection.items.filter(number=call.number).update(
                    gone=True, error=str(gone)[:300], said=made_of(gone.args[0])
                )
        ConnectionCall.objects.filter(pk=call.pk).update(done=True)

    def _read(self) -> None:
        """Page by page what changed there, each page with its cursor in one transaction."""
        connection = self.connection
        latest = str(connection.cursor.get("latest", ""))
        done = connection.items.count() if not connection.complete else 0
        while not self.over():
            page = self.remote.page(connection.known_until, connection.cursor)
            entries = list(self.remote.records(page.issues))
            latest = max([latest, *_moments(entries)])
            with transaction.atomic():
                taken_in(connection, self.remote, entries)
                if page.cursor is not None:
                    connection.cursor = {**page.cursor, "latest": latest}
                    connection.save(update_fields=["cursor"])
                else:
                    self._all_read(latest)
            done += len(page.issues)
            self.teller(
                done,
                0,
                counted(
                    "%(number)s issue read",
                    "%(number)s issues read",
                    count=done,
                    number=figure(done, ",.0f"),
                ),
            )
            if page.cursor is None:
                return

    def _all_read(self, latest: str) -> None:
        connection = self.connection
        connection.cursor = {}
        if latest:
            # By the tracker's clock: it may go otherwise than ours.
            connection.known_until = datetime.datetime.fromisoformat(latest) - OVERLAP
        first, connection.complete = not connection.complete, True
        connection.last_sync_at = timezone.now()
        called = (
            connection.last_hook_at and timezone.now() - connection.last_hook_at < CALLED_LATELY
        )
        connection.next_at = timezone.now() + (POLL_WHEN_CALLED if called else POLL)
        connection.save(
            update_fields=["cursor", "known_until", "complete", "last_sync_at", "next_at"]
        )
        if first:
            events.record(
                by=Tracker.of(connection), verb="connection.read", obj=connection,
                product_id=connection.product_id, changes={"items": [None, connection.items.count()]},
            )  # fmt: skip

    def _tell(self) -> None:
        for row in list(
            self.connection.items.filter(waiting=True, gone=False).order_by("id")[:200]
        ):
            if self.over():
                return
            tell(self.connection, self.remote, row)


def _moments(entries: Iterable[tuple[str, Record] | Refusal]) -> list[str]:
    return [
        entry[1].updated.isoformat()
        for entry in entries
        if not isinstance(entry, Refusal) and entry[1].updated
    ]


def _learn_words(connection: Connection, remote: Remote) -> None:
    words = remote.words()
    connection.words = [list(pair) for pair in words]
    connection.inwards, connection.outwards = suggested(connection, words)
    connection.save(update_fields=["words", "inwards", "outwards"])


def _wait(connection: Connection, later: Later) -> None:
    """Come back later; a limit of requests is no failure."""
    seconds = later.seconds
    failed = seconds is None
    if seconds is None:
        seconds = WAITS[min(connection.failures, len(WAITS) - 1)] * random.uniform(0.8, 1.2)  # noqa: S311
    Connection.objects.filter(pk=connection.pk).update(
        last_error=str(later.reason)[:500],
        said=made_of(later.reason),
        failures=F("failures") + int(failed),
        next_at=timezone.now() + datetime.timedelta(seconds=seconds),
    )


@transaction.atomic
def _stop(connection: Connection, reason: str) -> None:
    """Stop until a person mended it. Nothing is lost: what waits, waits."""
    row = Connection.objects.select_for_update().get(pk=connection.pk)
    if not row.is_active:
        return
    row.state, row.state_reason = ConnectionState.STOPPED, str(reason)[:300]
    row.said = made_of(reason)
    row.save(update_fields=["state", "state_reason", "said"])
    events.record(
        by=Tracker.of(connection), verb="connection.stopped", obj=row, product_id=row.product_id,
        changes={"state": [ConnectionState.ACTIVE.value, ConnectionState.STOPPED.value]},
    )  # fmt: skip


def _wake_again(connection_id: int) -> None:
    """When the next turn is due: at once with work left, else at the next look."""
    connection = Connection.objects.active().filter(pk=connection_id).first()
    if connection is None:
        return
    now = timezone.now()
    at = connection.next_at or now
    left = connection.cursor or connection.calls.filter(done=False).exists()
    left = left or connection.items.filter(waiting=True, gone=False, error="").exists()
    waits = connection.last_error and at > now
    wake(connection_id, at=now if left and not waits else max(at, now))


def forget_old_calls() -> int:
    old = ConnectionCall.objects.filter(done=True, at__lt=timezone.now() - CALLS_KEPT)
    return old.delete()[0]
