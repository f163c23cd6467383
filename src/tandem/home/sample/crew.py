"""The sample's people beyond the six of the small world, its teams and their sprints' goals."""

import datetime
from dataclasses import dataclass

from tandem.accounts import operations
from tandem.accounts.models import Member, Product, Role
from tandem.accounts.sample import People
from tandem.delivery.models import Sprint, SprintState, Team
from tandem.delivery.operations import team_create
from tandem.home.sample.calendar import HOLIDAY_SPRINT, SPRINT_DAYS, Calendar
from tandem.home.sample.ledger import Ledger
from tandem.home.sample.reading import RUNNING_SPRINT

#: Two more developers, so that the teams are teams: (name used in the files, name, mail address).
DEVELOPERS = (
    ("mira", "Mira Sol", "mira@skerry.example"),
    ("jonas", "Jonas Ek", "jonas@skerry.example"),
)

#: Team, effort of a usual sprint in points, what each sprint was for (the last one is running).
TEAMS = (
    (
        "Harbour",
        14,
        (
            "People on the quay find their boat on a phone",
            "A refused card no longer costs a booking",
            "Residents get their fare in the web shop",
            "Say what is left, and in which language",
            "Cancelled crossings reach the customer",
            "Holidays: one card for the household",
            "One page for passengers",
            "One door to both payment providers",
            "Outward and return in one booking",
            "Receipts at once, and six visits to freight firms",
            "Nobody loses the crossing to the bank",
            "The timetable on one printed page",
            "First real payment through the new provider",
        ),
    ),
    (
        "Engine room",
        10,
        (
            "See the ramp, and let somebody break in",
            "No crossing is sold twice",
            "Backups that come back",
            "Hear the wrong boat",
            "Releases in daylight",
            "Holidays: price list versions",
            "One sign-in per shift",
            "Know where a booking waits",
            "A supported runtime",
            "Nightly jobs that complain",
            "Links that end",
            "Builds in eight minutes",
            "Scanning works without a connection",
        ),
    ),
)


@dataclass(frozen=True)
class Crew:
    """Everybody and every team of the sample by the name the files use."""

    members: dict[str, Member]
    teams: dict[str, Team]
    #: ``(team, number)``
    sprints: dict[tuple[str, int], Sprint]

    def __getitem__(self, name: str) -> Member:
        return self.members[name]


def crew_make(people: People, product: Product, calendar: Calendar, ledger: Ledger) -> Crew:
    """Hire the developers, make the teams, and run twelve sprints and the beginning of one more."""
    members = {
        name: getattr(people, name)
        for name in ("admin", "owner", "technical", "developer", "stakeholder", "viewer")
    }
    for name, full_name, email in DEVELOPERS:
        user = operations.user_create(email=email, name=full_name)
        members[name] = operations.member_add(by=people.admin, user=user, role=Role.DEVELOPER)
    teams = {
        name: team_create(
            by=people.technical,
            product=product,
            name=name,
            capacity=capacity,
            sprint_days=SPRINT_DAYS,
        )
        for name, capacity, _ in TEAMS
    }
    sprints = Sprint.objects.bulk_create(
        _sprint(teams[name], number, goal, calendar)
        for name, _, goals in TEAMS
        for number, goal in enumerate(goals, start=1)
    )
    for sprint in sprints:
        _sprint_tell(sprint, people.technical, ledger)
    return Crew(members, teams, {(each.team.name, each.number): each for each in sprints})


def _sprint(team: Team, number: int, goal: str, calendar: Calendar) -> Sprint:
    start, end = calendar.sprint(number)
    share = 0.5 if number == HOLIDAY_SPRINT else 1.0
    return Sprint(
        team=team,
        number=number,
        goal=goal,
        start_date=start,
        end_date=end,
        capacity=team.capacity * share,
        state=SprintState.RUNNING if number == RUNNING_SPRINT else SprintState.FINISHED,
    )


def _sprint_tell(sprint: Sprint, by: Member, ledger: Ledger) -> None:
    """The events that creating, starting and finishing it leave behind."""
    start = datetime.datetime.combine(
        sprint.start_date, datetime.time(7, 45 + sprint.team_id % 2), tzinfo=datetime.UTC
    )
    ledger.tell(by, "sprint.created", sprint, at=start - datetime.timedelta(days=4))
    steps = [(SprintState.PLANNED, SprintState.RUNNING, start)]
    if sprint.state == SprintState.FINISHED:
        end = start + datetime.timedelta(days=SPRINT_DAYS - 3, hours=7)
        steps.append((SprintState.RUNNING, SprintState.FINISHED, end))
    for before, after, at in steps:
        changes = {"state": [before.value, after.value]}
        ledger.tell(by, f"sprint.{after.value}", sprint, at=at, changes=changes)
