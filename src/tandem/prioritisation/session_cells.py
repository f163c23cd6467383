"""The forms of a session's item: the same as on the rate page, filled with one's own ballots."""

from django.utils.translation import gettext as _

from tandem.accounts.models import Member
from tandem.prioritisation.models import Ballot, RatingSession, ScoringCriterion, SessionKind
from tandem.prioritisation.permissions import may_rate
from tandem.prioritisation.queries import Answer, Cell
from tandem.prioritisation.queries_sessions import EntryShown, SessionShown
from tandem.prioritisation.session_scales import EFFORT
from tandem.ui.phrases import units


def effort_asked(session: RatingSession) -> ScoringCriterion:
    """The cards as a criterion with a level for each, for the form alone."""
    cards = session.cards or [["0", 0.0]]
    return ScoringCriterion(
        slug=EFFORT,
        name=_("Effort"),
        question=_("How much work is it, in %(unit)s?")
        % {"unit": units(session.product.estimate_unit)},
        lens="technical",
        low=0.0,
        high=float(len(cards) - 1) or 1.0,
        step=1.0,
        anchors=[[effort, _("Card %(label)s") % {"label": label}] for label, effort in cards],
    )


def cell_of(criterion: ScoringCriterion, ballot: Ballot | None, member: Member) -> Cell:
    mine = None
    if ballot is not None and ballot.value is not None:
        mine = Answer(
            criterion.slug,
            member.pk,
            member.name,
            ballot.value,
            ballot.low,
            ballot.high,
            ballot.confidence,
            ballot.note,
            ballot.given_at,
        )
    return Cell(criterion, mine, ())


def cells_of_entry(member: Member, shown: SessionShown, entry: EntryShown) -> list[Cell]:
    """A form for everything this member can say about the item now."""
    session = shown.session
    if shown.seat is None or not shown.open or entry.revealed or entry.deleted:
        return []
    if session.is_live and entry.entry.position != session.current:
        return []
    if session.kind == SessionKind.ESTIMATE:
        if not shown.expected:
            return []
        return [cell_of(effort_asked(session), entry.mine.get(EFFORT), member)]
    return [
        cell_of(each, entry.mine.get(each.slug), member)
        for each in shown.criteria
        if may_rate(member, each)
    ]
