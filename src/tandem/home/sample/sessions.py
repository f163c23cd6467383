"""The sample's rating sessions: one that is over, with what it settled, and one that is open."""

import datetime

from django.utils import timezone

from tandem.accounts.models import Product
from tandem.backlog.models import Item
from tandem.core import forgetting
from tandem.core.models import Event
from tandem.home.sample.calendar import Calendar
from tandem.home.sample.crew import Crew
from tandem.home.sample.ledger import Ledger
from tandem.prioritisation import operations as do
from tandem.prioritisation.models import (
    Ballot,
    FinalValue,
    Rating,
    RatingSession,
    ScoringModel,
    SessionItem,
    SessionRater,
)

ASKED = ("urgency", "feasibility")
#: The item of the finished session that was settled at a value of nobody's, and why.
ODD = 1
REASON = "The harbour office moved the date to the summer after we had rated"


def sessions_make(product: Product, crew: Crew, calendar: Calendar, ledger: Ledger) -> None:
    """Over the last open items of the backlog that both roles had rated."""
    model = ScoringModel.objects.get(product=product, is_default=True)
    criteria = {each.slug: each for each in model.criteria.filter(slug__in=ASKED)}
    rated = Item.objects.of(product).plannable().filter(ratings__criterion=criteria["urgency"])
    both = rated.filter(
        pk__in=Rating.objects.filter(criterion=criteria["feasibility"]).values("item")
    )
    items = list(both.select_related("product").distinct().order_by("-rank")[:8])
    last = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    _finished(items[:3], product, model, crew, calendar, ledger)
    _open(items[3:8], product, model, crew, calendar, ledger)
    # What the operations told happened in the past: the ledger tells it at its moment.
    forgetting.forget(Event.objects.filter(pk__gt=last, workspace_id=product.workspace_id))


def _held(
    name: str, items: list[Item], product: Product, model: ScoringModel, crew: Crew
) -> RatingSession:
    return do.session_create(
        by=crew["owner"],
        product=product,
        name=name,
        items=items,
        model=model,
        criteria=ASKED,
        deadline=timezone.now() + datetime.timedelta(days=6),
        members=[crew["technical"], crew["admin"]],
    )


def _say(entry: SessionItem, who: str, slug: str, crew: Crew) -> float:
    """In the session they say what they had rated."""
    assert entry.session.model is not None
    criterion = entry.session.model.criteria.get(slug=slug)
    before = Rating.objects.current().filter(item=entry.item, criterion=criterion).first()
    value = before.value if before else 3.0
    do.ballot_give(by=crew[who], entry=entry, criterion=criterion, value=value)
    return value


def _differ(entry: SessionItem, crew: Crew) -> None:
    """The administrator rates both lenses, and always a little otherwise."""
    for ballot in list(Ballot.objects.filter(entry=entry).select_related("criterion")):
        assert ballot.value is not None
        value = ballot.value - 1 if ballot.value > 3 else ballot.value + 1
        do.ballot_give(by=crew["admin"], entry=entry, criterion=ballot.criterion, value=value)


def _finished(
    items: list[Item],
    product: Product,
    model: ScoringModel,
    crew: Crew,
    calendar: Calendar,
    ledger: Ledger,
) -> None:
    owner = crew["owner"]
    session = _held("Autumn: what is urgent, what can be done", items, product, model, crew)
    entries = list(session.entries.select_related("session", "item__product"))
    finals = {}
    for entry in entries:
        finals[entry.pk] = {
            slug: {"value": _say(entry, who, slug, crew)}
            for who, slug in (("owner", "urgency"), ("technical", "feasibility"))
        }
        _differ(entry, crew)
    begun, over = calendar.ago(16, "session begun"), calendar.ago(12, "session over")
    do.session_reveal(by=owner, session=session)
    for place, entry in enumerate(entries):
        if place == ODD:
            urgency = finals[entry.pk]["urgency"]
            # Beyond what either of them said.
            urgency["value"] += -1 if urgency["value"] <= 3 else 1
            urgency["value"] = min(5.0, max(1.0, urgency["value"]))
            urgency["reason"] = REASON  # type: ignore[assignment]
        do.entry_settle(by=owner, entry=entry, finals=finals[entry.pk])
        ledger.tell(owner, "item.settled", entry.item, at=over, changes={"session": session.name})
    do.session_close(by=owner, session=session)
    of_session = {"item__in": items, "criterion__slug__in": ASKED, "criterion__model": model}
    # The two moments of the reveal and of settling become one: what lies between was replaced at
    # once, so only what was said before and what was settled stays.
    Rating.objects.filter(**of_session, rated_at__gt=begun, superseded_at__isnull=False).delete()
    Rating.objects.filter(**of_session, superseded_at__isnull=False, superseded_at__gt=over).update(
        superseded_at=over
    )
    Rating.objects.filter(**of_session, agreed_in__isnull=False).update(rated_at=over)
    FinalValue.objects.filter(entry__session=session).update(decided_at=over)
    Ballot.objects.filter(entry__session=session).update(given_at=begun)
    SessionItem.objects.filter(session=session).update(revealed_at=over, locked_at=over)
    SessionRater.objects.filter(session=session).update(invited_at=begun, joined_at=begun)
    RatingSession.objects.filter(pk=session.pk).update(
        created_at=begun, revealed_at=over, closed_at=over, deadline=over
    )
    ledger.tell(owner, "session.created", session, at=begun)
    ledger.tell(owner, "session.closed", session, at=over)


def _open(
    items: list[Item],
    product: Product,
    model: ScoringModel,
    crew: Crew,
    calendar: Calendar,
    ledger: Ledger,
) -> None:
    session = _held("Winter: before we plan", items, product, model, crew)
    for entry in session.entries.select_related("session", "item__product")[:2]:
        _say(entry, "owner", "urgency", crew)
    begun = calendar.ago(1, "session open")
    until = datetime.datetime.combine(
        calendar.today + datetime.timedelta(days=6), datetime.time(12), tzinfo=datetime.UTC
    )
    Ballot.objects.filter(entry__session=session).update(given_at=begun)
    SessionRater.objects.filter(session=session).update(invited_at=begun)
    RatingSession.objects.filter(pk=session.pk).update(created_at=begun, deadline=until)
    ledger.tell(crew["owner"], "session.created", session, at=begun)
