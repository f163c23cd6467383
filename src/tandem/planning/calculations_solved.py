"""A prepared problem -> its solved plan, the list beside it, and how a plan keeps both."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tandem.core.errors import Refused
from tandem.planning.calculations import Prepared
from tandem.planning.sayings import figured
from tandem.ui.filters import spoken
from tandem_engine import ENGINE_VERSION
from tandem_engine.planning import (
    Conflict,
    InForce,
    ListPlan,
    ProblemError,
    Progress,
    SprintPlan,
    score_and_cut,
    solve,
)
from tandem_engine.planning import Plan as EnginePlan
from tandem_engine.planning.robust import robust
from tandem_engine.words import said

TIME_LIMIT = 10.0
#: The share of cases in which each sprint of a careful plan holds.
CONFIDENCE = 0.8


@dataclass(frozen=True)
class Solved:
    """A solved plan with the list beside it."""

    prepared: Prepared
    plan: EnginePlan
    listed: ListPlan
    #: What planning with 80 % capacity came to, in a sentence.
    careful: str = ""

    def as_json(self) -> dict[str, Any]:
        """The documented object of ``tandem plan --json``."""
        plan = self.plan
        return {
            "status": plan.status,
            "maximised": self.prepared.maximised,
            "value": plan.value,
            "bound": plan.bound,
            "gap": plan.gap,
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
                }
                for sprint in plan.sprints
            ],
            "left_out": [
                *(
                    {"key": left.key, "reason": left.reason.text, "code": left.reason.code}
                    for left in plan.left_out
                ),
                *(
                    {"key": key, "reason": reason, "code": "outside"}
                    for key, reason in self.prepared.outside.items()
                ),
            ],
            "capacity_prices": [
                {
                    "team": each.team,
                    "sprint": each.sprint,
                    "price": each.price,
                    "text": each.text,
                }
                for each in sorted(plan.capacity_prices, key=lambda each: -each.price)[:6]
                if each.price > 0
            ],
            "explanation": plan.explain(),
            "guesses": self.prepared.guess_sentence,
            "notes": [*self.prepared.notes, *([self.careful] if self.careful else [])],
            "score_and_cut": _listed(self.listed),
            "seed": plan.seed,
            "fingerprint": plan.fingerprint,
            "engine_version": ENGINE_VERSION,
        }


def _listed(plan: ListPlan) -> dict[str, Any]:
    return {"value": plan.value, "sprints": [list(sprint.items) for sprint in plan.sprints]}


def listed_json(ready: Prepared) -> dict[str, Any]:
    """What score-and-cut makes of the same capacity, as a plan keeps it."""
    return _listed(score_and_cut(ready.problem, ready.scores))


def clash_json(conflict: Conflict | None) -> dict[str, Any]:
    """Which rules clash and the fewest to relax, as a plan keeps them."""
    if conflict is None:
        return {}

    def told(rules: Iterable[InForce]) -> list[dict[str, str]]:
        return [{"text": rule.text, "reason": rule.reason, "where": rule.where} for rule in rules]

    return {
        "rules": told(conflict.rules),
        "relax": told(conflict.relax),
        "smallest": conflict.smallest,
        "irreducible": conflict.irreducible,
        "proven": conflict.proven,
    }


@dataclass(frozen=True)
class Step:
    """Where a solve stood after some seconds; ``value`` is ``None`` before the first plan."""

    seconds: float
    value: float | None
    bound: float
    #: Makes the best plan yet, sprint by sprint.
    sprints: Callable[[], tuple[SprintPlan, ...]] | None = None

    @property
    def sentence(self) -> str:
        """What the page says while one waits."""
        if self.value is None:
            return said("No plan yet; none is worth more than %(bound)s", bound=figured(self.bound))
        if self.bound <= self.value:
            return said("A plan worth %(value)s is found", value=figured(self.value))
        return said(
            "A plan worth %(value)s is found; none is worth more than %(bound)s",
            value=figured(self.value),
            bound=figured(self.bound),
        )

    def board(self) -> list[dict[str, Any]]:
        """What each team does in each sprint of the best plan yet, by key."""
        return [
            {
                "number": sprint.number,
                "capacity": sprint.capacity,
                "used": sprint.used,
                "teams": [
                    {
                        "team": load.team,
                        "capacity": load.capacity,
                        "used": load.used,
                        "items": [p.key for p in sprint.placements if p.team == load.team],
                    }
                    for load in sprint.loads
                ],
            }
            for sprint in (self.sprints() if self.sprints else ())
        ]

    def as_json(self) -> dict[str, float | None]:
        return {"seconds": round(self.seconds, 3), "value": self.value, "bound": self.bound}


def solved(
    ready: Prepared,
    *,
    seed: int = 0,
    time_limit: float = TIME_LIMIT,
    on_progress: Callable[[Step], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    careful: bool = False,
) -> Solved:
    """The best plan with its proof, and what score-and-cut makes of the same capacity.

    ``should_stop`` ends the search with what is found until then. ``careful`` keeps so much
    capacity free that each sprint holds with 80 %; its gap is that to what fits in the mean.
    """

    def hear(told: Progress) -> None:
        if on_progress is not None:
            value = told.value if math.isfinite(told.value) else None
            on_progress(Step(told.seconds, value, told.bound, told.sprints))

    try:
        if careful:
            held = robust(
                ready.problem,
                ready.efforts,
                confidence=CONFIDENCE,
                time_limit=time_limit,
                seed=seed,
                on_progress=hear,
                should_stop=should_stop,
            )
            return Solved(ready, held.plan, score_and_cut(ready.problem, ready.scores), held.text)
        plan = solve(
            ready.problem,
            time_limit=time_limit,
            seed=seed,
            on_progress=hear,
            should_stop=should_stop,
        )
        return Solved(ready, plan, score_and_cut(ready.problem, ready.scores))
    except ProblemError as error:
        raise Refused(spoken(error.message), field=error.where) from error
