"""What the Prioritise pages show, each in a fixed number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlencode

import numpy as np
from django.db.models import Count
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member, Product
from tandem.backlog.filters import ItemFilter
from tandem.backlog.models import Item
from tandem.core.errors import Refused
from tandem.prioritisation.calculations import ModelInForce
from tandem.prioritisation.calculations_fading import stale_sentence
from tandem.prioritisation.decisive import decisive_numbers
from tandem.prioritisation.models import Challenge, Rating, ScoringCriterion
from tandem.prioritisation.permissions import lenses_of, may_rate
from tandem.prioritisation.queries_challenges import doubts_about
from tandem.prioritisation.score_table import ScoreRow, ScoreTable

PAGE: Final = 100
SORTS: Final = {
    "rank": N_("Rank"),
    "differ": N_("Lenses differ most"),
    "value": N_("Value lens"),
    "technical": N_("Technical lens"),
    "unsure": N_("Least sure"),
}
SHOWS: Final = {
    "unrated": N_("Unrated by me"),
    "differ": N_("Lenses differ for sure"),
    "decisive": N_("Disputed and decisive"),
    "guessed": N_("Rests on guesses"),
    "known": N_("Nothing guessed"),
}
#: What a derivation derives, by lens.
TITLES: Final[dict[str | None, str]] = {
    None: N_("Score"),
    "value": N_("Value lens"),
    "technical": N_("Technical lens"),
}


@dataclass(frozen=True)
class Answer:
    """One member's current answer to a criterion."""

    slug: str
    member_id: int
    rater: str
    value: float
    low: float | None
    high: float | None
    confidence: float | None
    note: str
    rated_at: Any
    #: The rating's number.
    pk: int = 0
    #: Why it counts less than it did, where it is older than its criterion's time.
    stale: str = ""
    #: The session it was settled in.
    agreed_in: str = ""
    #: Doubts that are not withdrawn, the oldest first; those of an older value of this rater, too.
    challenges: tuple[Challenge, ...] = ()

    @property
    def has_more(self) -> bool:
        """Whether there is more to it than a value."""
        return self.low is not None or self.confidence is not None or bool(self.note)


@dataclass(frozen=True)
class Cell:
    """A criterion of one item as the member sees it: their own answer, and the others'."""

    criterion: ScoringCriterion
    mine: Answer | None
    others: tuple[Answer, ...]
    #: Whether the member rates this criterion.
    may: bool = True

    @property
    def shown(self) -> Answer | None:
        return self.mine or (self.others[0] if self.others else None)


@dataclass(frozen=True)
class Ranked:
    """A row of the page."""

    item: Item
    score: ScoreRow
    cells: dict[str, Cell]


@dataclass(frozen=True)
class RankingAsk:
    """What a page's address asks for."""

    items: ItemFilter
    model: str = ""
    sort: str = "rank"
    show: str = ""
    start: int = 0

    @classmethod
    def from_query(cls, query: QueryDict, product: Product, member: Member) -> "RankingAsk":
        """Read ``?model=&sort=&show=&start=`` and the backlog's filters; refuses unknown words."""
        plain = query.copy()
        # The backlog's own orders mean nothing here.
        plain.pop("sort", None)
        sort = query.get("sort", "") or "rank"
        show = query.get("show", "")
        start = query.get("start", "0") or "0"
        if sort not in SORTS:
            raise Refused(
                _("sort: “%(sort)s” is none of %(known)s.")
                % {"sort": sort[:60], "known": ", ".join(SORTS)},
                field="sort",
            )
        if show and show not in SHOWS:
            raise Refused(
                _("show: “%(show)s” is none of %(known)s.")
                % {"show": show[:60], "known": ", ".join(SHOWS)},
                field="show",
            )
        if not start.isascii() or not start.isdigit() or len(start) > 9:
            raise Refused(_("This page's address is damaged. Start from the first page."))
        items = ItemFilter.from_query(plain, product, member).sorted_by("rank")
        return cls(items, query.get("model", ""), sort, show, int(start))

    def query(self, **changes: Any) -> str:
        """The address's query with these changes; the rule itself is left out."""
        pairs = self.items.pairs()
        mine = {"model": self.model, "sort": self.sort, "show": self.show, "start": 0} | changes
        rule = {"model": "", "sort": "rank", "show": "", "start": 0}
        pairs += [(name, str(value)) for name, value in mine.items() if value != rule[name]]
        return urlencode(pairs)

    @property
    def narrowed(self) -> bool:
        return bool(self.show or self.items.active)


@dataclass(frozen=True)
class RankedPage:
    rows: list[Ranked]
    #: How many items fit, of how many.
    fitting: int
    total: int
    next_start: int | None
    #: The common scale of the whiskers, from 0.
    scale_high: float = 1.0
    own: list[ScoringCriterion] = field(default_factory=list)


def own_criteria(member: Member, model: ModelInForce) -> list[ScoringCriterion]:
    """The criteria this member answers, value before technical."""
    return [
        each
        for lens in ("value", "technical")
        for each in model.rated(lens)
        if may_rate(member, each)
    ]


def answers_of(
    model: ModelInForce, item_ids: Iterable[int], *, with_doubts: bool = False
) -> dict[int, list[Answer]]:
    """The current answers for these items under the model, by item, oldest first."""
    if model.row is None:
        return {}
    criteria = {each.pk: each for each in model.criteria}
    rows = (
        Rating.objects.current()
        .filter(criterion__in=list(criteria), item__in=list(item_ids))
        .order_by("rated_at", "pk")
        # Plain columns: a page of rated items has some two thousand answers, and making a model
        # of each row, of its member and of that one's user took a quarter of the page's time.
        .values_list(
            "item_id",
            "criterion_id",
            "member_id",
            "member__user__name",
            "value",
            "low",
            "high",
            "confidence",
            "note",
            "rated_at",
            "pk",
            "agreed_in__session__name",
        )
    )
    doubts = doubts_about(item_ids) if with_doubts else {}
    found: dict[int, list[Answer]] = {}
    for row in rows:
        (item_id, criterion_id, member_id, name, value, low, high, sure, note, at, pk, session) = (
            row
        )
        criterion = criteria[criterion_id]
        found.setdefault(item_id, []).append(
            Answer(
                criterion.slug,
                member_id,
                name,
                value,
                low,
                high,
                sure,
                note,
                at,
                pk,
                stale_sentence(criterion, at),
                session or "",
                tuple(doubts.get((item_id, criterion_id, member_id), ())),
            )
        )
    return found


def cells_of(
    member: Member, criteria: Sequence[ScoringCriterion], answers: Sequence[Answer]
) -> dict[str, Cell]:
    cells = {}
    for criterion in criteria:
        given = [each for each in answers if each.slug == criterion.slug]
        mine = next((each for each in given if each.member_id == member.pk), None)
        others = tuple(each for each in given if each.member_id != member.pk)
        cells[criterion.slug] = Cell(criterion, mine, others, may_rate(member, criterion))
    return cells


def rated_by(member: Member, model: ModelInForce) -> set[int]:
    """The items of which the member has answered every criterion they answer."""
    criteria = [each.pk for each in own_criteria(member, model)]
    if model.row is None or not criteria:
        return set()
    rows = (
        Rating.objects.current()
        .filter(member=member, criterion__in=criteria)
        .values("item_id")
        .annotate(answered=Count("pk"))
        .filter(answered=len(criteria))
    )
    return set(rows.values_list("item_id", flat=True))


def order_of(
    table: ScoreTable, ask: RankingAsk, member: Member, model: ModelInForce
) -> Sequence[int]:
    """The positions of the rows that fit, in the order asked for."""
    keep = np.ones(len(table), dtype=bool)
    if ask.items.active:
        rows = ask.items.apply(Item.objects.of(ask.items.product))
        keep &= table.mask_of(rows.values_list("pk", flat=True))
    if ask.show == "unrated":
        keep &= ~table.mask_of(rated_by(member, model))
    elif ask.show == "differ":
        keep &= (table.disagreement > 0) & table["value_heard"] & table["technical_heard"]
    elif ask.show == "decisive":
        keep &= np.isin(table["numbers"], decisive_numbers(ask.items.product) or [])
    elif ask.show == "guessed":
        keep &= table["guess_bits"] > 0
    elif ask.show == "known":
        keep &= table["guess_bits"] == 0
    places = np.flatnonzero(keep)
    if ask.sort != "rank":
        # A stable sort keeps the ranking's order among equals.
        places = places[np.lexsort(_keys(table, ask.sort, places))]
    return places  # type: ignore[return-value]


def _keys(table: ScoreTable, sort: str, places: Any) -> tuple[Any, ...]:
    """Sort keys, the last one first, as ``lexsort`` takes them."""

    def down(column: Any) -> Any:
        return -column[places]

    if sort == "differ":
        # A difference needs two views: items that a lens is silent on come last.
        both = table["value_heard"] & table["technical_heard"]
        return (down(np.abs(table["gap"])), down(table.disagreement), down(both.astype(int)))
    if sort == "unsure":
        return (down(table["rank_high"] - table["rank_low"]),)
    return (down(table[sort]), down(table[f"{sort}_heard"].astype(int)))


def ranked_page(
    member: Member, product: Product, model: ModelInForce, table: ScoreTable, ask: RankingAsk
) -> RankedPage:
    """One page of the ranking: four queries whatever it shows, one or two more when narrowed."""
    places = order_of(table, ask, member, model)
    cut = places[ask.start : ask.start + PAGE]
    scores = table.rows(cut)
    own = own_criteria(member, model)
    more = ask.start + PAGE < len(places)
    return RankedPage(
        rows=ranked_rows(member, product, model, scores, own),
        fitting=len(places),
        total=len(table),
        next_start=ask.start + PAGE if more else None,
        scale_high=scale_of(table),
        own=own,
    )


def scale_of(table: ScoreTable) -> float:
    """Where whiskers end: the highest P90 of the first page, the same on every page."""
    return float(table["score_high"][:PAGE].max()) if len(table) else 1.0


def ranked_rows(
    member: Member,
    product: Product,
    model: ModelInForce,
    scores: Sequence[ScoreRow],
    own: Sequence[ScoringCriterion],
) -> list[Ranked]:
    """Items and answers beside their scores; items deleted meanwhile are left out."""
    ids = [row.item_id for row in scores]
    items = Item.objects.with_ids(product, ids).select_related("status").in_bulk()
    answers = answers_of(model, ids) if own else {}
    found = []
    for row in scores:
        item = items.get(row.item_id)
        if item is None:
            continue
        item.product = product
        cells = cells_of(member, own, answers.get(item.pk, ()))
        found.append(Ranked(item, row, cells))
    return found


@dataclass(frozen=True)
class Rated:
    """One answer, and whether it still counts, for an item's history of ratings."""

    answer: Answer
    superseded_at: Any


@dataclass(frozen=True)
class ItemRatings:
    """Everything rated on one item under a model."""

    item: Item
    model: ModelInForce
    cells: dict[str, Cell]
    lenses: list[str]
    earlier: dict[str, list[Answer]] = field(default_factory=dict)

    @cached_property
    def by_lens(self) -> dict[str, list[Cell]]:
        return {
            lens: [self.cells[each.slug] for each in self.model.rated(lens)]
            for lens in ("value", "technical")
        }


def ratings_of(member: Member, item: Item, model: ModelInForce) -> ItemRatings:
    """The item's criteria with everybody's current answers and doubts; two queries."""
    answers = answers_of(model, [item.pk], with_doubts=True).get(item.pk, [])
    cells = cells_of(member, model.rated(), answers)
    return ItemRatings(item, model, cells, lenses_of(member, model.criteria))
