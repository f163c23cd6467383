"""What other pages show of a frontier that was worked out."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tandem.planning.frontier_pictures import NAMES
from tandem.planning.models import Frontier, FrontierKind, FrontierState, Scenario

#: The bargaining solutions, which say who gives up what; the knee is none of them.
MIDDLES = ("nash", "kalai_smorodinsky", "egalitarian")


@dataclass(frozen=True)
class Middle:
    """A plan in the middle: its name, its place on the frontier, who gave up what."""

    name: str
    place: int
    sentences: list[str]


def middles_of(scenario: Scenario | None) -> list[Middle]:
    """The middles of the scenario's newest frontier of the lenses; none where there is none."""
    if scenario is None:
        return []
    rows = Frontier.objects.filter(scenario=scenario, kind=FrontierKind.LENSES)
    found = rows.filter(state=FrontierState.READY).first()
    if found is None:
        return []
    marks, told = found.details.get("marks", {}), found.details.get("sentences", {})
    return [
        Middle(
            _(NAMES[slug]),
            marks[slug],
            [found.say(each) for each in told.get(slug, [])[1:] if each],
        )
        for slug in MIDDLES
        if slug in marks
    ]
