"""Taking issues in: the import's own machinery, with title and status settled between the two sides first."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, cast

from django.db import transaction
from django.utils import timezone

from tandem.accounts.models import Member
from tandem.backlog.models import Item
from tandem.core import channel
from tandem.core.importing.record import Record, Refusal
from tandem.integrations.connections.merging import settled
from tandem.integrations.connections.remote import Remote
from tandem.integrations.connections.statuses import Maps
from tandem.integrations.imports.apply import Application
from tandem.integrations.imports.fields import title_of
from tandem.integrations.imports.result import Result
from tandem.integrations.models import (
    ConnectedItem,
    Connection,
    ConnectionConflict,
    ImportRun,
)


@dataclass(frozen=True)
class Tracker:
    """Who acts when the tracker does: named in events."""

    workspace_id: int
    name: str
    pk: None = None

    @classmethod
    def of(cls, connection: Connection) -> "Tracker":
        return cls(connection.product.workspace_id, connection.get_kind_display())


@dataclass
class _Side:
    """One issue beside its item: what both say, and what they agreed on."""

    number: str
    record: Record
    title: str
    status: str
    item: Item | None = None
    connected: ConnectedItem | None = None
    conflicts: dict[str, tuple[str, str]] = field(default_factory=dict)
    tell: bool = False


@transaction.atomic
def taken_in(
    connection: Connection, remote: Remote, entries: Iterable[tuple[str, Record] | Refusal]
) -> Result:
    """Make and change the items of these issues; what is not settled stays as it is here."""
    sides = _sides(connection, remote, entries)
    maps = Maps.of(connection)
    records = [_settle(connection, side, maps) for side in sides]
    by = cast(Member, Tracker.of(connection))
    run = ImportRun(product=connection.product, format=connection.source, file_name=str(connection))
    application = Application(
        by=by, product=connection.product, run=run, source=connection.source,
        tell=lambda rows, note: None, keeps_rows=False,
    )  # fmt: skip
    with channel.through("connection"):
        result = application.apply(record for record in records if record is not None)
    _keep(connection, sides)
    return result


def _sides(
    connection: Connection, remote: Remote, entries: Iterable[tuple[str, Record] | Refusal]
) -> list[_Side]:
    sides = {}
    for entry in entries:
        if not isinstance(entry, Refusal):
            number, record = entry
            sides[record.ref] = _Side(number, record, title_of(record), remote.word(record))
    items = Item.objects.select_for_update(of=("self",)).filter(
        product=connection.product, source=connection.source, source_ref__in=list(sides)
    )
    known = {each.ref: each for each in connection.items.filter(ref__in=list(sides))}
    for item in items.select_related("status"):
        side = sides[item.source_ref]
        side.item, side.connected = item, known.get(item.source_ref)
    return list(sides.values())


def _settle(connection: Connection, side: _Side, maps: Maps) -> Record | None:
    """The record as it is to be applied: where ours counts, with our value; ``None`` for what was deleted here."""
    record, item, agreed = side.record, side.item, side.connected
    here = maps.here(side.status, record.category)
    if item is None:
        if here is None or here.category != record.category:
            # The issue itself says more than its status, such as that it was given up.
            here = maps.usual(record.category)
        return record if here is None else replace(record, status=here.name)
    if item.deleted_at is not None:
        return None
    title = settled(
        agreed=agreed.title if agreed else None, ours=item.title, theirs=side.title,
        way=connection.title_way, rule=connection.rule,
    )  # fmt: skip
    if title.ask:
        side.conflicts["title"] = (item.title, side.title)
    if not title.theirs:
        record = replace(record, title=item.title)
    ours = maps.there(item, agreed.status if agreed else None)
    status = settled(
        agreed=agreed.status if agreed else None, ours=ours, theirs=side.status,
        way=connection.status_way, rule=connection.rule,
    )  # fmt: skip
    if status.ask:
        side.conflicts["status"] = (item.status.name, side.status)
    if status.theirs and here is not None:
        record = replace(record, status=here.name, category=here.category)
    else:
        same = ours == side.status
        record = replace(
            record, status=item.status.name, category=item.status.category,
            started=record.started if same else item.started_at,
            finished=record.finished if same else item.finished_at,
        )  # fmt: skip
    side.tell = title.tell or status.tell
    if agreed is not None:
        # Agreed is what both say now; while ours is still to be told, or asked about, it stays.
        if not (title.tell or title.ask):
            agreed.title = side.title
        if not (status.tell or status.ask):
            agreed.status = side.status
    return record


def _keep(connection: Connection, sides: list[_Side]) -> None:
    refs = [side.record.ref for side in sides if side.connected is None]
    made = dict(
        Item.objects.filter(
            product=connection.product, source=connection.source, source_ref__in=refs
        ).values_list("source_ref", "pk")
    )
    new = [
        ConnectedItem(
            connection=connection, item_id=made[side.record.ref], ref=side.record.ref,
            number=side.number, title=side.title[:300], status=side.status[:200], waiting=side.tell,
        )
        for side in sides
        if side.connected is None and side.record.ref in made
    ]  # fmt: skip
    # An item that another connection of the same tracker holds stays with it.
    ConnectedItem.objects.bulk_create(new, ignore_conflicts=True)
    for side in sides:
        row = side.connected
        if row is None:
            continue
        row.waiting = row.waiting or side.tell
        row.gone, row.number = False, side.number
        row.save(update_fields=["title", "status", "waiting", "gone", "number"])
        _keep_conflicts(row, side.conflicts)


def _keep_conflicts(row: ConnectedItem, found: dict[str, tuple[str, str]]) -> None:
    now = timezone.now()
    gone = row.conflicts.filter(decided_at=None).exclude(field__in=list(found))
    gone.update(decided_at=now, decision="same")
    for name, (ours, theirs) in found.items():
        values: dict[str, Any] = {"ours": ours[:300], "theirs": theirs[:300]}
        ConnectionConflict.objects.update_or_create(
            connected=row,
            field=name,
            decided_at=None,
            defaults=values,
            create_defaults=values | {"at": now},
        )
