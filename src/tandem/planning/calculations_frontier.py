"""Two curves a plan is chosen on: value lens against technical lens, and debt share against value."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tandem.backlog.models import Kind
from tandem.planning.calculations import Prepared
from tandem_engine import ENGINE_VERSION
from tandem_engine.planning import Plan, Problem, Share, solve
from tandem_engine.statistics.bargaining import NAMES, bargain, knee

__all__ = ["ENGINE_VERSION", "Curve", "debt_curve", "lens_curve"]

ROLES = ("The Product Owner", "The Technical Product Manager")
#: Seconds for one plan of a curve.
ONE_SECONDS = 2.0
#: A curve of the lenses has at most so many plans solved for it.
MOST_SOLVES = 17
#: The debt shares looked at, in percent.
SHARES = (0, 5, 10, 15, 20, 25, 30, 35, 40)

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
    """Every plan that some weighing of the two lenses makes best: the corners of the frontier.

    Dichotomic search (Aneja & Nair 1979): the two ends, then between each two neighbours the best
    plan for the weights at which both are worth the same, until no plan beats its neighbours.
    """
    found: dict[tuple[float, float], Plan] = {}
    solves, open_ends = 0, 0

    def best(first: float, second: float) -> tuple[float, float] | None:
        nonlocal solves
        solves += 1
        tell(solves, MOST_SOLVES, f"{len(found)} plans worth considering so far")
        plan = solve(
            _weighed(ready.problem, points, first, second), time_limit=ONE_SECONDS, seed=seed
        )
        if plan.status == "infeasible":
            return None
        place = _place(plan, points)
        found.setdefault(place, plan)
        return place

    # A little weight on the other lens: of the plans best for one, the best for the other too.
    left, right = best(1e-4, 1.0), best(1.0, 1e-4)
    waiting = [(left, right)] if left and right and left != right else []
    while waiting:
        low, high = waiting.pop(0)
        if solves >= MOST_SOLVES or should_stop():
            open_ends += 1
            continue
        weights = (low[1] - high[1], high[0] - low[0])
        if min(weights) <= 1e-9:
            continue
        between = best(*weights)
        if between is None or between in (low, high):
            continue
        gain = weights[0] * (between[0] - low[0]) + weights[1] * (between[1] - low[1])
        if gain > 1e-6 * (abs(weights[0] * low[0]) + abs(weights[1] * low[1]) + 1):
            waiting += [(low, between), (between, high)]
    places = _undominated(list(found))
    return _marked(ready, [(place, found[place]) for place in places], points, open_ends)


def _weighed(problem: Problem, points: Points, first: float, second: float) -> Problem:
    none = (0.0, 0.0)
    items = tuple(
        replace(
            item,
            value=first * points.get(item.key, none)[0] + second * points.get(item.key, none)[1],
        )
        for item in problem.items
    )
    return replace(problem, items=items, delivery_weights=None)


def _place(plan: Plan, points: Points) -> tuple[float, float]:
    pairs = [points.get(key, (0.0, 0.0)) for key in plan.items]
    return (round(sum(p[0] for p in pairs), 6), round(sum(p[1] for p in pairs), 6))


def _undominated(places: list[tuple[float, float]]) -> list[tuple[float, float]]:
    kept: list[tuple[float, float]] = []
    best = float("-inf")
    for place in sorted(places, reverse=True):
        if place[1] > best:
            best = place[1]
            kept.append(place)
    return kept[::-1]


def _marked(
    ready: Prepared,
    found: list[tuple[tuple[float, float], Plan]],
    points: Points,
    open_ends: int,
) -> Curve:
    places = [place for place, _ in found]
    told = [
        {"value": place[0], "technical": place[1], **_plan_json(ready, plan)}
        for place, plan in found
    ]
    marks: dict[str, int] = {}
    sentences: dict[str, list[str]] = {}
    notes = []
    if len(places) > 1:
        # Without an agreement each side gets what it has when the other decides alone.
        apart = (places[0][0], places[-1][1])
        answer = bargain(places, disagreement=apart, roles=ROLES, unit="points")
        for each in answer.settlements:
            marks[each.rule] = each.index
            sentences[each.rule] = [NAMES[each.rule], *each.sentences]
        bend = knee(places)
        if bend is not None:
            marks["knee"] = bend
            sentences["knee"] = [
                "Knee",
                "Beyond it, giving up more of one lens gains little of the other.",
            ]
    else:
        notes.append("One plan is the best for both lenses: there is nothing to bargain about.")
    if open_ends:
        notes.append("Time ended before every corner was found; more plans lie between these.")
    notes.append(
        "Each point is a plan that some weighing of the two lenses makes best under the "
        "scenario's rules and capacity."
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
    """The best plan for each smallest debt share: features' score and interest saved, in one unit.

    ``interest``: what each debt item costs a week, in score. A debt paid back in sprint s of S
    saves (S - s) sprints of ``weeks`` weeks of it within the horizon; what it saves later is not
    counted, and debt without a price counts nothing. The curve ends where a share cannot be reached.
    """
    problem = _priced(ready, interest, weeks)
    told: list[dict[str, Any]] = []
    notes = []
    for number, share in enumerate(SHARES, start=1):
        if should_stop():
            notes.append("Stopped before every share was looked at.")
            break
        tell(number, len(SHARES), f"The best plan with {share} % debt")
        rule = Share(minimum=share / 100, kind=Kind.DEBT.value)
        rules = (*problem.rules, rule) if share else problem.rules
        plan = solve(replace(problem, rules=rules), time_limit=ONE_SECONDS, seed=seed)
        if plan.status == "infeasible":
            notes.append(
                f"A share of {share} % cannot be reached: there is not so much debt that fits."
            )
            break
        told.append({"share": share, **_debt_point(ready, plan, interest, weeks)})
    # A plan with more debt keeps every smaller share too: when time ended early, it may be better.
    for place in reversed(range(len(told) - 1)):
        if told[place + 1]["total"] > told[place]["total"]:
            told[place] = told[place + 1] | {"share": told[place]["share"]}
    marks: dict[str, int] = {}
    if told:
        marks["best"] = max(range(len(told)), key=lambda n: told[n]["total"])
    return Curve(told, marks, {}, notes)


def _priced(ready: Prepared, interest: dict[str, float], weeks: float) -> Problem:
    """Debt is worth the interest it saves until the horizon ends, features are worth their score."""
    sprints = ready.problem.sprints
    later = tuple(max(1e-6, (sprints - s) / max(1, sprints - 1)) for s in range(1, sprints + 1))
    items = tuple(
        replace(
            item,
            value=interest.get(item.key, 0.0) * weeks * (sprints - 1),
            delivery_weights=later,
        )
        if item.kind == Kind.DEBT
        else item
        for item in ready.problem.items
    )
    rules = tuple(
        rule
        for rule in ready.problem.rules
        if not (isinstance(rule, Share) and rule.kind == Kind.DEBT.value)
    )
    return replace(ready.problem, items=items, rules=rules)


def _debt_point(
    ready: Prepared, plan: Plan, interest: dict[str, float], weeks: float
) -> dict[str, Any]:
    sprints = ready.problem.sprints
    placed = [(p, sprint.number) for sprint in plan.sprints for p in sprint.placements]
    debts = {p.key for p, _ in placed if ready.items[p.key].kind == Kind.DEBT}
    saved = sum(interest.get(p.key, 0.0) * weeks * (sprints - number) for p, number in placed)
    features = sum(ready.problem.by_key[p.key].value for p, _ in placed if p.key not in debts)
    effort = sum(p.effort for p, _ in placed)
    paid = sum(p.effort for p, _ in placed if p.key in debts)
    return {
        "reached": 100 * paid / effort if effort else 0.0,
        "features": features,
        "saved": saved,
        "total": features + saved,
        "gap": plan.gap,
        **_plan_json(ready, plan),
    }
