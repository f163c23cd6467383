"""The attachments of an item, as its page shows them."""

from dataclasses import dataclass

from django.db.models import QuerySet

from tandem.accounts.models import Member
from tandem.accounts.permissions import can
from tandem.backlog.models import Attachment, Item
from tandem.core.prepared import prepared

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


@prepared
def _newest(item_id: int) -> QuerySet[Attachment]:
    found = Attachment.objects.filter(item_id=item_id, deleted_at=None)
    return found.select_related("added_by__user", "comment").order_by("-added_at", "-pk")[
        : SHOWN + 1
    ]


def attachments_of(member: Member, item: Item) -> Attachments:
    """In one query, or two where there are many."""
    rows = _newest(item.pk) if getattr(item, "has_attachments", True) else []
    total = len(rows) if len(rows) <= SHOWN else Attachment.objects.of(item).count()
    return Attachments(rows[:SHOWN], total, can(member, "attachment.add"), can(member, "item.edit"))
