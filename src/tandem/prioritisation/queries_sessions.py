"""What the session pages and the API show of rating sessions, each in a fixed number of queries.

Nothing here hands out a value that is still hidden: ballots are read through ``seen_by`` or
``revealed`` alone, and progress is counted without values.
"""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member
from tandem.accounts.permissions import can
from tandem.prioritisation.models import (
    Ballot,
    FinalValue,
    RatingSession,
    ScoringCriterion,
    SessionItem,
    SessionKind,
    SessionRater,
    SessionState,
)
from tandem.prioritisation.permissions import may_rate
from tandem.prioritisation.session_scales import EFFORT, label_of
from tandem_engine.words import said


def criteria_of(session: RatingSession) -> list[ScoringCriterion]:
    """The criteria the session asks, value before technical; none for an estimation."""
    if session.kind != SessionKind.RATING or session.model is None:
        return []
    rows = session.model.criteria.filter(removed_at=None, kind="rating")
    asked = [each for each in rows if not session.criteria or each.slug in session.criteria]
    return sorted(asked, key=lambda each: (each.lens != "value", each.position))


def answers_expected(
    session: RatingSession, criteria: Sequence[ScoringCriterion], member: Member
) -> int:
    """How many values this member can give for one item."""
    if session.kind == SessionKind.RATING:
        return sum(may_rate(member, each) for each in criteria)
    action = "session.estimate" if session.kind == SessionKind.ESTIMATE else "session.compare"
    return int(can(member, action))


@dataclass(frozen=True)
class Voice:
    """One rater's revealed value. ``lens`` is that of the criterion."""

    rater: str
    member_id: int
    value: float
    low: float | None
    high: float | None
    confidence: float | None
    note: str


@dataclass(frozen=True)
class Outcome:
    """What came out for one criterion (none: effort) of a revealed item."""

    slug: str
    name: str
    lens: str
    low: float
    high: float
    voices: tuple[Voice, ...]
    final: FinalValue | None
    criterion: ScoringCriterion | None = None
    cards: list[list[Any]] = field(default_factory=list)

    @property
    def values(self) -> list[float]:
        return sorted(each.value for each in self.voices)

    @property
    def suggestion(self) -> float | None:
        """The middle value, always one that somebody gave: of two middle ones the lower."""
        return statistics.median_low(self.values) if self.voices else None

    @property
    def sentence(self) -> str:
        """What the values say about each other."""
        values = self.values
        if not values:
            return said(N_("Nobody gave a value."))
        if len(values) == 1:
            return said(N_("One rater: there is nothing to compare."))
        if values[0] == values[-1]:
            return said(
                N_("All %(count)s gave %(value)s."), count=len(values), value=self.text(values[0])
            )
        return said(
            N_("From %(low)s to %(high)s."), low=self.text(values[0]), high=self.text(values[-1])
        )

    @property
    def apart(self) -> float:
        """How far the outermost values lie apart, as a share of the scale."""
        values = self.values
        span = self.high - self.low
        return (values[-1] - values[0]) / span if values and span > 0 else 0.0

    def text(self, value: float) -> str:
        return label_of(self.cards, value) if self.cards else f"{value:g}"


@dataclass(frozen=True)
class EntryShown:
    """One item of a session as a member sees it."""

    entry: SessionItem
    mine: dict[str, Ballot]
    skipped: Ballot | None
    expected: int
    outcomes: tuple[Outcome, ...]
    #: Raters who passed over it, with their reasons, when it is revealed.
    passed: tuple[Ballot, ...]

    @property
    def revealed(self) -> bool:
        return self.entry.revealed_at is not None

    @property
    def done(self) -> bool:
        """Whether the member has nothing more to say about it."""
        return self.skipped is not None or len(self.mine) >= self.expected

    @property
    def deleted(self) -> bool:
        return self.entry.item.deleted_at is not None

    @cached_property
    def apart(self) -> float:
        return max((each.apart for each in self.outcomes), default=0.0)


@dataclass(frozen=True)
class Progress:
    """How far one rater is; how many, never what."""

    seat: SessionRater
    done: int
    total: int

    @property
    def watches(self) -> bool:
        """Nothing here is theirs to rate."""
        return self.total == 0


@dataclass(frozen=True)
class SessionShown:
    session: RatingSession
    criteria: list[ScoringCriterion]
    entries: list[EntryShown]
    progress: list[Progress]
    seat: SessionRater | None
    expected: int

    @property
    def open(self) -> bool:
        return self.session.state == SessionState.OPEN

    @property
    def left(self) -> list[EntryShown]:
        """What this member has still to rate, of what can be rated now."""
        return [
            each
            for each in self.entries
            if not each.done and not each.revealed and not each.deleted
        ]

    @property
    def settled(self) -> int:
        return sum(each.entry.locked_at is not None for each in self.entries)

    @property
    def revealed(self) -> list[EntryShown]:
        return [each for each in self.entries if each.revealed]

    def at(self, position: int) -> EntryShown | None:
        return next((each for each in self.entries if each.entry.position == position), None)

    @property
    def by_slug(self) -> dict[str, ScoringCriterion]:
        return {each.slug: each for each in self.criteria}


def session_shown(member: Member, session: RatingSession) -> SessionShown:
    """A session as this member sees it: seven queries, however large it is."""
    criteria = criteria_of(session)
    entries = list(session.entries.select_related("item__product", "item__status"))
    for entry in entries:
        entry.session = session
    ballots: dict[int, list[Ballot]] = defaultdict(list)
    seen = Ballot.objects.filter(entry__session=session).seen_by(member)
    for ballot in seen.select_related("member__user").order_by("given_at", "pk"):
        ballots[ballot.entry_id].append(ballot)
    finals: dict[int, list[FinalValue]] = defaultdict(list)
    for final in FinalValue.objects.filter(entry__session=session).select_related(
        "decided_by__user"
    ):
        finals[final.entry_id].append(final)
    expected = answers_expected(session, criteria, member)
    slugs: dict[int | None, str] = {each.pk: each.slug for each in criteria}
    slugs[None] = EFFORT
    shown = [
        _entry(
            member, session, criteria, slugs, entry, ballots[entry.pk], finals[entry.pk], expected
        )
        for entry in entries
    ]
    seats = list(session.raters.select_related("member__user"))
    seat = next((each for each in seats if each.member_id == member.pk), None)
    progress = progress_of(session, criteria, entries, seats)
    return SessionShown(session, criteria, shown, progress, seat, expected)


def _entry(
    member: Member,
    session: RatingSession,
    criteria: Sequence[ScoringCriterion],
    slugs: dict[int | None, str],
    entry: SessionItem,
    ballots: Sequence[Ballot],
    finals: Sequence[FinalValue],
    expected: int,
) -> EntryShown:
    now = [each for each in ballots if each.round == entry.round]
    own = [each for each in now if each.member_id == member.pk]
    mine = {
        slugs[each.criterion_id]: each
        for each in own
        if not each.skipped and each.criterion_id in slugs
    }
    skipped = next((each for each in own if each.skipped), None)
    outcomes: tuple[Outcome, ...] = ()
    passed: tuple[Ballot, ...] = ()
    if entry.revealed_at is not None:
        asked: Sequence[ScoringCriterion | None] = criteria
        if session.kind == SessionKind.ESTIMATE:
            asked = [None]
        said = [each for each in now if not each.skipped]
        outcomes = tuple(_outcome(session, each, said, finals) for each in asked)
        passed = tuple(each for each in now if each.skipped)
    return EntryShown(entry, mine, skipped, expected, outcomes, passed)


def _outcome(
    session: RatingSession,
    criterion: ScoringCriterion | None,
    ballots: Iterable[Ballot],
    finals: Iterable[FinalValue],
) -> Outcome:
    pk = criterion.pk if criterion else None
    voices = tuple(
        Voice(
            each.member.name,
            each.member_id,
            each.value or 0.0,
            each.low,
            each.high,
            each.confidence,
            each.note,
        )
        for each in ballots
        if each.criterion_id == pk
    )
    final = next((each for each in finals if each.criterion_id == pk), None)
    if criterion is not None:
        return Outcome(
            criterion.slug,
            criterion.name,
            criterion.lens,
            criterion.low,
            criterion.high,
            voices,
            final,
            criterion,
        )
    given = [n for v in voices for n in (v.low, v.value, v.high) if n is not None]
    efforts = [effort for _, effort in session.cards]
    low = 0.0
    high = max([*given, *([] if session.three_point else efforts)], default=1.0) or 1.0
    cards = [] if session.three_point else session.cards
    return Outcome(EFFORT, said(N_("Effort")), "technical", low, high, voices, final, None, cards)


def progress_of(
    session: RatingSession,
    criteria: Sequence[ScoringCriterion],
    entries: Sequence[SessionItem],
    seats: Sequence[SessionRater],
) -> list[Progress]:
    """How many items each rater is through with, counted without looking at a value."""
    live = [each for each in entries if each.item.deleted_at is None]
    if session.kind == SessionKind.PAIRS:
        pairs = dict(
            session.pair_answers.values("member_id")
            .annotate(n=Count("pk"))
            .values_list("member_id", "n")
        )
        total = pairs_wanted(len(live))
        return [
            Progress(
                seat,
                min(total, pairs.get(seat.member_id, 0)),
                total if answers_expected(session, criteria, seat.member) else 0,
            )
            for seat in seats
        ]
    rounds = {each.pk: each.round for each in live}
    given: dict[tuple[int, int], set[int | None]] = defaultdict(set)
    passed: set[tuple[int, int]] = set()
    rows = Ballot.objects.filter(entry__session=session)
    for entry, member, round_, criterion, skipped in rows.values_list(
        "entry_id", "member_id", "round", "criterion_id", "skipped"
    ):
        if rounds.get(entry) != round_:
            continue
        if skipped:
            passed.add((entry, member))
        else:
            given[entry, member].add(criterion)
    found = []
    for seat in seats:
        expected = answers_expected(session, criteria, seat.member)
        done = sum(
            (entry, seat.member_id) in passed or len(given[entry, seat.member_id]) >= expected
            for entry in rounds
        )
        total = len(rounds) if expected else 0
        found.append(Progress(seat, done if expected else 0, total))
    return found


def pairs_wanted(items: int) -> int:
    """After so many answers a rater has done their part: some three for each item, which orders
    it against its neighbours, and never more than there are pairs."""
    return min(items * (items - 1) // 2, 3 * items)
