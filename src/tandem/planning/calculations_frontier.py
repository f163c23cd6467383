"""Two curves a plan is chosen on: value lens against technical lens, and debt share against value."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop as N_

from tandem.planning.calculations import Prepared
from tandem_engine import ENGINE_VERSION
from tandem_engine.planning import Plan
from tandem_engine.planning.debt import Interest, debt_frontier
from tandem_engine.planning.lenses import lens_front
from tandem_engine.statistics.bargaining import NAMES, bargain, knee
from tandem_engine.words import counted, figure, said

__all__ = ["ENGINE_VERSION", "Curve", "debt_curve", "lens_curve"]

ROLES = (said("The Product Owner"), said("The Technical Product Manager"))
#: Seconds for a curve, and how many plans of the lenses it shows at most.
SECONDS = 40.0
MOST_POINTS = 13
#: Interest saved is counted for half a year from the start of the plan, or for the plan if longer.
HORIZON_WEEKS = 26.0
#: How many debt shares the engine looks at: 0, 5, … 40 %.
SHARES = 9

Tell = Callable[[int, int, str], None]
Points = dict[str, tuple[float, float]]


@dataclass(frozen=True)
class Curve:
    """Points by rising first coordinate, each with its plan, and the marked ones."""

    points: list[dict[str, Any]]
    marks: dict[str, int]
    sentences: dict[str, list[str]]
    notes: list[str]

    def as_json(self) -> dict[str, Any]:
        return {
            "points": self.points,
            "marks": self.marks,
            "sentences": self.sentences,
            "notes": self.notes,
        }


def lens_curve(
    ready: Prepared, points: Points, tell: Tell, should_stop: Callable[[], bool], seed: int = 0
) -> Curve:
    """Plans from the best for the technical lens to the best for the value lens, none beaten in both."""
    found = 0

    def hear(_: object) -> None:
        nonlocal found
        found += 1
        tell(
            found,
            MOST_POINTS,
            counted(
                "%(count)s plans worth considering so far",
                "%(count)s plans worth considering so far",
                count=found,
            ),
        )

    # The engine walks from the best for its first lens on; ours rises with the value lens.
    front = lens_front(
        ready.problem,
        {key: pair[1] for key, pair in points.items() if key in ready.items},
        {key: pair[0] for key, pair in points.items() if key in ready.items},
        most=MOST_POINTS,
        time_limit=SECONDS,
        seed=seed,
        on_point=hear,
        should_stop=should_stop,
    )
    rows = sorted(front.points, key=lambda point: point.second)
    told = [
        {
            "value": point.second,
            "technical": point.first,
            "supported": point.supported,
            "exact": point.exact,
            **_plan_json(ready, point.plan),
        }
        for point in rows
    ]
    exact = all(point.exact for point in rows) if rows else front.complete
    return _marked(told, exact=exact)


def _marked(told: list[dict[str, Any]], *, exact: bool) -> Curve:
    places = [(point["value"], point["technical"]) for point in told]
    marks: dict[str, int] = {}
    sentences: dict[str, list[str]] = {}
    notes = []
    if not told and not exact:
        notes.append(
            N_(
                "Time ended before a plan was found; whether one keeps the rules is open. Try again."
            )
        )
    elif not told:
        notes.append(N_("No plan keeps the rules; solve the scenario to see which of them clash."))
    elif len(places) == 1 and not exact:
        notes.append(
            N_("Time ended with one plan found; others may be better for one of the lenses.")
        )
    elif len(places) == 1:
        notes.append(N_("One plan is the best for both lenses: there is nothing to bargain about."))
    else:
        # Without an agreement each side gets what it has when the other decides alone.
        apart = (places[0][0], places[-1][1])
        for each in bargain(
            places, disagreement=apart, roles=ROLES, unit=said("points")
        ).settlements:
            marks[each.rule] = each.index
            sentences[each.rule] = [NAMES[each.rule], *each.sentences]
        bend = knee(places)
        if bend is not None:
            marks["knee"] = bend
            sentences["knee"] = [
                N_("Knee"),
                N_("Beyond it, giving up more of one lens gains little of the other."),
            ]
    if told:
        notes.append(
            N_(
                "No plan under these rules and at this capacity beats a point in both lenses: each "
                "is proven."
            )
            if exact
            else N_("Time ended before each point was proven: a plan may beat one in both lenses.")
        )
    if len(told) > 1:
        notes.append(
            N_("The points are spread evenly over the frontier, and more plans lie between them.")
        )
    return Curve(told, marks, sentences, notes)


def _plan_json(ready: Prepared, plan: Plan) -> dict[str, Any]:
    """What a point keeps of its plan: enough to make it a plan of the scenario."""
    real = ready.problem.by_key
    return {
        "score": sum(real[key].value for key in plan.items),
        "status": plan.status,
        "sprints": [
            {
                "number": sprint.number,
                "capacity": sprint.capacity,
                "used": sprint.used,
                "items": list(sprint.items),
                "teams": [
                    {"team": load.team, "capacity": load.capacity, "used": load.used}
                    for load in sprint.loads
                ],
                "placements": [
                    [p.key, p.team, real[p.key].value, p.effort] for p in sprint.placements
                ],
            }
            for sprint in plan.sprints
        ],
    }


def debt_curve(
    ready: Prepared,
    interest: dict[str, float],
    weeks: float,
    tell: Tell,
    should_stop: Callable[[], bool],
    seed: int = 0,
) -> Curve:
    """The best plan for each debt share: features' score and interest saved, in one unit.

    ``interest``: what each debt item costs a week, in score; debt without a price counts its score
    alone. Sprints last ``weeks``.
    """
    found = 0

    def hear(_: object) -> None:
        nonlocal found
        found += 1
        tell(
            found,
            SHARES,
            said("%(count)s of %(all)s debt shares looked at", count=found, all=SHARES),
        )

    tell(0, SHARES, N_("The best plan without debt"))
    horizon = max(HORIZON_WEEKS, weeks * ready.problem.sprints)
    front = debt_frontier(
        ready.problem,
        Interest(interest, sprint_weeks=weeks, horizon_weeks=horizon),
        time_limit=SECONDS,
        seed=seed,
        on_point=hear,
        should_stop=should_stop,
    )
    told = [
        {
            "share": round(100 * point.asked),
            "reached": 100 * point.share,
            "features": point.features,
            "saved": point.saved,
            "total": point.total,
            "gap": point.plan.gap,
            "efficient": point.efficient,
            **_plan_json(ready, point.plan),
        }
        for point in front.points
    ]
    counts = said(
        "Interest is counted for %(weeks)s weeks from the start of the plan.",
        weeks=figure(horizon),
    )
    notes = [front.text, counts]
    return Curve(told, {} if front.best is None else {"best": front.best}, {}, notes)
