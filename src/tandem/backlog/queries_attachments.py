"""The attachments of an item, as its page shows them."""

from dataclasses import dataclass

from tandem.accounts.models import Member
from tandem.accounts.permissions import can
from tandem.backlog.models import Attachment, Item

SHOWN = 100


@dataclass(frozen=True)
class Attachments:
    """The newest first; ``total`` counts all of them."""

    rows: list[Attachment]
    total: int
    may_add: bool
    #: Whose rows the member may remove: all, or their own.
    may_change: bool

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


def attachments_of(member: Member, item: Item) -> Attachments:
    """In one query, or two where there are many."""
    found = Attachment.objects.of(item).select_related("added_by__user", "comment")
    rows = list(found.order_by("-added_at", "-pk")[: SHOWN + 1])
    total = len(rows) if len(rows) <= SHOWN else found.count()
    return Attachments(rows[:SHOWN], total, can(member, "attachment.add"), can(member, "item.edit"))
