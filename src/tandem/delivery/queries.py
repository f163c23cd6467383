"""What the page of teams and sprints needs: two queries, however many there are."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, Sum

from tandem.accounts.models import Product
from tandem.backlog.models import Category
from tandem.delivery.models import Sprint, SprintState, Team

#: Finished sprints shown for each team; the rest is counted.
FINISHED_SHOWN = 4


@dataclass(frozen=True)
class TeamShown:
    """A team with its sprints, the latest first: those to come, the running one, a few finished."""

    team: Team
    sprints: list[Sprint]
    finished_more: int
    #: The day the next sprint may begin.
    next_start: datetime.date

    @property
    def next_end(self) -> datetime.date:
        return self.next_start + datetime.timedelta(days=self.team.sprint_days)

    @property
    def running(self) -> Sprint | None:
        return next((s for s in self.sprints if s.state == SprintState.RUNNING), None)


def teams_of(
    product: Product, today: datetime.date, *, all_finished: bool = False
) -> list[TeamShown]:
    """Each sprint carries ``items_all``, ``items_done`` and ``effort`` (the likely estimates' sum)."""
    inside = Q(items__deleted_at=None)
    done = inside & Q(items__status__category=Category.DONE)
    sprints = Sprint.objects.annotate(
        items_all=Count("items", filter=inside),
        items_done=Count("items", filter=done),
        effort=Sum("items__estimate_likely", filter=inside),
    ).order_by("-start_date", "-id")
    teams = Team.objects.of(product).prefetch_related(Prefetch("sprints", queryset=sprints))
    return [_shown(team, today, all_finished) for team in teams]


def _shown(team: Team, today: datetime.date, all_finished: bool) -> TeamShown:
    rows = list(team.sprints.all())
    for row in rows:
        row.team = team
    finished = [row for row in rows if row.state == SprintState.FINISHED]
    hidden = set() if all_finished else {row.pk for row in finished[FINISHED_SHOWN:]}
    last = max((row.end_date for row in rows), default=today)
    return TeamShown(
        team, [row for row in rows if row.pk not in hidden], len(hidden), max(last, today)
    )
