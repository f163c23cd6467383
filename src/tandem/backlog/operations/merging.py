"""Merging one item into another: what hangs on it moves, its key leads there, nothing is lost."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from tandem.accounts.models import Member
from tandem.accounts.permissions import require
from tandem.backlog.models import (
    Attachment,
    Comment,
    Criterion,
    Dependency,
    DependencyKind,
    FieldValue,
    Item,
    Question,
    Watch,
)
from tandem.backlog.operations.bulk import mark_of
from tandem.backlog.operations.dependencies import path_of_blocks
from tandem.backlog.operations.items import ESTIMATE_FIELDS, locked
from tandem.core import events
from tandem.core.errors import Conflict, Refused
from tandem.core.models import Event
from tandem.ui.filters import number


@dataclass(frozen=True)
class Carrier:
    """Rows of one kind that hang on an item and move with it.

    ``name`` stands in the event (``<name>_moved``) and in the preview; ``words``: one and many.
    ``move(source, target)`` moves what fits and gives the rows' numbers; ``back(target, source,
    numbers)`` undoes it as far as they are still there.
    """

    name: str
    words: tuple[str, str]
    move: Callable[[Item, Item], list[int]]
    back: Callable[[Item, Item, list[int]], None]


carriers: list[Carrier] = []


def carries(carrier: Carrier) -> None:
    """Let what a higher app hangs on items move when they are merged."""
    if carrier.name not in [each.name for each in carriers]:
        carriers.append(carrier)


def plain_carrier(
    name: str,
    model: Any,
    words: tuple[str, str],
    *,
    once: tuple[str, ...] = (),
    alone: bool = False,
    **only: Any,
) -> Carrier:
    """Rows with a column ``item``. ``once``: columns of which the target has no two rows alike;
    ``alone``: it has one row at most."""

    def move(source: Item, target: Item) -> list[int]:
        if alone and model.objects.filter(item=target).exists():
            return []
        rows = model.objects.filter(item=source, **only)
        if once:
            have = set(model.objects.filter(item=target).values_list(*once))
            rows = [row for row in rows if tuple(getattr(row, name) for name in once) not in have]
        ids = sorted(row.pk for row in rows)
        model.objects.filter(pk__in=ids).update(item=target)
        return ids

    def back(target: Item, source: Item, ids: list[int]) -> None:
        model.objects.filter(pk__in=ids, item=target).update(item=source)

    return Carrier(name, words, move, back)


def _criteria_move(source: Item, target: Item) -> list[int]:
    """Behind the target's own."""
    start = target.criteria.count()
    rows = list(Criterion.objects.filter(item=source).order_by("position"))
    for offset, row in enumerate(rows):
        row.item, row.position = target, start + offset
    Criterion.objects.bulk_update(rows, ["item", "position"])
    return [row.pk for row in rows]


def _criteria_back(target: Item, source: Item, ids: list[int]) -> None:
    Criterion.objects.filter(pk__in=ids, item=target).update(item=source)


def _children_move(source: Item, target: Item) -> list[int]:
    rows = Item.objects.filter(parent=source, deleted_at=None).exclude(pk=target.pk)
    ids = sorted(rows.values_list("pk", flat=True))
    Item.objects.filter(pk__in=ids).update(parent=target)
    return ids


def _children_back(target: Item, source: Item, ids: list[int]) -> None:
    Item.objects.filter(pk__in=ids, parent=target).update(parent=source)


carries(plain_carrier("comments", Comment, (N_("comment"), N_("comments"))))
carries(plain_carrier("attachments", Attachment, (N_("attachment"), N_("attachments"))))
carries(Carrier("criteria", (N_("criterion"), N_("criteria")), _criteria_move, _criteria_back))
carries(plain_carrier("questions", Question, (N_("question"), N_("questions"))))
carries(plain_carrier("watches", Watch, (N_("watcher"), N_("watchers")), once=("member_id",)))
carries(Carrier("children", (N_("part"), N_("parts")), _children_move, _children_back))


@dataclass
class Merged:
    """What merging does, or would do."""

    item: Item
    into: Item
    #: How many rows of each kind move, in words of one and many.
    moved: list[tuple[int, tuple[str, str]]] = field(default_factory=list)
    #: Fields the other item takes over, as people call them.
    taken: list[str] = field(default_factory=list)
    #: What does not move, and why.
    left: list[str] = field(default_factory=list)
    mark: str = ""
    event: Event | None = None


def moved_words(count: int, words: tuple[str, str]) -> str:
    """``3 comments move.``"""
    one, many = (_(each) for each in words)
    return ngettext("%(count)s %(what)s moves.", "%(count)s %(what)s move.", count) % {
        "count": number(count),
        "what": one if count == 1 else many,
    }


@transaction.atomic
def items_merge(
    *, by: Member, item: Item, into: Item, mark: str = "", texts: bool = True, dry: bool = False
) -> Merged:
    """Merge ``item`` into ``into``: comments, attachments, criteria, questions, watchers, parts,
    dependencies and ratings move, fields that ``into`` lacks are taken over, and the key of
    ``item`` leads to ``into``. ``texts``: put its description below the other one's.

    ``dry``: say what would happen and change nothing. ``mark``: of the try one looked at. The
    event of ``into`` takes it back.
    """
    require(by, "item.edit")
    require(by, "item.delete")
    product = locked(item.product)
    rows = {row.pk: row for row in Item.objects.filter(pk__in=[item.pk, into.pk])}
    item, into = rows[item.pk], rows[into.pk]
    item.product = into.product = product
    _checked(item, into)
    result = Merged(item, into, mark=mark_of([item, into]))
    if mark and mark != result.mark:
        raise Conflict(
            _("One of the items was changed since you looked. Nothing was merged; look again."),
            current=into,
            field="mark",
        )
    now = timezone.now()
    changes: dict[str, Any] = {
        "merged_from": [None, f"{item.key} {item.title}"],
        "merged_id": item.pk,
    }
    if _stands_below(into, item):
        changes["parent"] = [into.parent and f"{product.key}-{into.parent.number}", None]
        changes["parent_id"] = [into.parent_id, item.parent_id]
        into.parent_id = item.parent_id
        into.save(update_fields=["parent"])
    for carrier in carriers:
        ids = carrier.move(item, into)
        if ids:
            changes[f"{carrier.name}_moved"] = ids
            result.moved.append((len(ids), carrier.words))
    _dependencies_move(item, into, changes, result)
    _fields_take(item, into, changes, result, texts=texts)
    if dry:
        transaction.set_rollback(True)
        return result
    into.version += 1
    into.updated_at = now
    into.save()
    # An alias of an alias leads to the end at once.
    Item.objects.filter(merged_into=item).update(merged_into=into)
    item.merged_into, item.deleted_at = into, now
    item.version += 1
    item.save(update_fields=["merged_into", "deleted_at", "version"])
    events.record(
        by=by,
        verb="item.merged",
        obj=item,
        changes={"merged_into": [None, f"{into.key} {into.title}"]},
        at=now,
    )
    result.event = events.record(by=by, verb="item.absorbed", obj=into, changes=changes, at=now)
    return result


def _checked(item: Item, into: Item) -> None:
    if item.product_id != into.product_id:
        raise Refused(_("Items of one product are merged; move it there first."), field="into")
    if item.pk == into.pk:
        raise Refused(_("An item cannot be merged into itself."), field="into")
    for each in (item, into):
        if each.deleted_at is not None:
            raise Refused(
                _("%(key)s was deleted or merged already.") % {"key": each.key}, field="into"
            )


def _stands_below(below: Item, above: Item) -> bool:
    step, seen = below.parent, set()
    while step is not None and step.pk not in seen:
        if step.pk == above.pk:
            return True
        seen.add(step.pk)
        step = step.parent
    return False


def _dependencies_move(item: Item, into: Item, changes: dict[str, Any], result: Merged) -> None:
    """Each once: what would join an item with itself, stand twice or close a circle stays."""
    rows = Dependency.objects.filter(Q(from_item=item) | Q(to_item=item))
    rows = rows.select_related("from_item", "to_item").order_by("pk")
    have = set(Dependency.objects.values_list("from_item_id", "to_item_id", "kind").filter(
        Q(from_item=into) | Q(to_item=into)
    ))  # fmt: skip
    moved = []
    for row in rows:
        other = row.to_item if row.from_item_id == item.pk else row.from_item
        other.product = item.product
        ends = [into.pk if pk == item.pk else pk for pk in (row.from_item_id, row.to_item_id)]
        words = row.get_kind_display()
        if ends[0] == ends[1]:
            result.left.append(
                _("“%(relation)s” between %(key)s and %(into)s: they are one now.")
                % {"relation": words, "key": item.key, "into": into.key}
            )
            continue
        twins = {(ends[0], ends[1], row.kind)}
        if row.kind == DependencyKind.RELATES:
            twins.add((ends[1], ends[0], row.kind))
        if twins & have:
            continue
        if row.kind == DependencyKind.BLOCKS and other.deleted_at is None:
            # The item's own edges must not count: they go.
            circle = path_of_blocks(item.product, ends[1], ends[0], without=item.pk)
            if circle is not None:
                result.left.append(
                    _(
                        "“%(relation)s” with %(key)s: it would close a circle with what %(into)s has."
                    )
                    % {"relation": words, "key": other.key, "into": into.key}
                )
                continue
        have |= twins
        row.from_item_id, row.to_item_id = ends
        row.save(update_fields=["from_item", "to_item"])
        moved.append(row.pk)
    if moved:
        changes["dependencies_moved"] = moved
        result.moved.append((len(moved), (N_("dependency"), N_("dependencies"))))


def _fields_take(
    item: Item, into: Item, changes: dict[str, Any], result: Merged, *, texts: bool
) -> None:
    """What the other item lacks; what it has stays."""
    if item.estimate_likely is not None and into.estimate_likely is None:
        for name in ESTIMATE_FIELDS:
            if getattr(item, name) is not None:
                changes[name] = [None, getattr(item, name)]
                setattr(into, name, getattr(item, name))
        result.taken.append(_("estimate"))
    if item.due_date and not into.due_date:
        changes["due_date"] = [None, item.due_date]
        into.due_date = item.due_date
        result.taken.append(_("due day"))
    if item.assignee_id and not into.assignee_id:
        changes["assignee"] = [None, item.assignee and item.assignee.name]
        changes["assignee_id"] = [None, item.assignee_id]
        into.assignee_id = item.assignee_id
        result.taken.append(_("assignee"))
    before = {label.pk: label.name for label in into.labels.all()}
    extra = [label for label in item.labels.all() if label.pk not in before]
    if extra:
        changes["labels"] = [
            sorted(before.values()),
            sorted([*before.values(), *(label.name for label in extra)]),
        ]
        into.labels.add(*extra)
        result.taken.append(_("labels"))
    held = set(FieldValue.objects.filter(item=into).values_list("field_id", flat=True))
    values = FieldValue.objects.filter(item=item).exclude(field__in=held).select_related("field")
    moved = [row.pk for row in values]
    if moved:
        result.taken += [row.field.name for row in values]
        FieldValue.objects.filter(pk__in=moved).update(item=into)
        changes["field_values_moved"] = moved
    if texts and item.description.strip():
        below = f"**{item.key} {item.title}**\n\n{item.description}"
        after = "\n\n".join(filter(None, [into.description, below]))[:200_000]
        changes["description"] = [into.description, after]
        into.description = after
        result.taken.append(_("description"))


# Taking it back

_KEPT = (*ESTIMATE_FIELDS, "due_date", "assignee_id", "description", "parent_id")


def merge_undo(by: Member, into: Item, event: Event) -> Item:
    """Both items as they were; what was changed on the remaining one since stays there."""
    require(by, "item.edit")
    require(by, "item.delete")
    changes = event.changes
    item = Item.objects.select_for_update().filter(pk=changes.get("merged_id")).first()
    if item is None:
        raise Conflict(_("The merged item was erased for good."), current=into)
    if item.merged_into_id != into.pk:
        raise Conflict(
            _("%(into)s stands on its own again already.") % {"into": _key(into, item)},
            current=into,
        )
    item.product = into.product
    for carrier in carriers:
        carrier.back(into, item, changes.get(f"{carrier.name}_moved", []))
    for row in Dependency.objects.filter(pk__in=changes.get("dependencies_moved", [])):
        if row.from_item_id == into.pk:
            row.from_item = item
        elif row.to_item_id == into.pk:
            row.to_item = item
        row.save(update_fields=["from_item", "to_item"])
    values = changes.get("field_values_moved", [])
    FieldValue.objects.filter(pk__in=values, item=into).update(item=item)
    stayed = _fields_back(into, changes)
    if "labels" in changes:
        before, after = changes["labels"]
        added = set(after) - set(before)
        into.labels.remove(*into.labels.filter(name__in=added))
    into.version += 1
    into.updated_at = timezone.now()
    into.save()
    item.merged_into = item.deleted_at = None
    item.version += 1
    item.save(update_fields=["merged_into", "deleted_at", "version"])
    events.record(by=by, verb="item.unmerged", obj=item)
    told: dict[str, Any] = {"merged_from": [f"{item.key} {item.title}", None]}
    if stayed:
        told["stayed"] = stayed
    events.record(by=by, verb="item.unmerged", obj=into, changes=told)
    return into


def _fields_back(into: Item, changes: dict[str, Any]) -> list[str]:
    """Gives the fields that were changed since."""
    stayed: list[str] = []
    for name in _KEPT:
        if name not in changes:
            continue
        before, after = changes[name]
        now = events.plain(getattr(into, name))
        if now == after:
            setattr(into, name, before)
        else:
            stayed.append(name.removesuffix("_id").replace("_", " "))
    return stayed


def _key(of: Item, other: Item) -> str:
    return f"{of.product.key}-{other.number}"
