"""What a filter can ask for. A field turns a term into a condition and offers its values.

An app adds fields that every product has with ``register``, and those that depend on the product
(custom fields, a model's criteria) with ``register_source``. Names are lower case and unique.
"""

import datetime
import difflib
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NoReturn

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member, Product
from tandem.backlog.language import dates
from tandem.backlog.language.parsing import FilterRefused, Term, Value, quoted
from tandem.backlog.models import CustomField, Status
from tandem.core.errors import Refused
from tandem.ui.addresses import address
from tandem.ui.numbers import read_number

OPERATORS = {":": "is", ">": "above", ">=": "from", "<": "below", "<=": "up to"}
COMPARING = tuple(OPERATORS)


@dataclass(frozen=True)
class Sorting:
    """An order by what no index of the items begins with, put beside each item for it."""

    words: str
    #: What of the item; of its value, where it is one of the product's own fields.
    column: str
    #: That field.
    field_id: int | None = None
    #: Capitals make no difference.
    folded: bool = False


@dataclass
class Asking:
    """Who asks about which product. What fields look up is kept here for the next term."""

    product: Product
    member: Member
    known_statuses: Sequence[Status] | None = None
    kept: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def today(self) -> datetime.date:
        zone: datetime.tzinfo = self.member.workspace.zone
        return timezone.now().astimezone(zone).date()

    @cached_property
    def statuses(self) -> list[Status]:
        if self.known_statuses is not None:
            return list(self.known_statuses)
        return list(Status.objects.filter(product=self.product))

    def start_of(self, day: datetime.date) -> datetime.datetime:
        midnight = datetime.datetime.combine(day, datetime.time.min)
        return timezone.make_aware(midnight, self.member.workspace.zone)

    @cached_property
    def own(self) -> list[CustomField]:
        """The product's own fields."""
        return list(CustomField.objects.of(self.product).in_use())

    @cached_property
    def sorts(self) -> dict[str, Sorting]:
        """The orders by fields, by name; a minus before it turns one."""
        return {each.name: each.sorting for each in self.fields.values() if each.sorting}

    @cached_property
    def fields(self) -> dict[str, "Field"]:
        """Every field by its name; other names of it are in ``aliases``."""
        found = {each.name: each.in_words() for each in _fields.values()}
        for source in _sources:
            for each in source(self):
                found.setdefault(each.name, each)
        return found

    @cached_property
    def aliases(self) -> dict[str, "Field"]:
        found = dict(self.fields)
        for each in self.fields.values():
            for name in each.aliases:
                found.setdefault(name, each)
        return found

    def field_of(self, term: Term) -> "Field":
        """The term's field; refuses a name nobody knows and says which one may be meant."""
        found = self.aliases.get(term.field)
        if found is not None:
            return found
        assert term.name is not None
        near = closest(term.field, self.aliases)
        if near:
            term.name.refuse(
                meant(_("There is no field “%(text)s”.") % {"text": term.name.text}, near),
                near,
            )
        term.name.refuse(
            _(
                'There is no field “%(text)s”. Fields: %(known)s. To look for these words in titles, write "%(source)s".'
            )
            % {"text": term.name.text, "known": ", ".join(self.fields), "source": term.source}
        )
        return None


def closest(word: str, known: Iterable[str]) -> str:
    """The known word that may be meant, or nothing."""
    by_fold = {each.casefold(): each for each in known}
    near = difflib.get_close_matches(word.casefold(), by_fold, n=1, cutoff=0.6)
    if near:
        return by_fold[near[0]]
    starts = [each for fold, each in by_fold.items() if fold.startswith(word.casefold())]
    return starts[0] if len(starts) == 1 and len(word) > 1 else ""


@dataclass(frozen=True)
class Offer:
    """A value that can be chosen: what the text gets, and how people call it."""

    value: str
    words: str


@dataclass(frozen=True)
class Condition:
    """A term as the database asks it, and as people read it."""

    q: Q
    words: str
    #: Those of the product's statuses that fit, for a condition on the status alone.
    statuses: frozenset[int] | None = None
    negated: bool = False


def nothing(asking: Asking, term: Term, field: "Field") -> tuple[Q, str]:
    return Q(pk__in=[]), ""


@dataclass(frozen=True)
class Field:
    """``make(asking, term)`` gives the condition without its sign and the words of its values."""

    name: str
    title: str
    make: Callable[[Asking, Term, "Field"], tuple[Q, str]] = nothing
    #: ``choice``, ``person``, ``number``, ``date``, ``text``, ``check`` or ``item``.
    kind: str = "choice"
    hint: str = ""
    aliases: tuple[str, ...] = ()
    operators: tuple[str, ...] = (":",)
    offers: Callable[[Asking], Sequence[Offer]] | None = None
    #: The items that have one; without it nothing is always there.
    present: Callable[[Asking], Q] | None = None
    #: For a condition on the status alone: the statuses it names, and their words.
    statuses: Callable[[Asking, Term], tuple[set[int], str]] | None = None
    #: What the builder's field for a value shows.
    example: str = ""
    order: int = 50
    #: Lists can be put in its order: ``sort:name`` and ``sort:-name``.
    sorting: Sorting | None = None
    #: Why lists cannot, and the named page that is in this order (with what stands behind ``?``).
    unsorted: str = ""
    sorted_at: str = ""

    def in_words(self) -> "Field":
        """In the reader's language; what people named themselves stays as it is."""
        if get_language() in ("en", None):
            return self
        told: Any = {
            name: _(text)
            for name in ("title", "hint", "example", "unsorted")
            if (text := getattr(self, name))
        }
        if self.sorting is not None:
            told["sorting"] = replace(self.sorting, words=_(self.sorting.words))
        return replace(self, **told)

    def refuse_order(self, asking: Asking, start: int, end: int, word: str) -> NoReturn:
        """Say where the order of what no index of the items holds is to be found."""
        refusal = FilterRefused(self.unsorted, start=start, end=end, word=word)
        page, _mark, query = self.sorted_at.partition("?")
        here = {"workspace": asking.member.workspace.slug, "product": asking.product.key}
        refusal.details["address"] = address(page, **here) + (f"?{query}" if query else "")
        raise refusal

    def offered(self, asking: Asking) -> Sequence[Offer]:
        return self.offers(asking) if self.offers is not None else ()

    def condition(self, asking: Asking, term: Term) -> Condition:
        if term.operator not in self.operators:
            assert term.name is not None
            known = " ".join(f"{self.name}{each}" for each in self.operators)
            Value(term.source, term.start, term.end).refuse(
                _("%(title)s cannot be compared by %(operator)s. Write %(known)s")
                % {"title": self.title, "operator": term.operator, "known": known},
                f"{term.field}:{','.join(value.text for value in term.values)}",
            )
        statuses: frozenset[int] | None = None
        if self.statuses is not None:
            named, words = self.statuses(asking, term)
            every = {each.pk for each in asking.statuses}
            statuses = frozenset(every - named if term.negated else named)
            q = Q(status_id__in=sorted(statuses))
        else:
            q, words = self.make(asking, term, self)
            q = ~q if term.negated else q
        if term.operator != ":":
            words = f"{term.operator} {words}"
        return Condition(
            q,
            _("not %(words)s") % {"words": words} if term.negated else words,
            statuses,
            term.negated,
        )


_fields: dict[str, Field] = {}
_sources: list[Callable[[Asking], Iterable[Field]]] = []


def register(*fields: Field) -> None:
    for each in fields:
        _fields[each.name] = each


def register_source(source: Callable[[Asking], Iterable[Field]]) -> None:
    """Fields that depend on the product."""
    if source not in _sources:
        _sources.append(source)


# What fields are made of


def meant(told: str, near: str) -> str:
    """The refusal with the word that may be meant."""
    also = _("Did you mean %(near)s?") % {"near": near}
    return f"{told} {also}" if near else told


def refuse_choice(value: Value, title: str, known: Sequence[str]) -> NoReturn:
    near = closest(value.text, known)
    shown = ", ".join(known[:20]) + (" …" if len(known) > 20 else "")
    told = {"title": title, "text": value.text[:60], "shown": shown or _("them")}
    value.refuse(
        meant(_("%(title)s: “%(text)s” is none of %(shown)s.") % told, near),
        quoted(near) if near else "",
    )


def number_of(value: Value, text: str | None = None) -> float:
    word = value.text if text is None else text
    try:
        found = read_number(word)
    except ValueError:
        found = math.nan
    if not math.isfinite(found) or abs(found) > 1e15:
        value.refuse(
            _("“%(word)s” is no number. Write it like 5 or 2.5, a range like 3..8.")
            % {"word": word[:40]}
        )
    return found


def ends_of(value: Value) -> tuple[str, str] | None:
    """The two ends of ``3..8``; one may be left out. ``None``: it is no range."""
    if value.quoted or ".." not in value.text:
        return None
    first, last = value.text.split("..", 1)
    if not first and not last:
        value.refuse(_("A range has an end: 3..8, 3.. or ..8."))
    return first, last


_LOOKUPS = {">": "gt", ">=": "gte", "<": "lt", "<=": "lte"}


def compared(
    lookup: str, operator: str, value: Value, read: Callable[[Value, str | None], Any]
) -> Q:
    """``lookup`` against a value or a range, for whatever has an order."""
    if operator != ":":
        return Q(**{f"{lookup}__{_LOOKUPS[operator]}": read(value, None)})
    ends = ends_of(value)
    if ends is None:
        return Q(**{lookup: read(value, None)})
    first, last = (read(value, end) if end else None for end in ends)
    if first is not None and last is not None and first > last:
        _refuse_backwards(value, *ends)
    q = Q()
    if first is not None:
        q &= Q(**{f"{lookup}__gte": first})
    if last is not None:
        q &= Q(**{f"{lookup}__lte": last})
    return q


def _refuse_backwards(value: Value, first: str, last: str) -> NoReturn:
    """Nothing lies in such a range, and an empty list would not say why."""
    turned = f"{last}..{first}"
    value.refuse(_("A range begins with its lower end: %(turned)s.") % {"turned": turned}, turned)


def any_value(term: Term, one: Callable[[Value], Q]) -> Q:
    q = Q(pk__in=[])
    for value in term.values:
        q |= one(value)
    return q


def words_of(term: Term) -> str:
    return ", ".join(value.text for value in term.values)


def number_field(name: str, title: str, lookup: str, **more: Any) -> Field:
    def make(asking: Asking, term: Term, field: Field) -> tuple[Q, str]:
        q = any_value(term, lambda value: compared(lookup, term.operator, value, number_of))
        return q, words_of(term)

    more.setdefault("present", lambda asking: ~Q(**{lookup: None}))
    more.setdefault("example", "5, >3, 3..8")
    return Field(name, title, make, kind="number", operators=COMPARING, **more)


def day_q(
    asking: Asking,
    lookup: str,
    operator: str,
    value: Value,
    moment: Callable[[datetime.date], Any] | None = None,
) -> Q:
    """A day or moment against what a word means. ``moment``: the column holds moments."""

    def means(text: str) -> tuple[Any, Any]:
        found = dates.period(text, asking.today)
        if found is None:
            told = _("“%(text)s” is no day.") % {"text": text[:40]}
            value.refuse(f"{told} {_(dates.HINT)}")
        first, after = found
        return (moment(first), moment(after)) if moment else (first, after)

    ends = ends_of(value) if operator == ":" else None
    if ends is not None:
        first = means(ends[0])[0] if ends[0] else None
        after = means(ends[1])[1] if ends[1] else None
        if first is not None and after is not None and first >= after:
            _refuse_backwards(value, *ends)
        q = Q()
        if first is not None:
            q &= Q(**{f"{lookup}__gte": first})
        if after is not None:
            q &= Q(**{f"{lookup}__lt": after})
        return q
    first, after = means(value.text)
    if operator == ":":
        return Q(**{f"{lookup}__gte": first, f"{lookup}__lt": after})
    if operator in (">", ">="):
        return Q(**{f"{lookup}__gte": after if operator == ">" else first})
    return Q(**{f"{lookup}__lt": first if operator == "<" else after})


DAY_OFFERS = (
    Offer("today", N_("Today")),
    Offer("-7d", N_("7 days ago")),
    Offer("-30d", N_("30 days ago")),
    Offer("+7d", N_("In 7 days")),
    Offer("..today", N_("Up to today")),
)


def day_offers(asking: Asking) -> list[Offer]:
    return [Offer(each.value, _(each.words)) for each in DAY_OFFERS]


def date_field(name: str, title: str, lookup: str, *, moments: bool = False, **more: Any) -> Field:
    def make(asking: Asking, term: Term, field: Field) -> tuple[Q, str]:
        moment = asking.start_of if moments else None
        q = any_value(term, lambda value: day_q(asking, lookup, term.operator, value, moment))
        return q, words_of(term)

    more.setdefault("present", lambda asking: ~Q(**{lookup: None}))
    more.setdefault("offers", day_offers)
    more.setdefault("example", "2027-03-12, -7d, 2027-03")
    return Field(name, title, make, kind="date", operators=COMPARING, **more)


def text_field(name: str, title: str, lookups: Sequence[str], **more: Any) -> Field:
    """Contains, in any case; each value's words stand together."""

    def make(asking: Asking, term: Term, field: Field) -> tuple[Q, str]:
        def one(value: Value) -> Q:
            q = Q(pk__in=[])
            for lookup in lookups:
                q |= Q(**{f"{lookup}__holds": value.text})
            return q

        return any_value(term, one), words_of(term)

    more.setdefault("example", N_("words in it"))
    return Field(name, title, make, kind="text", **more)


def named_choice(
    asking: Asking, term: Term, title: str, known: Mapping[str, Any]
) -> tuple[list[Any], str]:
    """What the values name, in any case, out of ``known``; and how people call them."""
    folded = {name.casefold(): name for name in known}
    found, words = [], []
    for value in term.values:
        name = folded.get(value.text.casefold())
        if name is None:
            refuse_choice(value, title, list(known))
        found.append(known[name])
        words.append(name)
    return found, ", ".join(words)


def refusal_at(refusal: Refused, value: Value) -> NoReturn:
    """What another part refused, said about this word."""
    value.refuse(refusal.message)
