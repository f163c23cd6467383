"""Creating, changing, deleting and restoring items."""

import datetime
import itertools
import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.backlog.flow import Gate
from tandem.backlog.models import (
    Approval,
    ApprovalState,
    Category,
    Criterion,
    Item,
    Kind,
    Label,
    Status,
    first_open,
)
from tandem.backlog.models.status import DEFAULTS
from tandem.backlog.operations.criteria import read as criterion_read
from tandem.backlog.operations.values import values_change
from tandem.backlog.texts import as_made
from tandem.core import events, ordering
from tandem.core.errors import Conflict, Refused
from tandem.core.models import Event
from tandem.core.search import among
from tandem.ui.numbers import read_number, typed

#: Where an estimate's three values stand, for sentences.
SIZES = (N_("low"), N_("likely"), N_("high"))
TEXT_FIELDS = ("title", "description", "story_role", "story_want", "story_benefit")
ESTIMATE_FIELDS = ("estimate_low", "estimate_likely", "estimate_high")
LONGEST_DESCRIPTION = 200_000
MOST_LABELS = 100
ESTIMATE_MOST = 1_000_000.0


def locked(product: Product) -> Product:
    """The product's row, locked: whoever numbers or orders its items goes one at a time."""
    return Product.objects.select_for_update().get(pk=product.pk)


def statuses_ensure(product: Product) -> list[Status]:
    """The product's statuses; a product without any gets the defaults."""
    found = list(Status.objects.filter(product=product))
    if found:
        return found
    return Status.objects.bulk_create(
        Status(
            product=product,
            name=made,
            # Filters, imports and scripts that say the English word find it.
            former=[] if made == name else [name],
            category=category,
            position=position,
        )
        for position, (name, category) in enumerate(DEFAULTS)
        for made in (as_made(name),)
    )


def statuses_of_new(happened: Sequence[Event]) -> None:
    """A product made on a page in another language starts with statuses in that language.

    English ones can wait for the first item: whoever comes first, they are called the same.
    """
    made = [each.object_id for each in happened if each.verb == "product.created"]
    if made and as_made(DEFAULTS[-1][0]) != DEFAULTS[-1][0]:
        for product in Product.objects.filter(pk__in=made):
            statuses_ensure(product)


def label_named(product: Product, name: str) -> Label:
    name = " ".join(name.replace("\x00", "").split())[:80]
    if not name:
        raise Refused(_("A label needs a name."), field="labels")
    found = Label.objects.filter(product=product, name__iexact=name).first()
    return found or Label.objects.create(product=product, name=name)


def labels_named(product: Product, names: list[str]) -> list[Label]:
    if len(names) > MOST_LABELS:
        raise Refused(
            _("An item has at most %(most)s labels; these are %(count)s.")
            % {"most": MOST_LABELS, "count": len(names)},
            field="labels",
        )
    return [label_named(product, name) for name in names]


def estimate_checked(low: Any, likely: Any, high: Any) -> tuple[float | None, ...]:
    """Three numbers or ``None`` each; refuses negative, endless and disordered ones."""
    values: list[float | None] = []
    for name, value in zip(ESTIMATE_FIELDS, (low, likely, high), strict=True):
        if value in (None, ""):
            values.append(None)
            continue
        try:
            number = read_number(value)
        except (TypeError, ValueError):
            raise Refused(_("%(value)s is no number.") % {"value": value}, field=name) from None
        if not math.isfinite(number) or number < 0 or number > ESTIMATE_MOST:
            raise Refused(_("An estimate is a number from 0 up."), field=name)
        values.append(number)
    known = [
        (value, name)
        for value, name in zip(values, ("low", "likely", "high"), strict=True)
        if value is not None
    ]
    for (first, first_name), (second, second_name) in itertools.pairwise(known):
        if first > second:
            raise Refused(
                _(
                    "The %(first_name)s estimate (%(first)s) is above the %(second_name)s one (%(second)s). Write them as low, likely, high."
                )
                % {
                    "first_name": _(first_name),
                    "first": typed(first),
                    "second_name": _(second_name),
                    "second": typed(second),
                },
                field=f"estimate_{first_name}",
            )
    if known and values[1] is None:
        raise Refused(_("An estimate needs its likely value."), field="estimate_likely")
    return tuple(values)


def parent_checked(item: Item | None, parent: Item | None, product: Product) -> None:
    if parent is None:
        return
    if parent.product_id != product.pk:
        raise Refused(_("The parent belongs to another product."), field="parent")
    seen, step = [parent], parent
    while step is not None:
        if item is not None and step.pk == item.pk:
            path = " > ".join(each.key for each in [item, *seen])
            raise Refused(
                _("That would make an item its own parent: %(path)s.") % {"path": path},
                field="parent",
            )
        step = step.parent  # type: ignore[assignment]
        if step is not None:
            seen.append(step)
        if len(seen) > 100:
            break


def entered(item: Item, status: Status, now: datetime.datetime) -> None:
    """Put the item into ``status`` and keep its started and finished moments true."""
    item.status = status
    # Whoever moves it works on it.
    item.parked_at = None
    if status.category == Category.STARTED:
        item.started_at = item.started_at or now
        item.finished_at = None
    elif status.category == Category.DONE:
        item.finished_at = item.finished_at or now
    else:
        item.finished_at = None


def text_checked(field: str, value: Any) -> str:
    text = str(value or "").replace("\x00", "")
    if field == "title":
        text = " ".join(text.split())
        if not text:
            raise Refused(_("An item needs a title."), field="title")
    limit = {"title": 300, "story_role": 300}.get(field, LONGEST_DESCRIPTION)
    if len(text) > limit:
        raise Refused(
            _("At most %(most)s characters; this has %(count)s.")
            % {"most": limit, "count": len(text)},
            field=field,
        )
    return text


@transaction.atomic
def item_create(
    *,
    by: Member,
    product: Product,
    title: str,
    kind: str = Kind.STORY,
    status: Status | None = None,
    parent: Item | None = None,
    assignee: Member | None = None,
    labels: list[str] | None = None,
    at_top: bool = False,
    values: Mapping[str, Any] | None = None,
    by_rules: bool = True,
    criteria: Sequence[str] = (),
    **fields: Any,
) -> Item:
    """A new item at the backlog's end (or top). ``values``: what the product's own fields get;
    ``criteria``: texts of acceptance criteria.

    ``by_rules``: the product's rules for its status, and fields it requires, count.

    ``fields``: description, story_role/want/benefit, estimate_low/likely/high, due_date. What a
    template gives is put in by ``operations.templates.filled``.
    """
    require(by, "item.create")
    if kind not in Kind.values:
        raise Refused(
            _("%(kind)s is no kind. Kinds: %(known)s.")
            % {"kind": kind, "known": ", ".join(Kind.values)},
            field="kind",
        )
    product = locked(product)
    statuses = statuses_ensure(product)
    if status is not None and status.product_id != product.pk:
        raise Refused(_("The status belongs to another product."), field="status")
    if assignee is not None and assignee.workspace_id != product.workspace_id:
        raise Refused(_("That person is not in this workspace."), field="assignee")
    parent_checked(None, parent, product)
    now = timezone.now()
    edge = Item.objects.of(product).order_by("rank" if at_top else "-rank")
    neighbour = edge.values_list("rank", flat=True).first()
    item = Item(
        workspace_id=product.workspace_id,
        product=product,
        number=product.next_number,
        kind=kind,
        parent=parent,
        assignee=assignee,
        rank=ordering.between(None, neighbour) if at_top else ordering.between(neighbour, None),
        created_by=by,
        created_at=now,
        updated_at=now,
        due_date=fields.get("due_date"),
    )
    entered(item, status or first_open(statuses), now)
    for field in TEXT_FIELDS:
        setattr(item, field, text_checked(field, title if field == "title" else fields.get(field)))
    estimate = estimate_checked(*(fields.get(field) for field in ESTIMATE_FIELDS))
    for field, value in zip(ESTIMATE_FIELDS, estimate, strict=True):
        setattr(item, field, value)
    item.save(force_insert=True)
    if labels:
        item.labels.set(labels_named(product, labels))
    if values:
        values_change(item, values, {})
    for position, text in enumerate(criteria):
        form, text, steps = criterion_read(text, None)
        Criterion.objects.create(item=item, position=position, form=form, text=text, steps=steps)
    if by_rules:
        item.product = product
        Gate.to_status(product, item.status).for_new().look([item.pk]).pass_new(by, item)
    product.next_number += 1
    product.save(update_fields=["next_number"])
    told: dict[str, Any] = {"title": [None, item.title]}
    if assignee is not None:
        told |= {"assignee": [None, assignee.name], "assignee_id": [None, assignee.pk]}
    events.record(by=by, verb="item.created", obj=item, changes=told, at=now)
    return item


def version_checked(item: Item, version: int | None) -> None:
    if version is not None and version != item.version:
        raise Conflict(
            _(
                "%(key)s was changed by somebody else since you opened it. Look at what it is now, then save again."
            )
            % {"key": item.key},
            current=item,
            yours=version,
        )


@transaction.atomic
def item_update(
    *,
    by: Member,
    item: Item,
    version: int | None = None,
    values: Mapping[str, Any] | None = None,
    by_rules: bool = True,
    **fields: Any,
) -> Item:
    """Change any of: the text fields, kind, status, parent, assignee, due_date, labels (names),
    estimate_low/likely/high (given together); ``values``: the product's own fields, by slug or
    name. ``version``: the one the edit started from. ``by_rules``: the product's rules and limits
    count for a new status."""
    require(by, "item.edit")
    product = item.product
    item = Item.objects.select_for_update().get(pk=item.pk)
    item.product = product
    if item.deleted_at is not None:
        raise Refused(_("%(key)s was deleted. Restore it to change it.") % {"key": item.key})
    version_checked(item, version)
    now = timezone.now()
    changes: dict[str, Any] = {}

    def change(field: str, value: Any, before: Any = None, after: Any = None) -> None:
        old = getattr(item, field)
        if old == value:
            return
        changes[field] = [old if before is None else before, value if after is None else after]
        setattr(item, field, value)

    for field in TEXT_FIELDS:
        if field in fields:
            change(field, text_checked(field, fields[field]))
    if "kind" in fields:
        if fields["kind"] not in Kind.values:
            raise Refused(_("%(kind)s is no kind.") % {"kind": fields["kind"]}, field="kind")
        change("kind", str(fields["kind"]))
    if any(field in fields for field in ESTIMATE_FIELDS):
        given = (fields.get(field, getattr(item, field)) for field in ESTIMATE_FIELDS)
        for field, value in zip(ESTIMATE_FIELDS, estimate_checked(*given), strict=True):
            change(field, value)
    if "due_date" in fields:
        change("due_date", fields["due_date"])
    _relations_change(item, product, fields, changes, now)
    if values:
        values_change(item, values, changes)
    if not changes:
        return item
    if "status_id" in changes:
        _status_left(by, item, changes, by_rules)
    item.version += 1
    item.updated_at = now
    item.save()
    events.record(by=by, verb="item.updated", obj=item, changes=changes, at=now)
    return item


def _status_left(by: Member, item: Item, changes: dict[str, Any], by_rules: bool) -> None:
    """The item goes elsewhere: what the rules ask for, and what was asked for where it was."""
    if by_rules:
        if item.status.limit_refuses:
            locked(item.product)
        gate = Gate.to_status(item.product, item.status).look([item.pk])
        gate.pass_(by, item, changes["status_id"][0], changes)
    approvals_overtaken([item.pk])


def approvals_overtaken(ids: Collection[int]) -> None:
    """The items went elsewhere: consent that is still asked for is not needed any more."""
    rows = Approval.objects.filter(item_id__in=among(list(ids)), state=ApprovalState.OPEN)
    rows.update(state=ApprovalState.WITHDRAWN, closed_at=timezone.now())


def _relations_change(
    item: Item, product: Product, fields: dict[str, Any], changes: dict[str, Any], now: Any
) -> None:
    """Status, assignee, parent and labels: kept by name for people and by id for undo."""
    if "status" in fields and fields["status"].pk != item.status_id:
        status = fields["status"]
        if status.product_id != product.pk:
            raise Refused(_("The status belongs to another product."), field="status")
        changes["status"] = [item.status.name, status.name]
        changes["status_id"] = [item.status_id, status.pk]
        entered(item, status, now)
    if "assignee" in fields and getattr(fields["assignee"], "pk", None) != item.assignee_id:
        person = fields["assignee"]
        if person is not None and person.workspace_id != item.workspace_id:
            raise Refused(_("That person is not in this workspace."), field="assignee")
        changes["assignee"] = [item.assignee and item.assignee.name, person and person.name]
        changes["assignee_id"] = [item.assignee_id, person and person.pk]
        item.assignee = person
    if "parent" in fields and getattr(fields["parent"], "pk", None) != item.parent_id:
        parent = fields["parent"]
        parent_checked(item, parent, product)
        changes["parent"] = [item.parent and item.parent.key, parent and parent.key]
        changes["parent_id"] = [item.parent_id, parent and parent.pk]
        item.parent = parent
    if "labels" in fields:
        before = sorted(item.labels.values_list("name", flat=True))
        wanted = labels_named(product, fields["labels"])
        after = sorted({label.name for label in wanted})
        if before != after:
            changes["labels"] = [before, after]
            item.labels.set(wanted)


@transaction.atomic
def item_delete(*, by: Member, item: Item, version: int | None = None) -> Item:
    """Out of every list; ``item_restore`` brings it back with everything on it.

    ``version``: the one the person saw when they decided.
    """
    require(by, "item.delete")
    version_checked(Item.objects.select_for_update().get(pk=item.pk), version)
    item.deleted_at = timezone.now()
    item.save(update_fields=["deleted_at"])
    events.record(by=by, verb="item.deleted", obj=item)
    return item


@transaction.atomic
def item_restore(*, by: Member, item: Item) -> Item:
    require(by, "item.delete")
    if item.merged_into is not None:
        raise Refused(
            _("%(key)s was merged into %(into)s. Take the merging back there.")
            % {"key": item.key, "into": item.merged_into.key}
        )
    item.deleted_at = None
    item.save(update_fields=["deleted_at"])
    events.record(by=by, verb="item.restored", obj=item)
    return item
