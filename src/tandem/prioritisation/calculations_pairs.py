"""A pairwise session's answers -> the engine -> how the items stand, and what to ask next."""

from dataclasses import dataclass

from tandem.accounts.models import Member
from tandem.backlog.models import Item
from tandem.prioritisation.models import PairAnswer, RatingSession, SessionState
from tandem.prioritisation.queries_sessions import pairs_wanted
from tandem.prioritisation.refusing import refused
from tandem_engine.prioritisation import Comparison, ScoringError, next_pair, standings


@dataclass(frozen=True)
class PairStanding:
    """An item's strength (log-odds, 0 is the middle) with P10 and P90, and its place."""

    item: Item
    strength: float
    low: float
    high: float
    place: int


@dataclass(frozen=True)
class PairStandings:
    """``next`` is the pair to ask this member; ``answered`` of ``wanted`` they have given."""

    standings: list[PairStanding]
    next: tuple[Item, Item] | None
    answered: int
    wanted: int
    raters: int
    note: str


def pair_standings(member: Member, session: RatingSession) -> PairStandings:
    """By the member's own answers while the session is open, else by everybody's."""
    entries = session.entries.select_related("item__product", "item__status")
    items = {str(each.item_id): each.item for each in entries if each.item.deleted_at is None}
    seen = list(PairAnswer.objects.filter(session=session).seen_by(member).order_by("pk"))
    answers = [
        Comparison(str(each.one_id), str(each.other_id), _result(each))
        for each in seen
        if str(each.one_id) in items and str(each.other_id) in items
    ]
    own = {(str(each.one_id), str(each.other_id)) for each in seen if each.member_id == member.pk}
    keys = list(items)
    is_open = session.state == SessionState.OPEN
    try:
        found = standings(keys, answers)
        pair = next_pair(keys, answers, asked=own) if is_open else None
    except ScoringError as error:
        raise refused(error) from error
    return PairStandings(
        [
            PairStanding(items[each.key], each.strength, each.low, each.high, each.place)
            for each in found.standings
        ],
        (items[pair.first], items[pair.second]) if pair else None,
        len(own),
        pairs_wanted(len(keys)),
        len({each.member_id for each in seen}),
        found.note,
    )


def _result(answer: PairAnswer) -> float:
    if answer.preferred_id is None:
        return 0.5
    return 1.0 if answer.preferred_id == answer.one_id else 0.0
