"""Changing many items at once: tried first, done as one, taken back as one.

The product's row is locked, so of two changes of the same items at once one goes first and the
other starts from what it left. Whoever looked at a preview gives its ``mark``: when one of the
items changed since, nothing is done and they look again.
"""

import datetime
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.backlog import custom
from tandem.backlog.flow import Gate
from tandem.backlog.models import (
    Category,
    CustomField,
    FieldKind,
    FieldValue,
    Item,
    Kind,
    Status,
)
from tandem.backlog.operations.items import (
    approvals_overtaken,
    entered,
    estimate_checked,
    labels_named,
    locked,
)
from tandem.core import bulk, events
from tandem.core.errors import Conflict, Refused
from tandem.core.models import Event
from tandem.core.search import among
from tandem.ui.filters import number
from tandem_engine.words import counted

MOST = 2000
#: So many are told one by one before they are changed.
EXAMPLES = 20
#: What can be set for many; ``values`` are the product's own fields.
SETTABLE = (
    "kind",
    "status",
    "assignee",
    "parent",
    "due_date",
    "estimate_likely",
    "labels_add",
    "labels_remove",
    "values",
)


@dataclass
class BulkChange:
    """What a change of many items does, or would do."""

    changed: list[Item] = field(default_factory=list)
    unchanged: int = 0
    refused: list[tuple[Item, str]] = field(default_factory=list)
    #: Field -> how many items it changes.
    fields: Counter[str] = field(default_factory=Counter)
    #: Of the first of them what it changes, written as events write it.
    examples: list[tuple[Item, dict[str, Any]]] = field(default_factory=list)
    #: Stands for the items as they were looked at.
    mark: str = ""
    #: The event that undoes it; none for a try.
    event: Event | None = None

    @property
    def reasons(self) -> list[tuple[str, list[str]]]:
        """Each reason with the keys it is about."""
        found: dict[str, list[str]] = {}
        for item, reason in self.refused:
            found.setdefault(reason, []).append(item.key)
        return list(found.items())


@dataclass
class _Plan:
    """What was sent, read once for all items."""

    sent: dict[str, Any]
    labels_add: list[Any]
    labels_remove: set[str]
    own: list[tuple[CustomField, custom.Held | None]]
    ancestors: set[int]
    gate: Gate | None = None


def _read(product: Product, sent: Mapping[str, Any]) -> _Plan:
    unknown = [name for name in sent if name not in SETTABLE]
    if unknown:
        raise Refused(
            _("“%(unknown)s” is none of %(known)s.")
            % {"unknown": unknown[0], "known": ", ".join(SETTABLE)},
            field=unknown[0],
        )
    if not sent:
        raise Refused(_("Say what to change."), field="set")
    if "kind" in sent and sent["kind"] not in Kind.values:
        raise Refused(_("%(kind)s is no kind.") % {"kind": sent["kind"]}, field="kind")
    status, person, parent = (sent.get(name) for name in ("status", "assignee", "parent"))
    if status is not None and status.product_id != product.pk:
        raise Refused(_("The status belongs to another product."), field="status")
    if person is not None and person.workspace_id != product.workspace_id:
        raise Refused(_("That person is not in this workspace."), field="assignee")
    if parent is not None and parent.product_id != product.pk:
        raise Refused(_("The parent belongs to another product."), field="parent")
    read = dict(sent)
    if "estimate_likely" in sent:
        read["estimate_likely"] = estimate_checked(None, sent["estimate_likely"], None)[1]
    ancestors: set[int] = set()
    step: int | None = parent.pk if parent is not None else None
    while step is not None and step not in ancestors:
        ancestors.add(step)
        step = Item.objects.filter(pk=step).values_list("parent_id", flat=True).first()
    fields = list(CustomField.objects.of(product).in_use()) if sent.get("values") else []
    own = []
    for name, value in (sent.get("values") or {}).items():
        found = custom.named(fields, name)
        if found is None:
            raise Refused(
                _("There is no field “%(name)s”.") % {"name": name[:40]},
                field=f"fields.{name[:40]}",
            )
        found.product = product
        own.append((found, custom.read(found, value)))
    return _Plan(
        read,
        labels_named(product, list(sent.get("labels_add") or [])),
        {name.casefold() for name in sent.get("labels_remove") or []},
        own,
        ancestors,
    )


def mark_of(items: Sequence[Item]) -> str:
    text = ",".join(f"{item.pk}:{item.version}" for item in sorted(items, key=lambda i: i.pk))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@transaction.atomic
def items_change(
    *,
    by: Member,
    product: Product,
    items: Sequence[int],
    change: Mapping[str, Any],
    mark: str = "",
    dry: bool = False,
) -> BulkChange:
    """Set the same for many items (their numbers in the database): all that can be changed are.

    ``dry``: say what would happen and change nothing. ``mark``: of the try one looked at; when an
    item changed since, it is refused. ``bulk_undo`` takes the whole back by the result's event.
    """
    require(by, "item.edit")
    if len(items) > MOST:
        raise Refused(
            _("At most %(most)s items are changed at once; these are %(count)s. Filter by more.")
            % {"most": number(MOST), "count": number(len(items))},
            field="items",
        )
    product = locked(product)
    if product.workspace_id != by.workspace_id:
        raise Refused(_("There is no such product here."), field="items")
    rows = (
        Item.objects.with_ids(product, items)
        .select_related("status", "assignee__user", "parent")
        .prefetch_related("labels")
        .order_by("rank", "id")
    )
    found = list(rows)
    result = BulkChange(mark=mark_of(found))
    if mark and mark != result.mark:
        raise Conflict(
            _(
                "Some of these items were changed since you looked. Nothing was changed; look at the "
                "preview again."
            ),
            field="mark",
        )
    plan = _read(product, change)
    now = timezone.now()
    held = _held(found, plan)
    if "status" in plan.sent:
        to = plan.sent["status"]
        moving = [item.pk for item in found if item.status_id != to.pk]
        plan.gate = Gate.to_status(product, to).look(moving)
    told: list[tuple[Item, dict[str, Any]]] = []
    for item in found:
        item.product = product
        try:
            changes = _changes(by, item, plan, held.get(item.pk, {}), now)
        except Refused as refusal:
            result.refused.append((item, refusal.message))
            continue
        if not changes:
            result.unchanged += 1
            continue
        told.append((item, changes))
        result.changed.append(item)
        result.fields.update(name for name in changes if not name.endswith("_id"))
    result.examples = told[:EXAMPLES]
    if dry:
        # Labels that were only tried are not made.
        transaction.set_rollback(True)
        return result
    if told:
        _write(by, plan, told, now)
        result.event = _tell(by, product, plan, told, now)
    return result


def _held(items: Sequence[Item], plan: _Plan) -> dict[int, dict[int, str]]:
    if not plan.own:
        return {}
    fields = [field.pk for field, _ in plan.own]
    rows = FieldValue.objects.filter(item_id__in=among([i.pk for i in items]), field__in=fields)
    found: dict[int, dict[int, str]] = {}
    for row in rows:
        found.setdefault(row.item_id, {})[row.field_id] = custom.held(row)
    return found


def _changes(
    by: Member, item: Item, plan: _Plan, held: dict[int, str], now: datetime.datetime
) -> dict[str, Any]:
    """Put the change onto the item in memory; gives what differs, written as events write it."""
    sent = plan.sent
    changes: dict[str, Any] = {}
    if "kind" in sent and sent["kind"] != item.kind:
        changes["kind"] = [item.kind, sent["kind"]]
    if "parent" in sent and getattr(sent["parent"], "pk", None) != item.parent_id:
        parent = sent["parent"]
        if item.pk in plan.ancestors:
            raise Refused(
                _("It would become its own parent under %(key)s.") % {"key": parent.key},
                field="parent",
            )
        changes["parent"] = [item.parent and _key(item, item.parent), parent and parent.key]
        changes["parent_id"] = [item.parent_id, parent and parent.pk]
    if "estimate_likely" in sent and sent["estimate_likely"] != item.estimate_likely:
        likely = sent["estimate_likely"]
        low, high = item.estimate_low, item.estimate_high
        if (likely is None and (low is not None or high is not None)) or (
            likely is not None
            and ((low is not None and low > likely) or (high is not None and high < likely))
        ):
            raise Refused(
                _("Its low and high estimates do not fit the new likely one."),
                field="estimate_likely",
            )
        changes["estimate_likely"] = [item.estimate_likely, likely]
    if "due_date" in sent and sent["due_date"] != item.due_date:
        changes["due_date"] = [item.due_date, sent["due_date"]]
    if "status" in sent and sent["status"].pk != item.status_id:
        changes["status"] = [item.status.name, sent["status"].name]
        changes["status_id"] = [item.status_id, sent["status"].pk]
    if "assignee" in sent and getattr(sent["assignee"], "pk", None) != item.assignee_id:
        person = sent["assignee"]
        changes["assignee"] = [item.assignee and item.assignee.name, person and person.name]
        changes["assignee_id"] = [item.assignee_id, person and person.pk]
    names = sorted(label.name for label in item.labels.all())
    after = {name for name in names if name.casefold() not in plan.labels_remove}
    after |= {label.name for label in plan.labels_add}
    if sorted(after) != names:
        changes["labels"] = [names, sorted(after)]
    for own, value in plan.own:
        old, new = held.get(own.pk), value.plain if value else None
        if old != new:
            changes[f"fields.{own.slug}"] = [
                custom.words_of(own, text) or None for text in (old, new)
            ]
            if own.kind == FieldKind.PERSON:
                changes.setdefault("field_members", {})[own.slug] = [
                    int(text) if text else None for text in (old, new)
                ]
    if not changes:
        return changes
    for name in ("kind", "parent", "estimate_likely", "due_date", "assignee"):
        if name in changes:
            setattr(item, name, sent[name])
    if "status" in changes:
        assert plan.gate is not None
        plan.gate.pass_(by, item, item.status_id, changes)
        entered(item, sent["status"], now)
    item.version += 1
    item.updated_at = now
    return changes


def _key(item: Item, other: Item) -> str:
    return f"{item.product.key}-{other.number}"


def _write_columns(
    plan: _Plan, told: Sequence[tuple[Item, dict[str, Any]]], now: datetime.datetime
) -> None:
    """One statement a column, since all get the same: as many for two items as for 2,000."""

    def those(name: str) -> QuerySet[Item]:
        ids = [item.pk for item, changes in told if name in changes]
        return Item.objects.filter(pk__in=among(ids))

    for name in ("kind", "parent", "estimate_likely", "due_date", "assignee"):
        if name in plan.sent:
            those(name).update(**{name: plan.sent[name]})
    if "status" in plan.sent:
        status: Status = plan.sent["status"]
        moments: dict[str, Any] = {"finished_at": None, "parked_at": None}
        if status.category == Category.STARTED:
            moments["started_at"] = Coalesce("started_at", Value(now))
        elif status.category == Category.DONE:
            moments["finished_at"] = Coalesce("finished_at", Value(now))
        those("status").update(status=status, **moments)
        approvals_overtaken([item.pk for item, changes in told if "status" in changes])
    everybody = Item.objects.filter(pk__in=among([item.pk for item, _ in told]))
    everybody.update(version=F("version") + 1, updated_at=now)


def _write(
    by: Member, plan: _Plan, told: Sequence[tuple[Item, dict[str, Any]]], now: datetime.datetime
) -> None:
    _write_columns(plan, told, now)
    marked = [item.pk for item, changes in told if "labels" in changes]
    if marked:
        through = Item.labels.through
        rows = through.objects.filter(item_id__in=among(marked))
        if plan.labels_remove:
            gone = {
                label.pk
                for item, _ in told
                for label in item.labels.all()
                if label.name.casefold() in plan.labels_remove
            }
            rows.filter(label__in=gone).delete()
        have = set(rows.values_list("item_id", "label_id"))
        bulk.insert(
            through(item_id=pk, label_id=label.pk)
            for pk in marked
            for label in plan.labels_add
            if (pk, label.pk) not in have
        )
    for own, value in plan.own:
        ids = [item.pk for item, changes in told if f"fields.{own.slug}" in changes]
        FieldValue.objects.filter(field=own, item_id__in=among(ids)).delete()
        if value is not None:
            bulk.insert(
                FieldValue(
                    field=own,
                    item_id=pk,
                    text=value.text,
                    word=value.word,
                    number=value.number,
                    member_id=value.member_id,
                )
                for pk in ids
            )


def _tell(
    by: Member,
    product: Product,
    plan: _Plan,
    told: Sequence[tuple[Item, dict[str, Any]]],
    now: datetime.datetime,
) -> Event:
    """An event of each item's history, and one of the whole that names them."""
    parts = events.record_many(
        events.build(by=by, verb="item.updated", obj=item, changes=changes, at=now)
        for item, changes in told
    )
    label = counted(
        "%(product)s: %(count)s item",
        "%(product)s: %(count)s items",
        count=len(told),
        product=product.key,
    )
    names = sorted({name for _, changes in told for name in changes if not name.endswith("_id")})
    return events.record(
        by=by,
        verb="items.changed",
        obj=product,
        product_id=product.pk,
        label=label,
        changes={
            "count": len(told),
            "changed": [name for name in names if name != "field_members"],
            "parts": [part.pk for part in parts],
        },
        at=now,
    )
