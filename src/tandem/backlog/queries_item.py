"""What the item's page needs, section by section, each in a fixed number of queries."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.http import Http404

from tandem.accounts.history_keeping import gone
from tandem.accounts.models import Member, Product, Role
from tandem.accounts.permissions import can
from tandem.backlog import custom
from tandem.backlog.history import Visit, visits
from tandem.backlog.mentions import Mention, keys_in, mentions_of
from tandem.backlog.models import (
    Approval,
    ApprovalState,
    Criterion,
    CustomField,
    Dependency,
    DependencyKind,
    Item,
    Kind,
    Label,
    Question,
    Status,
    Watch,
)
from tandem.backlog.models.item import number_of
from tandem.backlog.own_columns import drawn
from tandem.core.models import Event
from tandem.core.paging import keyset

EVENTS = 40
WATCHERS = 1000
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


def led_to(product: Product, number: int | None) -> int | None:
    """The number an item goes by: that of the one it was merged into, when it was."""
    if number is None:
        return None
    alias = Item.objects.filter(product=product, number=number, merged_into__isnull=False)
    return alias.values_list("merged_into__number", flat=True).first() or number


def merged_of(item: Item) -> list[Item]:
    """The items whose keys lead to this one."""
    rows = list(Item.objects.filter(merged_into=item).order_by("deleted_at"))
    for row in rows:
        row.product = item.product
    return rows


def item_of(member: Member, product: Product, key: str, *, deleted: bool = False) -> Item:
    """The item with this key, with what its head shows; 404 for what the member cannot see.

    The key of a merged item leads to the one it was merged into. ``deleted`` finds a deleted item
    too: its page offers to bring it back.
    """
    number = number_of(product, key)
    if number is None:
        raise Http404
    rows = Item.objects.filter(workspace_id=member.workspace_id, product=product, number=number)
    item = (
        (rows if deleted else rows.visible_to(member))
        .select_related(
            "status", "assignee__user", "created_by__user", "parent__status", "parent__product"
        )
        .prefetch_related("labels", "field_values__field")
        .first()
    )
    if item is None or item.merged_into_id is not None:
        leads = led_to(product, number)
        if leads == number:
            raise Http404
        return item_of(member, product, f"{product.key}-{leads}", deleted=deleted)
    item.product = product
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
            text := held.get(field.pk, ""),
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


def approval_of(item: Item) -> Approval | None:
    """Open, or declined and not overtaken by a later change of the status."""
    rows = Approval.objects.filter(item_id=item.pk).select_related("asked_by__user")
    last = rows.first()
    if last is None or last.state not in (ApprovalState.OPEN, ApprovalState.DECLINED):
        return None
    return last


def facts_of(item: Item, may: May) -> Facts:
    if not may.edit:
        return Facts([], [], [], [], own_facts(item, []), approval_of(item))
    people = Member.objects.filter(workspace_id=item.workspace_id).active()
    names = Label.objects.filter(product_id=item.product_id).values_list("name", flat=True)
    everybody = list(people.select_related("user").order_by("user__name", "pk"))
    return Facts(
        own=own_facts(item, [(each.pk, each.name) for each in everybody]),
        statuses=list(Status.objects.filter(product_id=item.product_id)),
        people=everybody,
        label_names=list(names[:LABELS_OFFERED]),
        kinds=list(Kind.choices),
        approval=approval_of(item),
        steers=may.steer,
    )


@dataclass(frozen=True)
class Children:
    rows: list[Item]
    more: bool


def children_of(item: Item) -> Children:
    rows = list(
        Item.objects.filter(parent_id=item.pk, deleted_at=None)
        .select_related("status", "assignee__user")
        .order_by("rank")[: CHILDREN + 1]
    )
    for row in rows:
        row.product = item.product
    return Children(rows[:CHILDREN], len(rows) > CHILDREN)


@dataclass(frozen=True)
class Criteria:
    rows: list[Criterion]

    @property
    def met(self) -> int:
        return sum(1 for row in self.rows if row.met_at)


def criteria_of(item: Item) -> Criteria:
    rows = Criterion.objects.filter(item_id=item.pk).select_related("met_by__user")
    return Criteria(list(rows))


@dataclass(frozen=True)
class Questions:
    """Open ones first, each kind in the order asked."""

    rows: list[Question]

    @property
    def open(self) -> int:
        return sum(1 for row in self.rows if row.answered_at is None)


def questions_of(item: Item) -> Questions:
    rows = Question.objects.filter(item_id=item.pk).select_related(
        "asked_by__user", "answered_by__user", "asked_of__user"
    )
    return Questions(sorted(rows, key=lambda row: row.answered_at is not None))


@dataclass(frozen=True)
class Related:
    """One dependency seen from an item: the other item and the relation's words."""

    pk: int
    other: Item


@dataclass(frozen=True)
class Dependencies:
    """``groups``: (words, rows) for each relation there is, those that block first."""

    groups: list[tuple[str, list[Related]]]

    @property
    def count(self) -> int:
        return sum(len(rows) for _, rows in self.groups)

    @property
    def waits(self) -> int:
        """How many unfinished items block this one."""
        return sum(
            1
            for words, rows in self.groups
            for row in rows
            if words == "Blocked by" and row.other.status.category in ("open", "started")
        )


#: (kind, seen from the item it starts at) -> the group's words, in the order shown.
_WORDS = {
    (DependencyKind.BLOCKS, False): "Blocked by",
    (DependencyKind.BLOCKS, True): "Blocks",
    (DependencyKind.RELATES, True): "Relates to",
    (DependencyKind.RELATES, False): "Relates to",
    (DependencyKind.DUPLICATES, True): "Duplicates",
    (DependencyKind.DUPLICATES, False): "Duplicated by",
    (DependencyKind.SPLIT, True): "Split from",
    (DependencyKind.SPLIT, False): "Split into",
}


def dependencies_of(item: Item) -> Dependencies:
    rows = Dependency.objects.filter(
        Q(from_item_id=item.pk, to_item__deleted_at=None)
        | Q(to_item_id=item.pk, from_item__deleted_at=None)
    ).select_related("from_item__status", "to_item__status")
    found: dict[str, list[Related]] = {words: [] for words in _WORDS.values()}
    for row in rows:
        outward = row.from_item_id == item.pk
        other = row.to_item if outward else row.from_item
        other.product = item.product
        found[_WORDS[DependencyKind(row.kind), outward]].append(Related(row.pk, other))
    for group in found.values():
        group.sort(key=lambda related: related.other.number)
    return Dependencies([(words, group) for words, group in found.items() if group])


@dataclass(frozen=True)
class History:
    visits: list[Visit]
    earlier: str | None
    #: What stands at its end when older changes are not kept any more.
    gone: str = ""


def history_of(item: Item, *, before: str | None = None) -> History:
    events = Event.objects.filter(
        workspace_id=item.workspace_id, object_kind="item", object_id=item.pk
    )
    page = keyset(events, ["-pk"], after=before, limit=EVENTS)
    ends = "" if page.next_cursor else gone(item.product, item.created_at)
    return History(visits(page.rows, item=item), page.next_cursor, ends)


@dataclass(frozen=True)
class Watchers:
    """Who watches the item; ``mine``: the reader does."""

    names: list[str]
    count: int
    mine: bool

    @property
    def who(self) -> str:
        rest = self.count - len(self.names)
        return ", ".join(self.names) + (f" and {rest} more" if rest else "")


def watchers_of(item: Item, member: Member) -> Watchers:
    rows = Watch.objects.filter(item_id=item.pk, on=True).order_by("since", "pk")
    people = list(rows.values_list("member_id", "member__user__name")[:WATCHERS])
    return Watchers(
        [name for _, name in people[:12]], len(people), any(pk == member.pk for pk, _ in people)
    )


def last_event(item: Item) -> Event | None:
    """The newest event of the item: what the toast after an action offers to undo."""
    return Event.objects.of("item", item.pk).first()


def deletion_of(item: Item) -> Event | None:
    return Event.objects.of("item", item.pk).filter(verb="item.deleted").first()


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
