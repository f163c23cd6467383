"""What the item's page needs, section by section, each in a fixed number of queries."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member, Product, Role
from tandem.accounts.permissions import can
from tandem.backlog import custom
from tandem.backlog.mentions import Mention, keys_in, mentions_of
from tandem.backlog.models import (
    Approval,
    ApprovalState,
    Attachment,
    Criterion,
    CustomField,
    Dependency,
    DependencyKind,
    FieldValue,
    Item,
    Kind,
    Label,
    Question,
    Status,
    Watch,
)
from tandem.backlog.models.item import led_to, number_of
from tandem.backlog.own_columns import drawn
from tandem.core.prepared import placed, prepared

CHILDREN = 100
LABELS_OFFERED = 300
MATCHES = 12


@dataclass(frozen=True)
class May:
    """What this member may do on an item's page."""

    edit: bool
    delete: bool
    criteria: bool
    ask: bool
    answer: bool
    comment: bool
    steer: bool = False
    template: bool = False

    @classmethod
    def of(cls, member: Member) -> "May":
        return cls(
            edit=can(member, "item.edit"),
            delete=can(member, "item.delete"),
            criteria=can(member, "criterion.edit"),
            ask=can(member, "question.ask"),
            answer=can(member, "question.answer"),
            comment=can(member, "comment.write"),
            steer=can(member, "product.edit"),
            template=can(member, "template.edit"),
        )


@prepared
def _merged(item_id: int) -> QuerySet[Item]:
    return Item.objects.filter(merged_into_id=item_id).order_by("deleted_at")


def merged_of(item: Item) -> list[Item]:
    """The items whose keys lead to this one."""
    rows = [] if lacks(item, "merged") else _merged(item.pk)
    for row in rows:
        row.product = item.product
    return rows


#: What may hang on an item: asked with the item, since most have little of it and each is a query.
_HANGING: dict[str, QuerySet[Any]] = {
    "watchers": Watch.objects.filter(item=OuterRef("pk"), on=True),
    "approvals": Approval.objects.filter(item=OuterRef("pk")),
    "criteria": Criterion.objects.filter(item=OuterRef("pk")),
    "questions": Question.objects.filter(item=OuterRef("pk")),
    "attachments": Attachment.objects.filter(item=OuterRef("pk"), deleted_at=None),
    "children": Item.objects.filter(parent=OuterRef("pk"), deleted_at=None),
    "merged": Item.objects.filter(merged_into=OuterRef("pk")),
    "blocked": Dependency.objects.filter(to_item=OuterRef("pk")),
    "blocking": Dependency.objects.filter(from_item=OuterRef("pk")),
}


def lacks(item: Item, *names: str) -> bool:
    """Whether it was seen with the item that there are none."""
    return not any(getattr(item, f"has_{name}", True) for name in names)


@prepared
def _numbered(workspace_id: int, product_id: int, number: int) -> QuerySet[Item]:
    rows = Item.objects.filter(workspace_id=workspace_id, product_id=product_id, number=number)
    rows = rows.annotate(**{f"has_{name}": Exists(each) for name, each in _HANGING.items()})
    return rows.select_related("status", "assignee__user", "created_by__user", "parent__status")


@prepared
def _labels(item_id: int) -> QuerySet[Label]:
    return Label.objects.filter(items=item_id)


@prepared
def _values(item_id: int) -> QuerySet[FieldValue]:
    return FieldValue.objects.filter(item_id=item_id).select_related("field")


def item_of(member: Member, product: Product, key: str, *, deleted: bool = False) -> Item:
    """The item with this key, with what its head shows; 404 for what the member cannot see.

    The key of a merged item leads to the one it was merged into. ``deleted`` finds a deleted item
    too: its page offers to bring it back.
    """
    number = number_of(product, key)
    if number is None:
        raise Http404
    item = next(iter(_numbered(member.workspace_id, product.pk, number)), None)
    gone = item is not None and (item.deleted_at or product.deleted_at) is not None
    if item is None or (gone and not deleted) or item.merged_into_id is not None:
        leads = led_to(product, number)
        if leads == number:
            raise Http404
        return item_of(member, product, f"{product.key}-{leads}", deleted=deleted)
    item.product = product
    if item.parent is not None and item.parent.product_id == product.pk:
        item.parent.product = product
    placed(item, "labels", _labels(item.pk))
    placed(item, "field_values", _values(item.pk))
    return item


@dataclass(frozen=True)
class OwnFact:
    """One of the product's own fields with what the item holds in it."""

    field: CustomField
    #: As its input has it, and as people read it.
    value: str
    shown: Any
    choices: list[tuple[str, str]]


def own_facts(item: Item, people: Sequence[tuple[int, str]]) -> list[OwnFact]:
    """Asks once for the fields; the values are prefetched with the item."""
    held = {row.field_id: custom.held(row) for row in item.field_values.all()}
    fields = custom.fields_of(item.product)
    names = dict(people) | custom.people_in(fields, {item.pk: held})
    return [
        OwnFact(
            field,
            custom.typed_of(field, text := held.get(field.pk, "")),
            drawn(field, text, names) if text else "",
            custom.choices_of(field, people),
        )
        for field in fields
    ]


@dataclass(frozen=True)
class Facts:
    """What the fields beside the text offer to choose from."""

    statuses: list[Status]
    people: list[Member]
    label_names: list[str]
    kinds: list[tuple[str, str]]
    own: list[OwnFact]
    #: Consent that is asked for, or was declined last.
    approval: Approval | None = None
    steers: bool = False
    role_words: dict[str, str] = field(
        default_factory=lambda: {role.value: str(role.label) for role in Role}
    )


@prepared
def _approvals(item_id: int) -> QuerySet[Approval]:
    rows = Approval.objects.filter(item_id=item_id).select_related("asked_by__user")
    # In its own order, as ``first`` takes it.
    return rows[:1]


def approval_of(item: Item) -> Approval | None:
    """Open, or declined and not overtaken by a later change of the status."""
    if lacks(item, "approvals"):
        return None
    last = next(iter(_approvals(item.pk)), None)
    if last is None or last.state not in (ApprovalState.OPEN, ApprovalState.DECLINED):
        return None
    return last


@prepared
def _people(workspace_id: int) -> QuerySet[Member]:
    people = Member.objects.filter(workspace_id=workspace_id).active()
    return people.select_related("user").order_by("user__name", "pk")


@prepared
def _label_names(product_id: int) -> QuerySet[Label, str]:
    names = Label.objects.filter(product_id=product_id).values_list("name", flat=True)
    return names[:LABELS_OFFERED]


@prepared
def _statuses(product_id: int) -> QuerySet[Status]:
    return Status.objects.filter(product_id=product_id)


def facts_of(item: Item, may: May) -> Facts:
    if not may.edit:
        return Facts([], [], [], [], own_facts(item, []), approval_of(item))
    everybody = _people(item.workspace_id)
    return Facts(
        own=own_facts(item, [(each.pk, each.name) for each in everybody]),
        statuses=_statuses(item.product_id),
        people=everybody,
        label_names=_label_names(item.product_id),
        kinds=[(each.value, str(each.label)) for each in Kind],
        approval=approval_of(item),
        steers=may.steer,
    )


@dataclass(frozen=True)
class Children:
    rows: list[Item]
    more: bool


@prepared
def _children(item_id: int) -> QuerySet[Item]:
    rows = Item.objects.filter(parent_id=item_id, deleted_at=None)
    return rows.select_related("status", "assignee__user").order_by("rank")[: CHILDREN + 1]


def children_of(item: Item) -> Children:
    rows = [] if lacks(item, "children") else _children(item.pk)
    for row in rows:
        row.product = item.product
    return Children(rows[:CHILDREN], len(rows) > CHILDREN)


@dataclass(frozen=True)
class Criteria:
    rows: list[Criterion]

    @property
    def met(self) -> int:
        return sum(1 for row in self.rows if row.met_at)


@prepared
def _criteria(item_id: int) -> QuerySet[Criterion]:
    return Criterion.objects.filter(item_id=item_id).select_related("met_by__user")


def criteria_of(item: Item) -> Criteria:
    return Criteria([] if lacks(item, "criteria") else _criteria(item.pk))


@dataclass(frozen=True)
class Questions:
    """Open ones first, each kind in the order asked."""

    rows: list[Question]

    @property
    def open(self) -> int:
        return sum(1 for row in self.rows if row.answered_at is None)


@prepared
def _questions(item_id: int) -> QuerySet[Question]:
    rows = Question.objects.filter(item_id=item_id)
    return rows.select_related("asked_by__user", "answered_by__user", "asked_of__user")


def questions_of(item: Item) -> Questions:
    rows = [] if lacks(item, "questions") else _questions(item.pk)
    return Questions(sorted(rows, key=lambda row: row.answered_at is not None))


@dataclass(frozen=True)
class Related:
    """One dependency seen from an item: the other item and the relation's words."""

    pk: int
    other: Item


@dataclass(frozen=True)
class Dependencies:
    """``groups``: (key, words, rows) for each relation there is, those that block first."""

    groups: list[tuple[str, str, list[Related]]]

    @property
    def count(self) -> int:
        return sum(len(rows) for *_words, rows in self.groups)

    @property
    def waits(self) -> int:
        """How many unfinished items block this one."""
        return sum(
            1
            for key, _words, rows in self.groups
            for row in rows
            if key == "Blocked by" and row.other.status.category in ("open", "started")
        )


#: (kind, seen from the item it starts at) -> the group's words, in the order shown.
_WORDS = {
    (DependencyKind.BLOCKS, False): N_("Blocked by"),
    (DependencyKind.BLOCKS, True): N_("Blocks"),
    (DependencyKind.RELATES, True): N_("Relates to"),
    (DependencyKind.RELATES, False): N_("Relates to"),
    (DependencyKind.DUPLICATES, True): N_("Duplicates"),
    (DependencyKind.DUPLICATES, False): N_("Duplicated by"),
    (DependencyKind.SPLIT, True): N_("Split from"),
    (DependencyKind.SPLIT, False): N_("Split into"),
}


@prepared
def _dependencies(item_id: int) -> QuerySet[Dependency]:
    rows = Dependency.objects.filter(
        Q(from_item_id=item_id, to_item__deleted_at=None)
        | Q(to_item_id=item_id, from_item__deleted_at=None)
    )
    return rows.select_related("from_item__status", "to_item__status")


def dependencies_of(item: Item) -> Dependencies:
    found: dict[str, list[Related]] = {key: [] for key in _WORDS.values()}
    for row in [] if lacks(item, "blocked", "blocking") else _dependencies(item.pk):
        outward = row.from_item_id == item.pk
        other = row.to_item if outward else row.from_item
        other.product = item.product
        found[_WORDS[DependencyKind(row.kind), outward]].append(Related(row.pk, other))
    for group in found.values():
        group.sort(key=lambda related: related.other.number)
    return Dependencies([(key, _(key), group) for key, group in found.items() if group])


def mentioned(member: Member, product: Product, texts: Iterable[str]) -> dict[str, Mention]:
    """The items of this product that the texts name by key and the member can see."""
    keys = keys_in(texts, product.key)
    return mentions_of(member, product, keys) if keys else {}


def matches(
    member: Member, product: Product, text: str, *, without: int | None = None
) -> list[Item]:
    """Items whose key or title fits what was typed: an exact key first, then by title."""
    text = " ".join(text.replace("\x00", "").split())[:200]
    if not text:
        return []
    rows = Item.objects.visible_to(member).filter(product=product).select_related("status")
    if without is not None:
        rows = rows.exclude(pk=without)
    condition = Q(title__holds=text)
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
    number = number_of(product, text) if number is None else number
    exact: list[Item] = []
    if number is not None:
        exact = list(rows.filter(number=number))
    found = rows.filter(condition).exclude(pk__in=[row.pk for row in exact])
    rest = list(found.order_by("-updated_at", "-pk")[: MATCHES - len(exact)])
    for row in (*exact, *rest):
        row.product = product
    return exact + rest


def authors(product: Product) -> list[Member]:
    """Whom the activity page can be filtered by: everybody who is or was in the workspace."""
    return list(
        Member.objects.filter(workspace_id=product.workspace_id)
        .select_related("user")
        .order_by("user__name", "pk")
    )


def is_late(item: Item, today: datetime.date) -> bool:
    return (
        item.due_date is not None
        and item.due_date < today
        and item.status.category in ("open", "started")
    )
