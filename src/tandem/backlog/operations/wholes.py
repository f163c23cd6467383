"""Taking back what was done to many items as one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.backlog.models import Item
from tandem.backlog.operations.undo import change_undo, verbs_of_others
from tandem.core import events
from tandem.core.errors import Refused
from tandem.core.models import Event
from tandem.core.search import among

#: What may have happened to a new item without anybody having worked on it.
_UNTOUCHED = ("item.created", "item.moved", "watch.begun", "watch.ended")


@dataclass(frozen=True)
class BulkUndone:
    restored: int
    #: Why the others stay as they are, each with its key.
    stayed: tuple[tuple[str, str], ...]


@transaction.atomic
def bulk_undo(*, by: Member, event: Event) -> BulkUndone:
    """Take what was done to many items back; an item that was changed again since stays."""
    require(by, "item.edit")
    way = WAYS.get(event.verb)
    if event.workspace_id != by.workspace_id or way is None:
        raise Refused(_("This change cannot be taken back."))
    parts = Event.objects.filter(pk__in=among(event.changes["parts"])).order_by("-pk")
    undone = way(by, list(parts))
    events.record(
        by=by,
        verb="items.change_undone",
        obj=Product.objects.get(pk=event.product_id or 0),
        product_id=event.product_id,
        label=event.object_label,
        changes={"count": undone.restored, "stayed": len(undone.stayed)},
    )
    return undone


def _each(by: Member, parts: Sequence[Event]) -> BulkUndone:
    """Each item wholly or not at all, what was done to it last first."""
    of_item: dict[int, list[Event]] = {}
    for part in parts:
        of_item.setdefault(part.object_id, []).append(part)
    restored, stayed = 0, []
    since = _changed_since(parts)
    for pk, own in of_item.items():
        try:
            if pk in since:
                raise Refused(_("It was changed again since; it stays as it is."))
            with transaction.atomic():
                for part in own:
                    change_undo(by=by, event=part)
            restored += 1
        except Refused as refusal:
            stayed.append((_key(own[0]), refusal.message))
    return BulkUndone(restored, tuple(stayed))


def _changed_since(parts: Sequence[Event]) -> set[int]:
    """The items whose sprints, or what else a higher app keeps, were changed after the whole."""
    if not any(part.verb in verbs_of_others() for part in parts):
        return set()
    later = Event.objects.filter(
        object_kind="item",
        object_id__in=among([part.object_id for part in parts]),
        verb__in=verbs_of_others(),
        pk__gt=max(part.pk for part in parts),
    )
    return set(later.values_list("object_id", flat=True))


def _uncreate(by: Member, parts: Sequence[Event]) -> BulkUndone:
    """New items into the trash, but those somebody has worked on since."""
    require(by, "item.delete")
    ids = [part.object_id for part in parts]
    rows = Item.objects.filter(pk__in=among(ids), workspace_id=by.workspace_id, deleted_at=None)
    there: dict[int, Any] = {item.pk: item for item in rows.select_related("product")}
    worked_on = set(
        Event.objects.filter(object_kind="item", object_id__in=among(ids))
        .exclude(verb__in=_UNTOUCHED)
        .values_list("object_id", flat=True)
    )
    # What now hangs below one of them was put there since, unless it goes along.
    worked_on |= set(
        Item.objects.filter(parent__in=among(ids), deleted_at=None)
        .exclude(pk__in=among(ids))
        .values_list("parent_id", flat=True)
    )
    gone = [item for pk, item in there.items() if pk not in worked_on]
    now = timezone.now()
    Item.objects.filter(pk__in=among([item.pk for item in gone])).update(deleted_at=now)
    events.record_many(events.build(by=by, verb="item.deleted", obj=item, at=now) for item in gone)
    stayed = [
        (_key(part), _("Somebody has worked on it since; it stays."))
        for part in parts
        if part.object_id in there and part.object_id in worked_on
    ]
    return BulkUndone(len(gone), tuple(stayed))


def _key(part: Event) -> str:
    return part.object_label.split(" ", 1)[0]


#: The verb of a whole -> how its parts are taken back, newest first.
WAYS: dict[str, Callable[[Member, Sequence[Event]], BulkUndone]] = {
    "items.changed": _each,
    "items.created": _uncreate,
}
