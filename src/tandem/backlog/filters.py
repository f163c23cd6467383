"""Which items a list shows: read from an address, written back into one, applied to a query.

Pages and the REST API share it, so an address that shows a list in the browser asks the API for
the same items.
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict

from tandem.accounts.models import Member, Product
from tandem.backlog.models import Category, Item, Kind, Label, Status
from tandem.backlog.models.item import number_of
from tandem.core.errors import Refused

#: What a list shows when its address names neither category nor status.
OPEN_WORK = (Category.OPEN, Category.STARTED)
EVERYTHING = tuple(Category)
LONGEST_SEARCH = 200

#: A sort's name in the address -> the order it stands for; the last field is unique.
SORTS: dict[str, tuple[str, ...]] = {
    "rank": ("rank", "id"),
    "key": ("number",),
    "-key": ("-number",),
    "created": ("created_at", "id"),
    "-created": ("-created_at", "-id"),
    "updated": ("updated_at", "id"),
    "-updated": ("-updated_at", "-id"),
    "estimate": ("estimate_likely", "id"),
    "-estimate": ("-estimate_likely", "-id"),
}
SORT_WORDS = {
    "rank": "rank",
    "key": "key",
    "created": "when it was created",
    "updated": "the last change",
    "estimate": "estimate",
}
ESTIMATES = {"missing": "Not estimated", "known": "Estimated"}


@dataclass(frozen=True)
class Chip:
    """One thing the list is filtered by, and the address's query without it."""

    parameter: str
    label: str
    text: str
    without: str


@dataclass(frozen=True)
class Person:
    """Whose items: a member, or nobody (``pk`` is ``None``)."""

    pk: int | None
    name: str
    #: How the address writes it: ``me``, ``none`` or the member's number.
    word: str


@dataclass(frozen=True)
class ItemFilter:
    """Which items, in which order. Within a parameter any value fits; all parameters must."""

    product: Product
    q: str = ""
    kinds: tuple[Kind, ...] = ()
    statuses: tuple[Status, ...] = ()
    #: Empty: whatever ``default`` says.
    categories: tuple[Category, ...] = ()
    labels: tuple[Label, ...] = ()
    assignees: tuple[Person, ...] = ()
    estimate: str = ""
    sort: str = "rank"
    default: tuple[Category, ...] = OPEN_WORK

    @classmethod
    def from_query(
        cls,
        query: QueryDict,
        product: Product,
        member: Member,
        *,
        default: tuple[Category, ...] = OPEN_WORK,
        statuses: Sequence[Status] | None = None,
    ) -> "ItemFilter":
        """Read ``?q=&kind=&status=&category=&label=&assignee=&estimate=&sort=``.

        Refuses a value it does not know, naming the parameter; parameters of other things are
        left alone. ``statuses``: the product's, when they are loaded already.
        """
        words = {name: _words(query, name) for name in PARAMETERS}
        return cls(
            product=product,
            q=_search(query.get("q", "")),
            kinds=tuple(_choices(Kind, "kind", words["kind"])),
            statuses=_statuses(product, words["status"], statuses),
            categories=_categories(words["category"], default),
            labels=_labels(product, words["label"]),
            assignees=_people(member, words["assignee"]),
            estimate=_one_of("estimate", query.get("estimate", ""), ESTIMATES),
            sort=_one_of("sort", query.get("sort", ""), SORTS) or "rank",
            default=default,
        )

    # Applying

    @cached_property
    def categories_shown(self) -> tuple[Category, ...]:
        """The categories it lets through; all of them when it names statuses."""
        if self.categories:
            return self.categories
        return EVERYTHING if self.statuses else self.default

    def status_fits(self, status: Status) -> bool:
        if self.statuses and status not in self.statuses:
            return False
        return status.category in self.categories_shown

    def apply(self, rows: QuerySet[Item]) -> QuerySet[Item]:
        """The items of ``rows`` that fit; not ordered."""
        if self.statuses:
            rows = rows.filter(status__in=self.statuses)
        if set(self.categories_shown) != set(EVERYTHING):
            # The few statuses are looked up first: a join would hide the index by status.
            ids = Status.objects.filter(
                product=self.product, category__in=self.categories_shown
            ).values("pk")
            rows = rows.filter(status_id__in=ids)
        return self.apply_but_status(rows)

    def apply_but_status(self, rows: QuerySet[Item]) -> QuerySet[Item]:
        """The same for callers that walk the statuses one by one."""
        if self.kinds:
            rows = rows.filter(kind__in=self.kinds)
        if self.labels:
            marked = Item.labels.through.objects.filter(label__in=self.labels)
            rows = rows.filter(pk__in=marked.values("item_id"))
        if self.assignees:
            rows = rows.filter(self._whose())
        if self.estimate == "missing":
            rows = rows.filter(estimate_likely=None)
        elif self.estimate == "known":
            rows = rows.exclude(estimate_likely=None)
        return rows.filter(self._found()) if self.q else rows

    def _whose(self) -> Q:
        ids = [person.pk for person in self.assignees if person.pk is not None]
        whose = Q(assignee_id__in=ids)
        if any(person.pk is None for person in self.assignees):
            whose |= Q(assignee_id=None)
        return whose

    @property
    def number_meant(self) -> int | None:
        """The number of the item whose key, or number alone, was typed."""
        text = self.q.strip()
        found = number_of(self.product, text)
        if found is None and text.isascii() and text.isdigit() and len(text) <= 9:
            found = int(text)
        return found

    def _found(self) -> Q:
        # Contains: no index of either database helps, so a rare word reads the product's titles
        # (0.03 s at 100,000 items). Every word must be there, in any order.
        condition = Q()
        for word in self.q.split():
            condition &= Q(title__holds=word)
        number = self.number_meant
        return condition if number is None else condition | Q(number=number)

    @property
    def order(self) -> tuple[str, ...]:
        return SORTS[self.sort]

    @property
    def by_rank(self) -> bool:
        return self.sort == "rank"

    @property
    def sort_words(self) -> str:
        return SORT_WORDS[self.sort.lstrip("-")]

    # Writing

    def pairs(self) -> list[tuple[str, str]]:
        """What it says as an address's pairs; nothing for what is the rule anyway."""
        found = [("q", self.q)] if self.q else []
        found += [("kind", each.value) for each in self.kinds]
        if set(self.categories) == set(EVERYTHING):
            found.append(("category", "all"))
        else:
            found += [("category", each.value) for each in self.categories]
        found += [("status", each.name) for each in self.statuses]
        found += [("label", each.name) for each in self.labels]
        found += [("assignee", each.word) for each in self.assignees]
        if self.estimate:
            found.append(("estimate", self.estimate))
        if self.sort != "rank":
            found.append(("sort", self.sort))
        return found

    def as_query(self) -> str:
        """The address's query, without ``?``; the same filter always writes the same one."""
        return urlencode(self.pairs())

    def sorted_by(self, sort: str) -> "ItemFilter":
        return dataclasses.replace(self, sort=sort)

    @property
    def cleared(self) -> "ItemFilter":
        """Nothing filtered, the order kept."""
        return ItemFilter(product=self.product, sort=self.sort, default=self.default)

    def _without(self, parameter: str, value: str) -> str:
        return urlencode([pair for pair in self.pairs() if pair != (parameter, value)])

    @cached_property
    def active(self) -> list[Chip]:
        """A chip for everything it filters by; the order is none of them."""
        words: dict[str, Mapping[str, str]] = {
            "q": {self.q: f"“{self.q}”"},
            "kind": {each.value: each.label for each in self.kinds},
            "category": {each.value: each.label for each in Category} | {"all": "All"},
            "assignee": {each.word: each.name for each in self.assignees},
            "estimate": ESTIMATES,
        }
        return [
            Chip(
                name,
                PARAMETERS.get(name, "Search"),
                words.get(name, {}).get(value, value),
                self._without(name, value),
            )
            for name, value in self.pairs()
            if name != "sort"
        ]


#: The parameters that may be given several times, and what people call them.
PARAMETERS = {
    "kind": "Kind",
    "status": "Status",
    "category": "Category",
    "label": "Label",
    "assignee": "Assignee",
    "estimate": "Estimate",
}


def _words(query: QueryDict, name: str) -> list[str]:
    """The parameter's values, each once, in their order; empty ones are no values."""
    return list(dict.fromkeys(word.strip() for word in query.getlist(name) if word.strip()))


def _search(text: str) -> str:
    text = " ".join(str(text).replace("\x00", "").split())
    if len(text) > LONGEST_SEARCH:
        raise Refused(f"q: at most {LONGEST_SEARCH} characters can be searched for.", field="q")
    return text


def _refuse(name: str, word: str, known: Iterable[str]) -> Refused:
    return Refused(f"{name}: “{word[:60]}” is none of {', '.join(known)}.", field=name)


def _one_of(name: str, word: str, known: Iterable[str]) -> str:
    word = word.strip()
    if word and word not in known:
        raise _refuse(name, word, known)
    return word


def _choices(kind: Any, name: str, words: Iterable[str]) -> list[Any]:
    found = []
    for word in words:
        if word not in kind.values:
            raise _refuse(name, word, kind.values)
        found.append(kind(word))
    return found


def _categories(words: list[str], default: tuple[Category, ...]) -> tuple[Category, ...]:
    """The categories in their order; none when they are what is shown anyway."""
    if "all" in words:
        return EVERYTHING
    for word in words:
        if word not in Category.values:
            raise _refuse("category", word, [*Category.values, "all"])
    found = tuple(each for each in Category if each.value in words)
    return () if found == default else found


def _named(name: str, word: str, rows: Sequence[Any]) -> Any:
    """The row called ``word``, or, where none is, the one with that number."""
    for row in rows:
        if row.name.casefold() == word.casefold():
            return row
    for row in rows:
        if word.isascii() and word.isdigit() and row.pk == int(word):
            return row
    return None


def _statuses(
    product: Product, words: list[str], known: Sequence[Status] | None
) -> tuple[Status, ...]:
    if not words:
        return ()
    rows = list(Status.objects.filter(product=product)) if known is None else known
    found = []
    for word in words:
        row = _named("status", word, rows)
        if row is None:
            raise _refuse("status", word, [each.name for each in rows])
        found.append(row)
    return tuple(dict.fromkeys(found))


def _labels(product: Product, words: list[str]) -> tuple[Label, ...]:
    if not words:
        return ()
    numbers = [int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 19]
    asked = Q(pk__in=numbers)
    for word in words:
        asked |= Q(name__iexact=word)
    rows = list(Label.objects.filter(asked, product=product))
    found = []
    for word in words:
        row = _named("label", word, rows)
        if row is None:
            raise Refused(
                f"label: {product.name} has no label “{word[:60]}” (any more).", field="label"
            )
        found.append(row)
    return tuple(dict.fromkeys(found))


def _people(member: Member, words: list[str]) -> tuple[Person, ...]:
    if not words:
        return ()
    numbers = [int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 19]
    rows = Member.objects.visible_to(member).filter(pk__in=numbers).select_related("user")
    known = {row.pk: row.name for row in rows} if numbers else {}
    found = []
    for word in words:
        if word == "me":
            found.append(Person(member.pk, "Me", "me"))
        elif word == "none":
            found.append(Person(None, "Nobody", "none"))
        elif word.isascii() and word.isdigit() and len(word) < 19 and int(word) in known:
            found.append(Person(int(word), known[int(word)], word))
        else:
            raise Refused(
                f"assignee: “{word[:60]}” is nobody in this workspace. "
                "Write me, none or a member's number.",
                field="assignee",
            )
    return tuple(found)
