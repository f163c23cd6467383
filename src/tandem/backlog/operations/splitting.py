"""Splitting one item into several: what was chosen moves to the new ones, both sides are linked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member
from tandem.accounts.permissions import require
from tandem.backlog.flow import Gate
from tandem.backlog.models import (
    Category,
    Comment,
    Criterion,
    Dependency,
    DependencyKind,
    FieldValue,
    Item,
    Kind,
    Question,
    Watch,
)
from tandem.backlog.operations.items import (
    ESTIMATE_FIELDS,
    entered,
    estimate_checked,
    locked,
    statuses_ensure,
    text_checked,
    version_checked,
)
from tandem.core import bulk, events, ordering
from tandem.core.errors import Conflict, Refused
from tandem.core.models import Event
from tandem.ui.numbers import typed

MOST_PARTS = 20
#: What a part may say; ``criteria``, ``questions`` and ``children`` are numbers of rows that move.
PART_FIELDS = ("title", "kind", "estimate_likely", "criteria", "questions", "children")
_MOVES: dict[str, Any] = {"criteria": Criterion, "questions": Question, "children": Item}


@dataclass
class Split:
    """What splitting does, or would do."""

    item: Item
    parts: list[Item] = field(default_factory=list)
    #: For each part: how many criteria, questions and children move to it.
    moved: list[dict[str, int]] = field(default_factory=list)
    #: How many dependencies each part gets.
    dependencies: int = 0
    #: The item's likely estimate afterwards.
    remains: float | None = None
    event: Event | None = None


@transaction.atomic
def item_split(
    *,
    by: Member,
    item: Item,
    parts: Sequence[Mapping[str, Any]],
    copy_dependencies: bool = True,
    version: int | None = None,
    dry: bool = False,
) -> Split:
    """Split new items off: each takes the criteria, questions and children given to it and its
    part of the estimate, stands right behind the item, below the same parent, with its labels,
    own fields and watchers, and is linked "split from".

    ``copy_dependencies``: what the item blocks, and waits for, holds for each part, too. A part's
    likely estimate is taken off the item's; low and high go in proportion. ``dry``: say what would
    happen and change nothing. The event takes it back.
    """
    require(by, "item.create")
    require(by, "item.edit")
    product = locked(item.product)
    item = Item.objects.select_for_update().get(pk=item.pk)
    item.product = product
    if item.deleted_at is not None:
        raise Refused(_("%(key)s was deleted. Restore it to split it.") % {"key": item.key})
    version_checked(item, version)
    if not 1 <= len(parts) <= MOST_PARTS:
        raise Refused(
            _("An item is split into 1 to %(most)s further items.") % {"most": MOST_PARTS},
            field="parts",
        )
    now = timezone.now()
    changes: dict[str, Any] = {}
    made = _parts(item, parts, by, now)
    _estimates(item, parts, made, changes)
    result = Split(item, made, remains=item.estimate_likely)
    _numbered(item, made)
    given = _given(item, parts)
    for place, part in enumerate(made):
        counts = {}
        for name, model in _MOVES.items():
            ids = given[place][name]
            column = "parent" if name == "children" else "item"
            model.objects.filter(pk__in=ids).update(**{column: part})
            if model is Question:
                Comment.objects.filter(question__in=ids).update(item=part)
            changes.setdefault(f"{name}_moved", []).extend(ids)
            counts[name] = len(ids)
        result.moved.append(counts)
    result.dependencies = _linked(item, made, copy=copy_dependencies)
    _copied(item, made)
    _let_in(by, item.product, made)
    if dry:
        transaction.set_rollback(True)
        return result
    changes = {name: value for name, value in changes.items() if value}
    changes["split_into"] = [None, ", ".join(f"{part.key} {part.title}" for part in made)]
    changes["split_ids"] = [part.pk for part in made]
    item.version += 1
    item.updated_at = now
    item.save()
    events.record_many(
        events.build(
            by=by,
            verb="item.created",
            obj=part,
            changes={"title": [None, part.title], "split_from": [None, item.key]},
            at=now,
        )
        for part in made
    )
    result.event = events.record(by=by, verb="item.split", obj=item, changes=changes, at=now)
    return result


def _parts(item: Item, parts: Sequence[Mapping[str, Any]], by: Member, now: Any) -> list[Item]:
    statuses = statuses_ensure(item.product)
    status = next((each for each in statuses if each.category == Category.OPEN), statuses[0])
    made = []
    for place, sent in enumerate(parts):
        unknown = next((name for name in sent if name not in PART_FIELDS), None)
        if unknown is not None:
            raise Refused(
                _("“%(unknown)s” is none of %(known)s.")
                % {"unknown": unknown, "known": ", ".join(PART_FIELDS)},
                field="parts",
            )
        try:
            title = text_checked("title", sent.get("title"))
        except Refused as refusal:
            raise Refused(refusal.message, field=f"parts.{place}.title") from refusal
        kind = sent.get("kind") or (Kind.STORY if item.kind == Kind.EPIC else item.kind)
        if kind not in Kind.values:
            raise Refused(_("%(kind)s is no kind.") % {"kind": kind}, field=f"parts.{place}.kind")
        part = Item(
            workspace_id=item.workspace_id,
            product=item.product,
            kind=kind,
            title=title,
            parent=item if item.kind == Kind.EPIC else item.parent,
            created_by=by,
            created_at=now,
            updated_at=now,
        )
        entered(part, status, now)
        made.append(part)
    return made


def _estimates(
    item: Item, parts: Sequence[Mapping[str, Any]], made: list[Item], changes: dict[str, Any]
) -> None:
    """Each part takes its likely value off the item's; low and high go in proportion."""
    before = {name: getattr(item, name) for name in ESTIMATE_FIELDS}
    whole, taken = item.estimate_likely, 0.0
    for place, (sent, part) in enumerate(zip(parts, made, strict=True)):
        try:
            likely = estimate_checked(None, sent.get("estimate_likely"), None)[1]
        except Refused as refusal:
            raise Refused(refusal.message, field=f"parts.{place}.estimate_likely") from refusal
        if likely is None:
            continue
        taken += likely
        part.estimate_likely = likely
        if whole:
            for name in ("estimate_low", "estimate_high"):
                if before[name] is not None:
                    setattr(part, name, round(before[name] * likely / whole, 6))
    if whole is None or not taken:
        return
    if taken > whole:
        raise Refused(
            _(
                "The parts take %(taken)s and the item has %(whole)s. Give less, or estimate the item anew first."
            )
            % {"taken": typed(taken), "whole": typed(whole)},
            field="parts",
        )
    rest = (whole - taken) / whole if whole else 0.0
    for name in ESTIMATE_FIELDS:
        if before[name] is not None:
            value = round(before[name] * rest, 6)
            setattr(item, name, value)
            changes[name] = [before[name], value]


def _numbered(item: Item, made: list[Item]) -> None:
    """Numbers, and places right behind the item."""
    product = item.product
    following = (
        Item.objects.of(product)
        .filter(rank__gt=item.rank)
        .order_by("rank")
        .values_list("rank", flat=True)
        .first()
    )
    ranks = ordering.many_between(item.rank, following, len(made))
    for offset, (part, rank) in enumerate(zip(made, ranks, strict=True)):
        part.number, part.rank = product.next_number + offset, rank
    product.next_number += len(made)
    product.save(update_fields=["next_number"])
    bulk.insert(made)


def _let_in(by: Member, product: Any, made: list[Item]) -> None:
    """A part is a new item: what its status and every new item need, it needs as well."""
    gate = Gate.to_status(product, made[0].status).for_new().look([part.pk for part in made])
    for place, part in enumerate(made):
        try:
            gate.pass_new(by, part)
        except Refused as refusal:
            raise Refused(
                _("%(title)s: %(why)s") % {"title": part.title, "why": refusal.message},
                field=f"parts.{place}",
                **refusal.details,
            ) from refusal


def _given(item: Item, parts: Sequence[Mapping[str, Any]]) -> list[dict[str, list[int]]]:
    """What each part gets, each row once; refuses rows that are none of the item's."""
    own = {
        "criteria": set(Criterion.objects.filter(item=item).values_list("pk", flat=True)),
        "questions": set(Question.objects.filter(item=item).values_list("pk", flat=True)),
        "children": set(
            Item.objects.filter(parent=item, deleted_at=None).values_list("pk", flat=True)
        ),
    }
    found = []
    for place, sent in enumerate(parts):
        mine: dict[str, list[int]] = {}
        for name, left in own.items():
            ids = [int(pk) for pk in sent.get(name) or []]
            if not set(ids) <= left or len(set(ids)) != len(ids):
                raise Refused(
                    _("One of these %(name)s is not (any more) %(key)s's, or was given twice.")
                    % {"name": _(name), "key": item.key},
                    field=f"parts.{place}.{name}",
                )
            own[name] = left - set(ids)
            mine[name] = sorted(ids)
        found.append(mine)
    return found


def _linked(item: Item, made: list[Item], *, copy: bool) -> int:
    """The links "split from", and the dependencies copied; gives how many each part got."""
    rows = [Dependency(from_item=part, to_item=item, kind=DependencyKind.SPLIT) for part in made]
    copied = 0
    if copy:
        before = Dependency.objects.filter(to_item=item, kind=DependencyKind.BLOCKS)
        behind = Dependency.objects.filter(from_item=item, kind=DependencyKind.BLOCKS)
        sources = list(before.values_list("from_item", flat=True))
        targets = list(behind.values_list("to_item", flat=True))
        copied = len(sources) + len(targets)
        for part in made:
            kind = DependencyKind.BLOCKS
            rows += [Dependency(from_item_id=pk, to_item=part, kind=kind) for pk in sources]
            rows += [Dependency(from_item=part, to_item_id=pk, kind=kind) for pk in targets]
    Dependency.objects.bulk_create(rows)
    return copied


def _copied(item: Item, made: list[Item]) -> None:
    """Labels, own fields and watchers are the item's."""
    labels = list(item.labels.values_list("pk", flat=True))
    values = list(FieldValue.objects.filter(item=item))
    watches = list(Watch.objects.filter(item=item))
    through = Item.labels.through
    bulk.insert(through(item_id=part.pk, label_id=pk) for part in made for pk in labels)
    for rows in (values, watches):
        copies = []
        for part in made:
            for row in rows:
                copy = type(row)(
                    **{
                        each.attname: getattr(row, each.attname)
                        for each in row._meta.concrete_fields
                        if not each.primary_key
                    }
                )
                copy.item_id = part.pk
                copies.append(copy)
        bulk.insert(copies)


def split_undo(by: Member, item: Item, event: Event) -> Item:
    """Everything back on the item, the parts into the trash; refused while one was worked on."""
    require(by, "item.edit")
    require(by, "item.delete")
    changes = event.changes
    rows = Item.objects.filter(pk__in=changes.get("split_ids", []), deleted_at=None)
    parts = list(rows.order_by("number"))
    if not parts:
        raise Conflict(_("The items that were split off are gone already."), current=item)
    ids = [part.pk for part in parts]
    worked = Event.objects.filter(object_kind="item", object_id__in=ids).exclude(
        verb__in=("item.created", "item.moved", "watch.begun", "watch.ended")
    )
    busy = {event.object_id for event in worked}
    if busy:
        keys = ", ".join(f"{item.product.key}-{part.number}" for part in parts if part.pk in busy)
        raise Conflict(
            _("%(keys)s was worked on since. Merge what shall come back into %(key)s instead.")
            % {"keys": keys, "key": item.key},
            current=item,
        )
    for name in ESTIMATE_FIELDS:
        if name in changes and getattr(item, name) == changes[name][1]:
            setattr(item, name, changes[name][0])
    for name, model in _MOVES.items():
        column = "parent" if name == "children" else "item"
        back = model.objects.filter(
            pk__in=changes.get(f"{name}_moved", []), **{f"{column}__in": ids}
        )
        if model is Question:
            Comment.objects.filter(question__in=back).update(item=item)
        back.update(**{column: item})
    now = timezone.now()
    Item.objects.filter(pk__in=ids).update(deleted_at=now)
    for part in parts:
        part.product = item.product
    events.record_many(events.build(by=by, verb="item.deleted", obj=part, at=now) for part in parts)
    item.version += 1
    item.updated_at = now
    item.save()
    events.record(by=by, verb="item.unsplit", obj=item, at=now)
    return item
