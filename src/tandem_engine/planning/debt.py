"""Debt against features in one unit: interest saved, break-even, and the frontier of the debt share.

Debt has a principal (the effort to pay it off) and interest (what it costs per week, in the unit of
the scores). Paid off in sprint s of w weeks each, it saves interest until the horizon of H weeks:
interest x (H - w s). That is its value with its own delivery weights, so that debt and features
compete in one plan. (Principal and interest: Cunningham 1992; Ampatzoglou et al. 2015, Information
and Software Technology 64, on the economics of technical debt.)
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from time import perf_counter

from tandem_engine.planning.errors import ProblemError, is_number, shown
from tandem_engine.planning.item import Item
from tandem_engine.planning.payback import payback
from tandem_engine.planning.problem import Problem
from tandem_engine.planning.quantity import say, worth
from tandem_engine.planning.result import Plan
from tandem_engine.planning.rules import Share
from tandem_engine.planning.solve import solve
from tandem_engine.words import join, said

#: The shares looked at unless others are asked for: 0, 5, ..., 40 %.
SHARES = tuple(step / 20 for step in range(9))


@dataclass(frozen=True, slots=True)
class Interest:
    """What items of debt cost per week, in the unit of the scores, and how far that is counted.

    ``per_week`` by key. ``horizon_weeks`` from the start of the plan; at least the plan's length.
    """

    per_week: Mapping[str, float]
    sprint_weeks: float = 2.0
    horizon_weeks: float = 26.0

    def saved(self, key: str, sprint: int) -> float:
        """What paying ``key`` off in ``sprint`` (from 1) saves until the horizon."""
        weeks = max(0.0, self.horizon_weeks - self.sprint_weeks * sprint)
        return self.per_week.get(key, 0.0) * weeks


def with_interest(problem: Problem, interest: Interest) -> Problem:
    """``problem`` with the interest saved added to what the items are worth, sprint by sprint.

    Raises :class:`ProblemError` for interest that is no number or below 0, an unknown item, and a
    horizon that ends before the plan.
    """
    _check(problem, interest)
    items = tuple(
        _with_interest(problem, item, interest) if interest.per_week.get(item.key) else item
        for item in problem.items
    )
    return replace(problem, items=items)


def _with_interest(problem: Problem, item: Item, interest: Interest) -> Item:
    weights = item.delivery_weights or problem.weights
    base = max(item.value, 0.0)
    worths = [
        base * weight + interest.saved(item.key, sprint)
        for sprint, weight in enumerate(weights, start=1)
    ]
    first = worths[0]
    if first <= 0:
        return item
    # A weight has to be above 0: with the horizon at the plan's end, the last one is a trifle.
    weighted = tuple(max(worth / first, 1e-9) for worth in worths)
    return replace(item, value=first + min(item.value, 0.0), delivery_weights=weighted)


def _check(problem: Problem, interest: Interest) -> None:
    for key, rate in interest.per_week.items():
        if key not in problem.by_key:
            raise ProblemError(f"{key} is not among the items.", f"interest.{key}")
        if not is_number(rate) or rate < 0:
            raise ProblemError(
                f"The interest of {key} is {shown(rate)} a week; give a number, 0 or more.",
                f"interest.{key}",
            )
    if not interest.sprint_weeks > 0:
        raise ProblemError("A sprint has to last more than 0 weeks.", "sprint_weeks")
    if interest.horizon_weeks < interest.sprint_weeks * problem.sprints:
        raise ProblemError(
            f"The horizon of {say(interest.horizon_weeks)} weeks ends before the plan, after "
            f"{say(interest.sprint_weeks * problem.sprints)}; choose a longer one.",
            "horizon_weeks",
        )


@dataclass(frozen=True, slots=True)
class BreakEven:
    """When an item of debt has earned back what paying it off cost.

    ``cost`` is the principal in the unit of the scores: its effort times what a unit of capacity is
    worth. ``weeks`` count from the end of the sprint it is finished in; ``None`` when it never pays
    back (no interest). ``date`` is given when the plan's start is.
    """

    key: str
    cost: float
    per_week: float
    weeks: float | None
    date: datetime.date | None
    within_horizon: bool
    text: str


def break_even(
    problem: Problem,
    interest: Interest,
    key: str,
    *,
    unit_worth: float,
    sprint: int = 1,
    start: datetime.date | None = None,
) -> BreakEven:
    """When ``key``, paid off in ``sprint``, has earned back its principal.

    ``unit_worth`` is what one unit of effort is worth elsewhere (a capacity price, or the value per
    effort of the plan): weeks = effort x unit worth / interest per week.
    """
    _check(problem, interest)
    if key not in problem.by_key:
        raise ProblemError(f"{key} is not among the items.", "key")
    cost = problem.by_key[key].remaining * max(unit_worth, 0.0)
    rate = interest.per_week.get(key, 0.0)
    weeks = payback(cost, rate).weeks
    if weeks is None:
        text = f"{key} costs no interest, so paying it off never pays back."
        return BreakEven(key, cost, rate, None, None, False, text)
    after = sprint * interest.sprint_weeks + weeks
    date = None if start is None else start + datetime.timedelta(weeks=after)
    inside = after <= interest.horizon_weeks
    when = f"week {say(after)}" if date is None else date.isoformat()
    text = (
        f"Paying off {key} takes work worth {worth(cost)} and saves {worth(rate)} a week: it has "
        f"paid back {say(weeks)} weeks after sprint {sprint}, in {when}"
        f"{'' if inside else ', after the horizon'}."
    )
    if date is not None:
        text = text.replace(f", in {when}", f", on {when}")
    return BreakEven(key, cost, rate, weeks, date, inside, text)


@dataclass(frozen=True, slots=True)
class SharePoint:
    """The best plan with about this share of the planned work for debt.

    ``asked`` is the middle of the band of shares it was solved in, ``share`` the plan's. ``features``
    is what all else delivers, ``saved`` what the debt paid off saves and is worth, ``total`` both:
    no plan in the band is worth more than ``bound``. ``efficient``: no other point delivers as much
    of both and more of one.
    """

    asked: float
    share: float
    features: float
    saved: float
    total: float
    bound: float
    plan: Plan
    efficient: bool


@dataclass(frozen=True, slots=True)
class DebtFrontier:
    """Points by rising share; ``best`` is the place of the one worth most, ``None`` without any.

    ``impossible`` are the shares no plan can have.
    """

    points: tuple[SharePoint, ...]
    best: int | None
    impossible: tuple[float, ...]
    text: str


def debt_frontier(
    problem: Problem,
    interest: Interest,
    *,
    kind: str = "debt",
    shares: tuple[float, ...] = SHARES,
    time_limit: float = 30.0,
    seed: int = 0,
    on_point: Callable[[SharePoint], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> DebtFrontier:
    """The best plan for each share of ``kind``, features and interest saved in one unit.

    Each share is a band as wide as to the middle of its neighbours (0 is exactly 0), so that the
    points lie on the whole range, below the best share and above. Rules on the share of ``kind``
    are replaced by it. The time is shared among the points.
    """
    base = with_interest(problem, interest)
    others = tuple(
        rule for rule in base.rules if not (isinstance(rule, Share) and rule.kind == kind)
    )
    began = perf_counter()
    points: list[SharePoint] = []
    impossible: list[float] = []
    before: Plan | None = None
    for number, share in enumerate(shares):
        low, high = _band(shares, number)
        left = time_limit - (perf_counter() - began)
        if left <= 0 or (should_stop is not None and should_stop()):
            break
        banded = replace(base, rules=(*others, Share(minimum=low, maximum=high, kind=kind)))
        plan = solve(
            banded,
            time_limit=left / (len(shares) - number),
            seed=seed,
            start=before,
            should_stop=should_stop,
        )
        # A plan of nothing has every share.
        if plan.status == "infeasible" or (share > 0 and not plan.items):
            impossible.append(share)
            continue
        before = plan
        points.append(_point(base, kind, share, plan))
        if on_point is not None:
            on_point(points[-1])
    judged = tuple(replace(point, efficient=_efficient(point, points)) for point in points)
    best = max(range(len(judged)), key=lambda i: judged[i].total, default=None)
    return DebtFrontier(judged, best, tuple(impossible), _frontier_text(judged, best))


def _band(shares: tuple[float, ...], number: int) -> tuple[float, float]:
    share = shares[number]
    if share <= 0:
        return 0.0, 0.0
    low = (share + shares[number - 1]) / 2 if number else share / 2
    high = (share + shares[number + 1]) / 2 if number + 1 < len(shares) else share + (share - low)
    return low, min(1.0, high)


def _point(problem: Problem, kind: str, asked: float, plan: Plan) -> SharePoint:
    features = saved = debt_effort = effort = 0.0
    for sprint in plan.sprints:
        for placement in sprint.placements:
            item = problem.by_key[placement.key]
            weights = item.delivery_weights or problem.weights
            value = item.value * (weights[sprint.number - 1] if item.value > 0 else 1.0)
            effort += placement.effort
            if item.kind == kind:
                saved += value
                debt_effort += placement.effort
            else:
                features += value
    share = debt_effort / effort if effort else 0.0
    return SharePoint(
        asked, share, features, saved, features + saved, plan.bound, plan, efficient=True
    )


def _efficient(point: SharePoint, points: list[SharePoint]) -> bool:
    return not any(
        other.features >= point.features
        and other.saved >= point.saved
        and (other.features > point.features + 1e-9 or other.saved > point.saved + 1e-9)
        for other in points
    )


def _frontier_text(points: tuple[SharePoint, ...], best: int | None) -> str:
    if best is None:
        return said("No share leaves a plan that keeps the rules.")
    point = points[best]
    text = said(
        "Worth most at %(share)s %% debt: %(features)s of features and %(saved)s saved.",
        share=say(round(100 * point.share)),
        features=worth(point.features),
        saved=worth(point.saved),
    )
    least = points[0]
    if least is point:
        return text
    less = said(
        "With %(share)s %% it would be %(lost)s less.",
        share=say(round(100 * least.share)),
        lost=worth(point.total - least.total),
    )
    return join(text, " ", less)
