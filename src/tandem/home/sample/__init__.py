"""The sample product: Skerry Lines, a fictional island ferry company, and its "Skerry Booking".

One call makes it whole: some 170 items in ten epics, two teams with twelve finished sprints and
a running one, ratings of both roles, and a scenario to plan. Rows of the past are written with
their past moments, so histories, forecasts and pages look as they would after half a year's use.
"""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from tandem.accounts import operations
from tandem.accounts.models import Member, Product, Workspace
from tandem.accounts.sample import PRODUCT_KEY, PRODUCT_NAME, People, people_make
from tandem.backlog.models import Item
from tandem.core import channel, forgetting
from tandem.core.models import Event
from tandem.delivery.models import Team
from tandem.home.sample.calendar import FOUNDED, Calendar
from tandem.home.sample.crew import crew_make
from tandem.home.sample.items import items_make
from tandem.home.sample.ledger import Ledger
from tandem.home.sample.lenses import lenses_make
from tandem.home.sample.reading import epics_read
from tandem.home.sample.scenario import scenario_make
from tandem.home.sample.sessions import sessions_make
from tandem.home.sample.talk import talk_make
from tandem.prioritisation.models import ModelVersion, ScoringModel

DESCRIPTION = (
    "Tickets for six ferries and five quays: the web shop, the counter, freight, "
    "and what the crew holds in its hands."
)


@dataclass(frozen=True)
class Sample:
    """The filled product: its items by the slug the files give them, its teams by name."""

    product: Product
    items: dict[str, Item]
    teams: dict[str, Team]


@transaction.atomic
def sample_make(today: datetime.date | None = None) -> People:
    """Make the sample workspace, its people and its product, or nothing at all.

    Everything is dated relative to ``today`` (default: the current day in UTC); the same day
    gives the same sample.
    """
    people = people_make()
    with channel.through("sample"):
        product = operations.product_create(
            by=people.admin,
            key=PRODUCT_KEY,
            name=PRODUCT_NAME,
            description=DESCRIPTION,
        )
    sample_fill(people, product, today)
    return people


@transaction.atomic
def sample_fill(people: People, product: Product, today: datetime.date | None = None) -> Sample:
    """Fill an empty product of the sample workspace; tests use it on the ``world``'s product."""
    calendar = Calendar(today or timezone.now().date())
    ledger = Ledger()
    with channel.through("sample"):
        crew = crew_make(people, product, calendar, ledger)
        placed = items_make(epics_read(), product, crew, calendar, ledger)
        talk_make(placed, crew, calendar, ledger)
        lenses_make(placed, product, crew, calendar, ledger)
        sessions_make(product, crew, calendar, ledger)
        items = {slug: each.row for slug, each in placed.items()}
        scenario_make(items, product, crew, calendar, ledger)
        # What was set up through operations happened when the company began, not just now.
        founded = calendar.moment(FOUNDED + 0.35)
        workspace = people.workspace.pk
        told = Event.objects.filter(workspace_id=workspace)
        forgetting.reword(told, at=founded, channel="sample")
        Workspace.objects.filter(pk=workspace).update(created_at=founded)
        Product.objects.filter(pk=product.pk).update(created_at=founded)
        # As old as the company, so that every past rating was given by a model of its day.
        ScoringModel.objects.filter(product=product).update(created_at=founded)
        ModelVersion.objects.filter(model__product=product, number=1).update(at=founded)
        Member.objects.filter(workspace_id=workspace).update(joined_at=founded)
        ledger.write()
    return Sample(product, items, crew.teams)
