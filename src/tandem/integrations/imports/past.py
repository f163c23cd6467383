"""What happened to a record there before it was imported, as events with their own people and moments."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tandem.accounts.models import Member
from tandem.backlog.models import Item
from tandem.core import events
from tandem.core.importing.record import Change, Record
from tandem.core.models import Event
from tandem.integrations.imports.names import Names

#: The verb of such an event. It cannot be undone: it happened elsewhere.
PAST = "item.past"
#: A description's old text is told up to here.
MOST = 2_000


@dataclass
class Past:
    """Events of one import. ``by`` is who imports; each event is signed by who did it there."""

    names: Names
    by: Member

    def of(self, record: Record, item: Item) -> Iterator[Event]:
        for change in sorted(record.changes, key=lambda each: each.at):
            yield self._event(change, item)

    def missing(self, record: Record, item: Item) -> list[Event]:
        """Those the item does not have yet."""
        if not record.changes:
            return []
        rows = Event.objects.of("item", item.pk).filter(verb=PAST)
        have = {(row.at, row.member_name, *row.changes) for row in rows}
        return [
            event
            for event in self.of(record, item)
            if (event.at, event.member_name, *event.changes) not in have
        ]

    def _event(self, change: Change, item: Item) -> Event:
        person = self.names.person(change.author)
        told: dict[str, Any] = {change.field: [change.before[:MOST], change.after[:MOST]]}
        if change.field == "status":
            # By the product's own statuses, so that the past can be counted with.
            old, new = (
                self.names.meant(change.before, ""),
                self.names.meant(change.after, change.category),
            )
            if old and new:
                told["status_id"] = [old.pk, new.pk]
        event = events.build(by=self.by, verb=PAST, obj=item, changes=told, at=change.at)
        event.member_id = person.pk if person else None
        event.member_name = (person.name if person else change.author)[:200]
        return event
