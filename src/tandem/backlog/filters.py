"""Which items a list shows: read from an address or a text, written back, applied to a query.

Pages, the REST API, the ``tandem`` command and saved views share it, so an address that shows a
list in the browser asks the API for the same items.
"""

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.functions import Lower
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member, Product
from tandem.backlog.language import builtin, own
from tandem.backlog.language.fields import Asking, Condition, Field, Sorting, closest, meant
from tandem.backlog.language.parsing import FilterRefused, Term, parse, quoted, written
from tandem.backlog.models import Category, Item, Status
from tandem.backlog.models.item import number_of
from tandem.core.errors import Refused
from tandem.core.paging import ordering

#: What a list shows when its filter names neither category nor status.
OPEN_WORK = (Category.OPEN, Category.STARTED)
EVERYTHING = tuple(Category)

#: What an item may lack.
NULLABLE = frozenset({"estimate_likely", "due_date", "sort_value"})
#: A sort's name -> the order it stands for; the last field is unique.
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
    "due": ("due_date", "id"),
    "-due": ("-due_date", "-id"),
}
SORT_WORDS = {
    "rank": N_("rank"),
    "key": N_("key"),
    "created": N_("when it was created"),
    "updated": N_("the last change"),
    "estimate": N_("estimate"),
    "due": N_("due date"),
}
#: Parameters of addresses from before there was one language; they keep working.
PARAMETERS = {
    "kind": "Kind",
    "status": "Status",
    "category": "Category",
    "label": "Label",
    "assignee": "Assignee",
    "estimate": "Estimate",
}
_ESTIMATES = {"missing": "no:estimate", "known": "has:estimate"}
#: What the builder's operators stand for, beside those that are written between field and value.
BUILT = {"is": ":", "is-not": ":", "has": ":", "has-not": ":"} | {
    each: each for each in (">", ">=", "<", "<=")
}


@dataclass(frozen=True)
class Chip:
    """One thing the list is filtered by, and the address's query without it."""

    words: str
    without: str


@dataclass(frozen=True)
class Part:
    """A term with what it means here."""

    term: Term
    field: Field | None = None
    condition: Condition | None = None


@dataclass(frozen=True)
class ItemFilter:
    """Which items, in which order. A space means and, a comma or, a minus not."""

    product: Product
    #: The conditions as text, without the order.
    text: str = ""
    sort: str = "rank"
    default: tuple[Category, ...] = OPEN_WORK
    parts: tuple[Part, ...] = field(default=(), compare=False)
    #: What ``sort`` means where it is none of ``SORTS``.
    sorting: Sorting | None = field(default=None, compare=False)

    # Reading

    @classmethod
    def from_query(
        cls,
        query: QueryDict,
        product: Product,
        member: Member,
        *,
        default: tuple[Category, ...] = OPEN_WORK,
        statuses: Sequence[Status] | None = None,
        asking: Asking | None = None,
    ) -> "ItemFilter":
        """Read ``?q=`` in the filter's language, with ``?sort=`` and the builder's fields.

        ``?kind=&status=&category=&label=&assignee=&estimate=`` of older addresses are read as
        terms. Refuses what it does not know, pointing at the word; parameters of other things are
        left alone. ``statuses``: the product's, when they are loaded already.
        """
        text = str(query.get("q", "")).replace("\x00", "").strip()
        more = [*_of_parameters(query, default), *_of_builder(query)]
        sort = query.get("sort", "").strip()
        return cls.read(
            text,
            product,
            member,
            default=default,
            statuses=statuses,
            more=more,
            sort=sort,
            asking=asking,
        )

    @classmethod
    def read(
        cls,
        text: str,
        product: Product,
        member: Member,
        *,
        default: tuple[Category, ...] = OPEN_WORK,
        statuses: Sequence[Status] | None = None,
        more: Sequence[tuple[str, str]] = (),
        sort: str = "",
        asking: Asking | None = None,
    ) -> "ItemFilter":
        """Read a filter. ``more``: further terms, each with the parameter it came from.

        ``asking``: what was looked up for the same person and product already.
        """
        asking = asking or Asking(product, member, statuses)
        parts: list[Part] = []
        typed_sort = ""
        try:
            for term in parse(text):
                if term.field in ("sort", "order"):
                    typed_sort = _sort_of(asking, term)
                else:
                    parts.append(_part(asking, term))
        except FilterRefused as refusal:
            # On a command line the word is marked below the text.
            mark = " " * refusal.start + "^" * max(1, refusal.end - refusal.start)
            refusal.details["pointed"] = f"{text}\n{mark}"
            raise
        for parameter, each in more:
            try:
                for term in parse(each):
                    if term.field == "sort":
                        sort = _sort_of(asking, term)
                    else:
                        parts.append(_part(asking, term))
            except FilterRefused as refusal:
                # It stands in no text, so there is nothing to point at.
                raise Refused(
                    _("%(parameter)s: %(message)s")
                    % {"parameter": parameter, "message": refusal.message},
                    field=parameter,
                ) from refusal
        sort = sort or typed_sort or "rank"
        if sort not in SORTS and sort.lstrip("-") not in asking.sorts:
            elsewhere = asking.aliases.get(sort.lstrip("-"))
            if elsewhere is not None and elsewhere.unsorted:
                raise Refused(elsewhere.unsorted, field="sort")
            known = ", ".join(SORTS)
            raise Refused(
                _("sort: “%(sort)s” is none of %(known)s.") % {"sort": sort[:60], "known": known},
                field="sort",
            )
        distinct = tuple({part.term.source: part for part in parts}.values())
        return cls(
            product=product,
            text=" ".join(part.term.source for part in distinct),
            sort=sort,
            default=default,
            parts=distinct,
            sorting=None if sort in SORTS else asking.sorts[sort.lstrip("-")],
        )

    # Applying

    @cached_property
    def words(self) -> list[Term]:
        return [part.term for part in self.parts if part.condition is None]

    @cached_property
    def _on_status(self) -> list[Condition]:
        found = [part.condition for part in self.parts]
        return [each for each in found if each is not None and each.statuses is not None]

    @property
    def names_status(self) -> bool:
        """Whether it says which statuses it wants, so that finished ones are not left out."""
        return any(not each.negated for each in self._on_status)

    @property
    def shows_parked(self) -> bool:
        """Parked items are left out until the filter names them, everything, or one key."""
        return self.number_meant is not None or any(
            part.field is not None
            and (
                part.field.name == "parked"
                or (
                    part.field.name in ("status", "category")
                    and not part.term.negated
                    and any(value.text.casefold() == "all" for value in part.term.values)
                )
                or (part.field.name == "key" and not part.term.negated)
            )
            for part in self.parts
        )

    @property
    def categories_shown(self) -> tuple[Category, ...]:
        """The categories it lets through, as far as it says so without naming statuses."""
        return EVERYTHING if self.names_status else self.default

    @property
    def any_status(self) -> bool:
        """Whether items of every status fit."""
        return not self._on_status and set(self.default) == set(EVERYTHING)

    def status_fits(self, status: Status) -> bool:
        if any(status.pk not in (each.statuses or ()) for each in self._on_status):
            return False
        return self.names_status or status.category in self.default

    def apply(self, rows: QuerySet[Item]) -> QuerySet[Item]:
        """The items of ``rows`` that fit; not ordered."""
        for each in self._on_status:
            rows = rows.filter(each.q)
        if not self.names_status and set(self.default) != set(EVERYTHING):
            # The few statuses are looked up first: a join would hide the index by status.
            ids = Status.objects.filter(product=self.product, category__in=self.default)
            rows = rows.filter(status_id__in=ids.values("pk"))
        return self.apply_but_status(rows)

    def sortable(self, rows: QuerySet[Item]) -> QuerySet[Item]:
        """``rows`` with what ``order`` names."""
        if self.sorting is None:
            return rows
        column = self.sorting.column
        if self.sorting.field_id is not None:
            mine = FilteredRelation(
                "field_values", condition=Q(field_values__field_id=self.sorting.field_id)
            )
            rows, column = rows.annotate(own_value=mine), f"own_value__{column}"
        return rows.annotate(sort_value=Lower(column) if self.sorting.folded else F(column))

    def apply_but_status(self, rows: QuerySet[Item]) -> QuerySet[Item]:
        """The same for callers that walk the statuses one by one."""
        rows = self.sortable(rows)
        if not self.shows_parked:
            rows = rows.filter(parked_at=None)
        for part in self.parts:
            if part.condition is not None and part.condition.statuses is None:
                rows = rows.filter(part.condition.q)
        return rows.filter(self._found()) if self.words else rows

    @property
    def number_meant(self) -> int | None:
        """The number of the item whose key, or number alone, was typed."""
        if len(self.words) != 1 or self.words[0].negated:
            return None
        text = self.words[0].value.text
        found = number_of(self.product, text)
        if found is None and text.isascii() and text.isdigit() and len(text) <= 9:
            found = int(text)
        return found

    def _found(self) -> Q:
        # Contains: no index of either database helps, so a rare word reads the product's titles
        # (0.03 s at 100,000 items). Every word must be there, in any order.
        condition = Q()
        for word in self.words:
            holds = Q(title__holds=word.value.text)
            condition &= ~holds if word.negated else holds
        number = self.number_meant
        return condition if number is None else condition | Q(number=number)

    @property
    def order(self) -> tuple[str, ...]:
        if self.sorting is not None:
            sign = "-" if self.sort.startswith("-") else ""
            return (f"{sign}sort_value", f"{sign}id")
        return SORTS[self.sort]

    @property
    def ordering(self) -> list[OrderBy]:
        """For ``order_by``: what is missing stands last, as on the page, in either database."""
        return ordering(self.order, NULLABLE)

    @property
    def by_rank(self) -> bool:
        return self.sort == "rank"

    @property
    def sort_words(self) -> str:
        return self.sorting.words if self.sorting else _(SORT_WORDS[self.sort.lstrip("-")])

    # Writing

    @property
    def q(self) -> str:
        """The whole filter as its box shows it."""
        sort = "" if self.by_rank else f"sort:{self.sort}"
        return " ".join(filter(None, [self.text, sort]))

    def pairs(self) -> list[tuple[str, str]]:
        """What it says as an address's pairs; nothing for what is the rule anyway."""
        return [("q", self.q)] if self.q else []

    def as_query(self) -> str:
        """The address's query, without ``?``; the same filter always writes the same one."""
        return urlencode(self.pairs())

    def sorted_by(self, sort: str) -> "ItemFilter":
        """The same in another order; by a field only to be written into an address."""
        return dataclasses.replace(self, sort=sort, sorting=None)

    @property
    def cleared(self) -> "ItemFilter":
        """Nothing filtered, the order kept."""
        return dataclasses.replace(self, text="", parts=())

    def without(self, part: Part) -> "ItemFilter":
        parts = tuple(each for each in self.parts if each is not part)
        text = " ".join(each.term.source for each in parts)
        return dataclasses.replace(self, text=text, parts=parts)

    @cached_property
    def active(self) -> list[Chip]:
        """A chip for everything it filters by; the order is none of them."""
        return [Chip(_words(part), self.without(part).as_query()) for part in self.parts]


def _words(part: Part) -> str:
    if part.field is None or part.condition is None:
        text = part.term.value.text
        return _("Not “%(text)s”") % {"text": text} if part.term.negated else f"“{text}”"
    colon = ":" if part.term.operator == ":" else ""
    return f"{part.field.title}{colon} {part.condition.words}"


def _part(asking: Asking, term: Term) -> Part:
    if not term.field:
        return Part(term)
    known = asking.field_of(term)
    word = term.value.text.casefold()
    if term.field == "is" and word in ("parked", "blocked") and len(term.values) == 1:
        known = asking.fields[word]
    return Part(term, known, known.condition(asking, term))


def _sort_of(asking: Asking, term: Term) -> str:  # noqa: RET503  (``refuse`` never returns)
    word = term.value.text.casefold()
    if term.negated:
        term.value.refuse(
            _("An order is turned by a minus before its name: sort:-%(word)s.") % {"word": word}
        )
    if len(term.values) > 1:
        term.values[1].refuse(_("A list has one order."))
    if word in SORTS:
        return word
    sign, name = ("-", word[1:]) if word.startswith("-") else ("", word)
    field = asking.aliases.get(name)
    if field is not None and field.sorting is not None:
        return f"{sign}{field.name}"
    if field is not None and field.unsorted:
        field.refuse_order(asking, term.value.start, term.value.end, word)
    known = [*SORTS, *asking.sorts]
    near = closest(word, known)
    told = {"word": word[:60], "known": ", ".join(known)}
    term.value.refuse(meant(_("Order: “%(word)s” is none of %(known)s.") % told, near), near)


def _values(query: QueryDict, name: str) -> list[str]:
    """The parameter's values, each once, in their order; empty ones are no values."""
    cleaned = (word.replace("\x00", "").strip() for word in query.getlist(name))
    return list(dict.fromkeys(word for word in cleaned if word))


def _of_parameters(query: QueryDict, default: tuple[Category, ...]) -> list[tuple[str, str]]:
    """An older address's parameters as terms: within one any value fits, all must."""
    found = []
    for name in PARAMETERS:
        words = _values(query, name)
        if name == "category":
            if "all" in words or set(words) >= {each.value for each in EVERYTHING}:
                words = ["all"]
            elif set(words) == {each.value for each in default}:
                # A form sends what is shown anyway.
                words = []
        if name == "estimate" and words:
            if words[0] not in _ESTIMATES:
                known = ", ".join(_ESTIMATES)
                raise Refused(
                    _("estimate: “%(words)s” is none of %(known)s.")
                    % {"words": words[0][:60], "known": known},
                    field="estimate",
                )
            found.append((name, _ESTIMATES[words[0]]))
        elif words:
            found.append((name, written(name, words)))
    return found


def _of_builder(query: Mapping[str, str]) -> list[tuple[str, str]]:
    """The term the builder's plain form adds: ``?add=kind&is=is&value=bug``."""
    name = query.get("add", "").strip()
    value = query.get("value", "").replace("\x00", "").strip()
    way = query.get("is", "") or "is"
    if not name:
        return []
    if way not in BUILT:
        raise Refused(
            _("is: “%(way)s” is none of %(known)s.") % {"way": way[:20], "known": ", ".join(BUILT)},
            field="is",
        )
    if way in ("has", "has-not"):
        return [("value", f"{'no' if way == 'has-not' else 'has'}:{quoted(name)}")]
    if not value:
        raise Refused(_("value: write or choose what to filter by."), field="value")
    if ".." not in value or re.search(r'[\s",]', value):
        value = quoted(value)
    return [("value", f"{'-' if way == 'is-not' else ''}{name}{BUILT[way]}{value}")]


__all__ = [
    "EVERYTHING",
    "OPEN_WORK",
    "PARAMETERS",
    "SORTS",
    "Asking",
    "Chip",
    "ItemFilter",
    "builtin",
    "own",
]
