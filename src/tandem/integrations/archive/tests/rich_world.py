"""A product that has something in every table of an archive, and trash."""

import datetime

from django.core.files.base import ContentFile
from django.utils import timezone

from tandem.accounts import operations as accounts
from tandem.accounts.tests.world import make_world
from tandem.backlog import operations as backlog
from tandem.backlog.models import Item
from tandem.delivery import operations as delivery
from tandem.integrations import operations as integrations
from tandem.notices.operations import setting_update
from tandem.planning.models import Frontier
from tandem.planning.operations.debts import debt_price_set
from tandem.planning.operations.forecasts import forecast_make
from tandem.planning.operations.plans import plan_ask
from tandem.planning.operations.rules import rule_set
from tandem.planning.operations.scenarios import capacity_set, scenario_create, scenario_update
from tandem.prioritisation import operations as prioritisation
from tandem.prioritisation.models import (
    Ballot,
    Challenge,
    FinalValue,
    PairAnswer,
    Rating,
    RatingSession,
    SessionItem,
    SessionRater,
)

CSV = """Issue key,Summary,Status,Assignee,Created,Updated
SEA-1,Sell return tickets,To Do,Petra Holm,2026-01-02,2026-01-03
SEA-2,Print the manifest,Done,Dana Novak,2026-01-02,2026-02-03
"""


def _session(world, model, urgency, first, second):
    """One session that is over, with what it settled, and a challenge."""
    by, now = world.owner, timezone.now()
    session = RatingSession.objects.create(
        product=world.product,
        name="March",
        kind="rating",
        model=model,
        facilitator=by,
        state="closed",
        revealed_at=now,
        closed_at=now,
    )
    SessionRater.objects.create(session=session, member=by, invited_at=now, joined_at=now)
    entry = SessionItem.objects.create(
        session=session, item=first, position=0, revealed_at=now, locked_at=now
    )
    Ballot.objects.create(entry=entry, member=by, criterion=urgency, value=5, given_at=now)
    FinalValue.objects.create(
        entry=entry, criterion=urgency, value=5, decided_by=by, decided_at=now
    )
    PairAnswer.objects.create(
        session=session, member=by, one=first, other=second, preferred=first, given_at=now
    )
    rating = Rating.objects.filter(item=first).first()
    Challenge.objects.create(
        rating=rating, raised_by=world.technical, raised_at=now, reason="The port closes in May."
    )


def rich(world):
    """Fill the world's product through operations; returns its first item."""
    by, product = world.owner, world.product
    accounts.invitation_create(by=world.admin, role="viewer", email="new@skerry.example")
    setting_update(by=world.technical, digest="hourly")
    first = backlog.item_create(
        by=by, product=product, title="=HYPERLINK(evil)", labels=["web"], estimate_likely=3.0
    )
    second = backlog.item_create(
        by=world.developer, product=product, title="Gladly, Søren", assignee=world.developer
    )
    epic = backlog.item_create(by=by, product=product, title="Bookings", kind="epic")
    # The parent is younger than its child.
    backlog.item_update(by=by, item=first, parent=epic, assignee=world.technical)
    backlog.item_move(by=by, item=epic, after=None)
    make = {"by": by, "product": first.product}
    backlog.field_create(**make, name="Tier", kind="choice", choices=["Gold", "Silver"])
    backlog.field_create(**make, name="Reviewer", kind="person")
    template = {"name": "Defect", "kind": "bug", "criteria": ["Fixed."], "values": {"tier": "Gold"}}
    backlog.template_create(**make, **template)
    backlog.parking_rule_set(**make, is_on=True, days=90)
    backlog.view_save(**make, name="Silver ones", filter="tier:silver", is_shared=True)
    for person in (world.stakeholder, world.technical):
        own = {"tier": "Silver", "reviewer": person.pk}
        backlog.item_update(by=by, item=first, values=own)
    guarded = backlog.status_add(**make, name="Agreed", category="started")
    backlog.transition_save(**make, to_status=guarded, approval="both")
    backlog.approval_request(by=world.owner, item=first, to=guarded, note="Soon?")
    criterion = backlog.criterion_add(by=by, item=first, text="It loads")
    backlog.criterion_check(by=world.developer, criterion=criterion, met=True)
    removal = backlog.criterion_remove(by=by, criterion=criterion)
    backlog.criterion_restore(by=by, item=first, removal=removal)
    changed = backlog.criterion_add(by=by, item=first, text="It prints")
    backlog.criterion_update(by=by, criterion=changed, text="It prints twice")
    question = backlog.question_ask(by=world.developer, item=first, text="On paper?")
    backlog.question_answer(by=by, question=question, answer="Yes")
    comment = backlog.comment_write(by=world.stakeholder, item=second, text="At last")
    backlog.comment_delete(by=world.stakeholder, comment=comment)
    begun = backlog.comment_write(
        by=by, item=second, text=f"@{world.technical.name}, will it hold?"
    )
    backlog.comment_write(by=world.technical, item=second, text="It will.", reply_to=begun)
    backlog.attachment_add(by=by, item=second, name="deck.csv", chunks=[b"a,b"], comment=begun)
    backlog.comment_react(by=by, comment=begun, kind="thanks")
    backlog.comment_resolve(by=by, comment=begun)
    backlog.dependency_add(by=by, from_item=first, to_item=second, kind="blocks")
    team = delivery.team_create(by=by, product=product, name="Harbour", capacity=10)
    delivery.team_assign(by=by, item=first, team=team)
    sprint = delivery.sprint_create(
        by=by, team=team, start_date=datetime.date(2026, 11, 2), goal="Sail"
    )
    delivery.sprint_add(by=by, sprint=sprint, item=first)
    model = prioritisation.model_create(by=by, product=product, preset="value_effort")
    urgency = model.criteria.get(slug="urgency")
    asked = [["urgency", "feasibility", "urgency"]]
    prioritisation.weights_answer(by=by, model=model, way="pairs", answers={"asked": asked})
    for value in (2, 4):
        prioritisation.rating_set(by=by, item=first, criterion=urgency, value=value)
    _session(world, model, urgency, first, second)
    scenario = scenario_create(by=by, product=product, name="Next")
    scenario_update(by=by, scenario=scenario, scoring_model_id=model.pk)
    rule_set(by=by, scenario=scenario, item=first, kind="must", reason="Promised")
    rule_set(by=by, scenario=scenario, kind="before", item=first, others=[second])
    capacity_set(by=by, scenario=scenario, team=team, sprint=1, capacity=4, reason="Holidays")
    debt = backlog.item_create(by=by, product=product, title="Old pier", kind="debt")
    debt_price_set(by=by, item=debt, interest=2, reason="Every repair takes longer")
    Frontier.objects.create(
        scenario=scenario, kind="debt", asked_by=by, asked_at=timezone.now(), state="ready"
    )
    plan = plan_ask(by=by, scenario=scenario)
    forecast_make(by=by, product=product, question="plan", plan=plan, range=(1, 3))
    run = integrations.import_upload(
        by=by, product=product, name="sea.csv", chunks=ContentFile(CSV.encode()).chunks()
    )
    integrations.import_try(by=by, run=run, mapping=run.mapping)
    run.refresh_from_db()
    integrations.import_start(by=by, run=run)
    trash = backlog.item_create(by=by, product=product, title="Thrown away")
    backlog.item_delete(by=by, item=trash)
    return Item.objects.get(pk=first.pk)


def rich_world():
    """The small world, its product filled."""
    world = make_world()
    rich(world)
    return world
