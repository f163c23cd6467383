"""Making many items at once: tried first, done as one, taken back as one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.backlog import custom
from tandem.backlog.flow import Gate
from tandem.backlog.models import (
    Criterion,
    CustomField,
    FieldValue,
    Item,
    Kind,
    Label,
    Status,
    first_open,
)
from tandem.backlog.needs import Had
from tandem.backlog.operations import criteria, items
from tandem.backlog.operations.bulk import MOST
from tandem.core import bulk, events, ordering
from tandem.core.errors import Refused
from tandem.core.models import Event
from tandem.ui.filters import number
from tandem_engine.words import counted

#: What a row may say. ``parent``: an item, or the place (from 0) of another row.
ROW_FIELDS = (
    "title",
    "kind",
    "status",
    "assignee",
    "parent",
    "labels",
    "due_date",
    "criteria",
    "values",
    *items.TEXT_FIELDS[1:],
    *items.ESTIMATE_FIELDS,
)


@dataclass(frozen=True)
class Problem:
    """Why a row cannot become an item: its place from 0, the field, one sentence."""

    row: int
    field: str
    message: str


@dataclass
class Created:
    """What making many items does, or would do."""

    items: list[Item] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    #: Names of labels that are made along.
    labels: list[str] = field(default_factory=list)
    #: The event that undoes it; none for a try.
    event: Event | None = None


@dataclass
class _Draft:
    item: Item
    labels: list[str]
    criteria: list[Criterion]
    values: list[tuple[CustomField, custom.Held]]
    parent: int | None = None


@transaction.atomic
def items_create(
    *,
    by: Member,
    product: Product,
    rows: Sequence[Mapping[str, Any]],
    at_top: bool = False,
    dry: bool = False,
) -> Created:
    """Make an item of every row, in their order at the backlog's end or top: all or none.

    ``dry``: check everything and write nothing; what is wrong stands in ``problems``. Without it
    a wrong row refuses the whole. ``bulk_undo`` takes all of them back by the result's event.
    """
    require(by, "item.create")
    if len(rows) > MOST:
        raise Refused(
            _(
                "At most %(most)s items are made at once; these are %(count)s. Import a file of more: an import takes any number, in the background."
            )
            % {"most": number(MOST), "count": number(len(rows))},
            field="rows",
        )
    product = items.locked(product)
    if product.workspace_id != by.workspace_id:
        raise Refused(_("There is no such product here."), field="product")
    statuses = items.statuses_ensure(product)
    fields = custom.fields_of(product)
    for each in fields:
        each.product = product
    now = timezone.now()
    blank = Item(
        workspace_id=product.workspace_id,
        product=product,
        created_by=by,
        created_at=now,
        updated_at=now,
    )
    result, drafts = Created(), []
    for place, row in enumerate(rows):
        try:
            drafts.append(_draft(blank, row, statuses, fields, len(rows)))
        except Refused as refusal:
            result.problems.append(Problem(place, refusal.field or "", refusal.message))
    if not result.problems:
        result.problems = _circles(drafts) or _held_back(by, product, drafts)
    known = {
        name.casefold()
        for name in Label.objects.filter(product=product).values_list("name", flat=True)
    }
    wanted = {name.casefold(): name for draft in drafts for name in draft.labels}
    result.labels = [name for folded, name in wanted.items() if folded not in known]
    result.items = [draft.item for draft in drafts]
    if dry:
        transaction.set_rollback(True)
        return result
    if result.problems:
        first = result.problems[0]
        told = {"row": first.row + 1, "message": first.message}
        more = len(result.problems) - 1
        raise Refused(
            ngettext(
                "Row %(row)s: %(message)s %(number)s more like it. Nothing was made.",
                "Row %(row)s: %(message)s %(number)s more like it. Nothing was made.",
                more,
            )
            % {**told, "number": number(more)}
            if more
            else _("Row %(row)s: %(message)s Nothing was made.") % told,
            field=f"rows.{first.row}.{first.field}".rstrip("."),
        )
    if drafts:
        _write(product, drafts, at_top=at_top)
        result.event = _tell(by, product, drafts)
    return result


def _draft(
    blank: Item,
    row: Mapping[str, Any],
    statuses: Sequence[Status],
    fields: Sequence[CustomField],
    count: int,
) -> _Draft:
    """One row as an item not yet written; refuses as ``item_create`` does."""
    product = blank.product
    unknown = next((name for name in row if name not in ROW_FIELDS), None)
    if unknown is not None:
        raise Refused(
            _("“%(unknown)s” is none of %(known)s.")
            % {"unknown": unknown, "known": ", ".join(ROW_FIELDS)},
            field=unknown,
        )
    item = Item(
        **{name: getattr(blank, name) for name in ("workspace_id", "created_at", "updated_at")},
        product=product,
        created_by=blank.created_by,
        kind=row.get("kind") or Kind.STORY,
        assignee=row.get("assignee"),
        due_date=row.get("due_date"),
    )
    if item.kind not in Kind.values:
        raise Refused(
            _("%(kind)s is no kind. Kinds: %(known)s.")
            % {"kind": item.kind, "known": ", ".join(Kind.values)},
            field="kind",
        )
    status = row.get("status") or first_open(statuses)
    if status.product_id != product.pk:
        raise Refused(_("The status belongs to another product."), field="status")
    if item.assignee is not None and item.assignee.workspace_id != product.workspace_id:
        raise Refused(_("That person is not in this workspace."), field="assignee")
    items.entered(item, status, blank.created_at)
    for name in items.TEXT_FIELDS:
        setattr(item, name, items.text_checked(name, row.get(name)))
    estimate = items.estimate_checked(*(row.get(name) for name in items.ESTIMATE_FIELDS))
    for name, value in zip(items.ESTIMATE_FIELDS, estimate, strict=True):
        setattr(item, name, value)
    parent = row.get("parent")
    place = parent if isinstance(parent, int) else None
    if place is not None and not 0 <= place < count:
        raise Refused(_("The row it should stand under is not there."), field="parent")
    if isinstance(parent, Item):
        items.parent_checked(None, parent, product)
        item.parent = parent
    labels = [" ".join(name.replace("\x00", "").split())[:80] for name in row.get("labels") or []]
    if len(labels) > items.MOST_LABELS:
        raise Refused(
            _("An item has at most %(most)s labels.") % {"most": items.MOST_LABELS},
            field="labels",
        )
    made = []
    for position, text in enumerate(row.get("criteria") or []):
        form, text, steps = criteria.read(text, None)
        made.append(Criterion(position=position, form=form, text=text, steps=steps))
    values = []
    for name, value in (row.get("values") or {}).items():
        own = custom.named(fields, name)
        if own is None:
            raise Refused(
                _("There is no field “%(name)s”.") % {"name": name[:40]},
                field=f"fields.{name[:40]}",
            )
        if (held := custom.read(own, value)) is not None:
            values.append((own, held))
    return _Draft(item, [name for name in labels if name], made, values, place)


def _held_back(by: Member, product: Product, drafts: Sequence[_Draft]) -> list[Problem]:
    """Rows that the product's rules keep out of the status they say."""
    found = []
    gates: dict[int, Gate] = {}
    for place, draft in enumerate(drafts):
        item = draft.item
        if item.status_id not in gates:
            gates[item.status_id] = Gate.to_status(product, item.status).for_new()
        gate = gates[item.status_id]
        said = [own.slug for own, _ in draft.values]
        gate.had = Had.unwritten(labels=draft.labels, criteria=draft.criteria, fields=said)
        try:
            gate.pass_new(by, item)
        except Refused as refusal:
            found.append(Problem(place, refusal.field or "", refusal.message))
    return found


def _circles(drafts: Sequence[_Draft]) -> list[Problem]:
    """Rows that would stand under themselves, over others or at once."""
    found = []
    for place, draft in enumerate(drafts):
        step, seen = draft.parent, {place}
        while step is not None and step not in seen:
            seen.add(step)
            step = drafts[step].parent
        if step == place:
            found.append(Problem(place, "parent", _("It would become its own parent.")))
    return found


def _write(product: Product, drafts: Sequence[_Draft], *, at_top: bool) -> None:
    """As many statements for two items as for 2,000."""
    edge = Item.objects.of(product).order_by("rank" if at_top else "-rank")
    neighbour = edge.values_list("rank", flat=True).first()
    before, after = (None, neighbour) if at_top else (neighbour, None)
    for place, (draft, rank) in enumerate(
        zip(drafts, ordering.many_between(before, after, len(drafts)), strict=True)
    ):
        draft.item.rank = rank
        draft.item.number = product.next_number + place
    product.next_number += len(drafts)
    product.save(update_fields=["next_number"])
    bulk.insert(draft.item for draft in drafts)
    below = [draft for draft in drafts if draft.parent is not None]
    for draft in below:
        draft.item.parent = drafts[draft.parent or 0].item
    Item.objects.bulk_update([draft.item for draft in below], ["parent"], batch_size=250)
    names = {name.casefold(): name for draft in drafts for name in draft.labels}
    made = {folded: items.label_named(product, name) for folded, name in names.items()}
    through = Item.labels.through
    bulk.insert(
        through(item_id=draft.item.pk, label_id=pk)
        for draft in drafts
        for pk in sorted({made[name.casefold()].pk for name in draft.labels})
    )
    for draft in drafts:
        for criterion in draft.criteria:
            criterion.item = draft.item
    bulk.insert(criterion for draft in drafts for criterion in draft.criteria)
    bulk.insert(
        FieldValue(
            field=own,
            item_id=draft.item.pk,
            text=held.text,
            word=held.word,
            number=held.number,
            member_id=held.member_id,
        )
        for draft in drafts
        for own, held in draft.values
    )


def _tell(by: Member, product: Product, drafts: Sequence[_Draft]) -> Event:
    """An event of each item's history, and one of the whole that names them."""

    def changes(item: Item) -> dict[str, Any]:
        told: dict[str, Any] = {"title": [None, item.title]}
        if item.assignee is not None:
            told |= {
                "assignee": [None, item.assignee.name],
                "assignee_id": [None, item.assignee_id],
            }
        return told

    at = drafts[0].item.created_at
    parts = events.record_many(
        events.build(by=by, verb="item.created", obj=each.item, changes=changes(each.item), at=at)
        for each in drafts
    )
    label = counted(
        "%(product)s: %(count)s item",
        "%(product)s: %(count)s items",
        count=len(drafts),
        product=product.key,
    )
    return events.record(
        by=by,
        verb="items.created",
        obj=product,
        product_id=product.pk,
        label=label,
        changes={"count": len(drafts), "parts": [part.pk for part in parts]},
        at=at,
    )
