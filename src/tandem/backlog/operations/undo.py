"""Taking one change of an item back, unless the same thing was changed again since."""

import datetime
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tandem.accounts.models import Member
from tandem.backlog import custom
from tandem.backlog.models import Attachment, Comment, Criterion, Item, Status
from tandem.backlog.operations.attachments import attachment_restore
from tandem.backlog.operations.criteria import criterion_restore, criterion_update
from tandem.backlog.operations.dependencies import dependency_add
from tandem.backlog.operations.items import (
    ESTIMATE_FIELDS,
    TEXT_FIELDS,
    item_restore,
    item_update,
)
from tandem.backlog.operations.merging import merge_undo
from tandem.backlog.operations.moves import item_move
from tandem.backlog.operations.parking import items_park, items_revive
from tandem.backlog.operations.splitting import split_undo
from tandem.backlog.operations.talk import comment_restore, comment_update
from tandem.core.errors import Conflict, Refused
from tandem.core.models import Event
from tandem.ui.filters import inside, worded

#: Before the slug of one of the product's own fields.
OWN = "fields."
#: Where an item is kept: taken back only while it is still there.
_PLACES = ("item.parked", "item.revived", "item.deleted")
_PLAIN_FIELDS = (*TEXT_FIELDS, *ESTIMATE_FIELDS, "kind", "status_id", "assignee_id", "parent_id")


def value_now(item: Item, field: str) -> Any:
    """What ``field`` holds now, written as events write it."""
    if field == "labels":
        return sorted(label.name for label in item.labels.all())
    if field == "due_date":
        return item.due_date and item.due_date.isoformat()
    if field.startswith(OWN):
        return own_value(item, field.removeprefix(OWN))
    return getattr(item, field)


def own_value(item: Item, slug: str) -> str | None:
    """What one of the product's own fields holds, in words."""
    for row in item.field_values.all():
        if row.field.slug == slug:
            return custom.words_of(row.field, custom.held(row)) or None
    return None


def undoable_fields(event: Event) -> list[str]:
    known = (*_PLAIN_FIELDS, "labels", "due_date")
    return [f for f in event.changes if f in known or f.startswith(OWN)]


def stands(event: Event, item: Item) -> bool:
    """Whether the change can still be taken back: nobody changed the same thing since.

    Asks the database nothing when the item's labels are prefetched.
    """
    if event.object_kind != "item" or event.verb not in _WAYS:
        return False
    if event.verb == "item.deleted":
        return item.deleted_at is not None
    if event.verb in _PLACES:
        return (item.parked_at is not None) == (event.verb == "item.parked")
    if event.verb != "item.updated":
        return True
    fields = undoable_fields(event)
    return bool(fields) and all(value_now(item, f) == event.changes[f][1] for f in fields)


def _move_undo(by: Member, item: Item, event: Event) -> Item:
    behind = event.changes.get("behind_id", [None])[0]
    after = Item.objects.filter(pk=behind, product_id=item.product_id).first()
    return item_move(by=by, item=item, after=after)


def _update_undo(by: Member, item: Item, event: Event) -> Item:
    fields: dict[str, Any] = {}
    for name, way in _FIELDS_OF_OTHERS.items():
        if name in event.changes:
            way(by, item, event)
    for field in undoable_fields(event):
        before, after = event.changes[field]
        if value_now(item, field) != after:
            name = inside(worded(field.removeprefix(OWN).removesuffix("_id")))
            raise Conflict(
                _("The %(name)s of %(key)s was changed again since; it stays.")
                % {"name": name, "key": item.key},
                current=item,
            )
        if field.startswith(OWN):
            slug = field.removeprefix(OWN)
            members = event.changes.get("field_members", {}).get(slug)
            fields.setdefault("values", {})[slug] = members[0] if members else before
            continue
        fields.update([_field_before(item, field, before)])
    return item_update(by=by, item=item, by_rules=not _nothing_since(item, event), **fields)


def _nothing_since(item: Item, event: Event) -> bool:
    """Whether the item is as the change left it, but for its place: then going back where it was
    asks for nothing. After more was done to it, the product's rules count as for any move."""
    later = Event.objects.of("item", item.pk).filter(pk__gt=event.pk).exclude(verb="item.moved")
    return not later.exists()


def _field_before(item: Item, field: str, before: Any) -> tuple[str, Any]:
    """The operation's name and value for what stood in ``field``."""
    if field == "due_date":
        return field, before and datetime.date.fromisoformat(before)
    kept: Any = None
    if field == "status_id":
        kept = Status.objects.filter(pk=before, product_id=item.product_id).first()
    elif field == "assignee_id" and before:
        kept = Member.objects.filter(pk=before, workspace_id=item.workspace_id).first()
    elif field == "parent_id" and before:
        kept = Item.objects.filter(pk=before, product_id=item.product_id, deleted_at=None).first()
    else:
        return field.removesuffix("_id"), before
    if kept is None:
        name = inside(worded(field.removesuffix("_id")))
        raise Conflict(
            _("The %(name)s that %(key)s had before is gone.") % {"name": name, "key": item.key},
            current=item,
        )
    return field.removesuffix("_id"), kept


def _criterion_undo(by: Member, item: Item, event: Event) -> Item:
    before, after = event.changes["criterion"]
    criterion = Criterion.objects.filter(pk=event.changes.get("criterion_id"), item=item).first()
    if criterion is None or criterion.text != after:
        raise Conflict(_("This criterion was changed again since; it stays."), current=item)
    criterion_update(by=by, criterion=criterion, text=before)
    return item


def _removal_undo(by: Member, item: Item, event: Event) -> Item:
    criterion_restore(by=by, item=item, removal=event)
    return item


def _dependency_undo(by: Member, item: Item, event: Event) -> Item:
    row = event.changes.get("row", {})
    other = Item.objects.of(item.product).filter(pk=row.get("to_id")).first()
    if other is None:
        raise Conflict(_("The other item is gone, so the dependency stays removed."), current=item)
    dependency_add(by=by, from_item=item, to_item=other, kind=row["kind"])
    return item


def _comment_undo(by: Member, item: Item, event: Event) -> Item:
    comment = Comment.objects.filter(pk=event.changes.get("comment_id"), item=item).first()
    if comment is None:
        raise Refused(_("This comment cannot be brought back."))
    comment_restore(by=by, comment=comment)
    return item


def _wording_undo(by: Member, item: Item, event: Event) -> Item:
    before, after = event.changes["comment"]
    comment = Comment.objects.filter(pk=event.changes.get("comment_id"), item=item).first()
    if comment is None or comment.text != after:
        raise Conflict(_("This comment was changed again since; it stays."), current=item)
    comment_update(by=by, comment=comment, text=before)
    return item


def _attachment_undo(by: Member, item: Item, event: Event) -> Item:
    pk = event.changes.get("attachment_id")
    attachment = Attachment.objects.filter(pk=pk, item=item).first()
    if attachment is None:
        raise Refused(_("This attachment was erased for good."))
    attachment_restore(by=by, attachment=attachment)
    return item


def _deletion_undo(by: Member, item: Item, event: Event) -> Item:
    return item_restore(by=by, item=item)


def _parking_undo(by: Member, item: Item, event: Event) -> Item:
    items_revive(by=by, product=item.product, items=[item.pk])
    return item


def _revival_undo(by: Member, item: Item, event: Event) -> Item:
    items_park(by=by, product=item.product, items=[item.pk])
    return item


_WAYS: dict[str, Callable[[Member, Item, Event], Item]] = {
    "item.updated": _update_undo,
    "item.moved": _move_undo,
    "item.deleted": _deletion_undo,
    "criterion.changed": _criterion_undo,
    "criterion.removed": _removal_undo,
    "dependency.removed": _dependency_undo,
    "attachment.removed": _attachment_undo,
    "comment.deleted": _comment_undo,
    "comment.changed": _wording_undo,
    "item.parked": _parking_undo,
    "item.revived": _revival_undo,
    "item.absorbed": merge_undo,
    "item.split": split_undo,
}
#: Of higher apps: for the toast of a move only, since the history would have to look for each row.
_OF_OTHERS: dict[str, Callable[[Member, Item, Event], Item]] = {}


#: Fields of higher apps among what ``item.updated`` changed.
_FIELDS_OF_OTHERS: dict[str, Callable[[Member, Item, Event], None]] = {}


def takes_back_field(name: str, way: Callable[[Member, Item, Event], None]) -> None:
    """Let a higher app's part of ``item.updated`` be taken back with the whole."""
    _FIELDS_OF_OTHERS[name] = way


def verbs_of_others() -> list[str]:
    """The changes of items that higher apps take back."""
    return list(_OF_OTHERS)


def takes_back(verb: str, way: Callable[[Member, Item, Event], Item]) -> None:
    """Let a higher app's change of an item be taken back with the move it was a part of."""
    _OF_OTHERS[verb] = way


@transaction.atomic
def change_undo(*, by: Member, event: Event) -> Item:
    """Take one change of an item back, unless somebody changed the same fields since."""
    item = (
        Item.objects.filter(pk=event.object_id, workspace_id=by.workspace_id)
        .select_related("product")
        .first()
    )
    way = _WAYS.get(event.verb) or _OF_OTHERS.get(event.verb)
    if (
        item is None
        or way is None
        or event.object_kind != "item"
        or event.workspace_id != by.workspace_id
    ):
        raise Refused(_("This change cannot be taken back."))
    if event.verb in _PLACES and not stands(event, item):
        raise Conflict(
            _("%(key)s was changed again since; it stays as it is.") % {"key": item.key},
            current=item,
        )
    return way(by, item, event)
