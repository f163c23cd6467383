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
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.backlog import custom
from tandem.backlog.flow import Gate
from tandem.backlog.models import (
    CustomField,
    FieldKind,
    FieldValue,
    Item,
    Kind,
)
from tandem.backlog.operations.bulk_settings import SETTINGS, Look, Looks
from tandem.backlog.operations.bulk_writing import Plan, fields_write
from tandem.backlog.operations.items import (
    entered,
    estimate_checked,
    labels_named,
    locked,
)
from tandem.core import events
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


def settable() -> tuple[str, ...]:
    """All that can be set, also where items are kept and what higher apps add."""
    return (*SETTABLE, *SETTINGS)


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


def _more(by: Member, product: Product, sent: Mapping[str, Any]) -> dict[str, Any]:
    """What settings are sent, checked for what no item could be given."""
    if "trash" in sent and len(sent) > 1:
        raise Refused(
            _("What goes to the trash is not changed as well. Do one after the other."),
            field="trash",
        )
    if "parked" in sent and "status" in sent:
        raise Refused(
            _("A new status brings a parked item back. Set the status or park, one of both."),
            field="parked",
        )
    found = {}
    for name in sent:
        if name in SETTINGS:
            require(by, SETTINGS[name].permission)
            found[name] = SETTINGS[name].checked(product, sent[name])
    return found


def _read(by: Member, product: Product, sent: Mapping[str, Any]) -> Plan:
    unknown = [name for name in sent if name not in settable()]
    if unknown:
        raise Refused(
            _("“%(unknown)s” is none of %(known)s.")
            % {"unknown": unknown[0], "known": ", ".join(settable())},
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
    return Plan(
        read,
        labels_named(product, list(sent.get("labels_add") or [])),
        {name.casefold() for name in sent.get("labels_remove") or []},
        own,
        ancestors,
        _more(by, product, sent),
    )


def mark_of(items: Sequence[Item], looks: Mapping[str, Looks] = MappingProxyType({})) -> str:
    """What stands for the items as they are, with what the settings found on them."""
    text = ",".join(f"{item.pk}:{item.version}" for item in sorted(items, key=lambda i: i.pk))
    for name, looked in sorted(looks.items()):
        text += f";{name}:{sorted((pk, look.before) for pk, look in looked.items())}"
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
    plan = _read(by, product, change)
    looks = {name: SETTINGS[name].look(product, found, to) for name, to in plan.more.items()}
    result = BulkChange(mark=mark_of(found, looks))
    if mark and mark != result.mark:
        raise Conflict(
            _(
                "Some of these items were changed since you looked. Nothing was changed; look at the "
                "preview again."
            ),
            field="mark",
        )
    now = timezone.now()
    held = _held(found, plan)
    if "status" in plan.sent:
        to = plan.sent["status"]
        moving = [item.pk for item in found if item.status_id != to.pk]
        plan.gate = Gate.to_status(product, to).look(moving)
    told: list[tuple[Item, dict[str, Any]]] = []
    more: dict[str, list[tuple[Item, Look]]] = {name: [] for name in looks}
    for item in found:
        item.product = product
        try:
            set_also = _set_also(item, looks)
            changes = _changes(by, item, plan, held.get(item.pk, {}), now)
        except Refused as refusal:
            result.refused.append((item, refusal.message))
            continue
        if not changes and not set_also:
            result.unchanged += 1
            continue
        if changes:
            told.append((item, changes))
        for name, look in set_also.items():
            more[name].append((item, look))
            changes = {**changes, name: [look.before, look.after]}
        result.changed.append(item)
        result.fields.update(name for name in changes if not name.endswith("_id"))
        if len(result.examples) < EXAMPLES:
            result.examples.append((item, changes))
    if dry:
        # Labels that were only tried are not made.
        transaction.set_rollback(True)
        return result
    if result.changed:
        parts = []
        for name, those in more.items():
            if those:
                parts += SETTINGS[name].write(by, product, those, plan.more[name], now)
        if told:
            fields_write(plan, told, now)
        # Fields last, so that they are taken back first: nothing came after a new status.
        parts += [
            events.build(by=by, verb="item.updated", obj=item, changes=changes, at=now)
            for item, changes in told
        ]
        result.event = _tell(by, product, result, parts, now)
    return result


def _set_also(item: Item, looks: Mapping[str, Looks]) -> dict[str, Look]:
    """The settings that change on the item; refuses what one of them cannot be."""
    found = {}
    for name, looked in looks.items():
        look = looked[item.pk]
        if look.before != look.after:
            if look.refusal:
                raise Refused(look.refusal, field=name)
            found[name] = look
    return found


def _held(items: Sequence[Item], plan: Plan) -> dict[int, dict[int, str]]:
    if not plan.own:
        return {}
    fields = [field.pk for field, _ in plan.own]
    rows = FieldValue.objects.filter(item_id__in=among([i.pk for i in items]), field__in=fields)
    found: dict[int, dict[int, str]] = {}
    for row in rows:
        found.setdefault(row.item_id, {})[row.field_id] = custom.held(row)
    return found


def _changes(
    by: Member, item: Item, plan: Plan, held: dict[int, str], now: datetime.datetime
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


def _tell(
    by: Member, product: Product, result: BulkChange, parts: list[Event], now: datetime.datetime
) -> Event:
    """The events of each item's history, and one of the whole that names them."""
    parts = events.record_many(parts)
    label = counted(
        "%(product)s: %(count)s item",
        "%(product)s: %(count)s items",
        count=len(result.changed),
        product=product.key,
    )
    return events.record(
        by=by,
        verb="items.changed",
        obj=product,
        product_id=product.pk,
        label=label,
        changes={
            "count": len(result.changed),
            "changed": sorted(name for name in result.fields if name != "field_members"),
            "parts": [part.pk for part in parts],
        },
        at=now,
    )
