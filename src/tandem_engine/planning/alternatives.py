"""Plans nearly as good that hold other items: what one may choose from without losing much."""

from dataclasses import dataclass
from time import perf_counter

from tandem_engine.planning.limits import Limit, differs
from tandem_engine.planning.problem import Problem
from tandem_engine.planning.quantity import say, worth
from tandem_engine.planning.reasons import names
from tandem_engine.planning.result import Plan
from tandem_engine.planning.solve import solve
from tandem_engine.words import said


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another plan, with what it loses against the best and how it differs from it.

    ``moved`` are items in both, finished in another sprint. ``exact`` is false when better plans
    as different may exist.
    """

    plan: Plan
    loss: float
    enters: tuple[str, ...]
    out: tuple[str, ...]
    moved: tuple[str, ...]
    exact: bool
    text: str


def alternatives(
    problem: Problem,
    plan: Plan,
    *,
    count: int = 3,
    least: int | None = None,
    loss: float = 0.05,
    time_limit: float = 10.0,
) -> tuple[Alternative, ...]:
    """Up to ``count`` plans that lose at most the part ``loss`` of ``plan``'s objective.

    Each is the best that differs from ``plan`` and every alternative before it in at least
    ``least`` items (planned in one and not in the other): a tenth of those planned unless given.
    Items worth nothing by themselves are not counted. Fewer come back when there are no more, or
    when the time ended.
    """
    if plan.status == "infeasible":
        return ()
    keys = [item.key for item in problem.items if item.value > 0]
    wanted = max(1, len(plan.items) // 10) if least is None else least
    floor = plan.objective - loss * abs(plan.objective)
    began = perf_counter()
    limits: list[Limit] = []
    found: list[Alternative] = []
    last = plan
    while len(found) < count:
        left = time_limit - (perf_counter() - began)
        if left <= 0:
            break
        limits.append(_differs(last, keys, wanted))
        share = left / (count - len(found))
        other = solve(problem, time_limit=share, seed=plan.seed, limits=limits)
        if other.status == "infeasible" or other.objective < floor - 1e-9 * abs(floor):
            break
        found.append(_alternative(plan, other))
        last = other
    return tuple(found)


def _differs(plan: Plan, keys: list[str], least: int) -> Limit:
    known = set(keys)
    cut = differs(plan, keys, least)
    inside = sum(key in known for key in plan.items)
    return Limit(cut.coefficients, lower=least - inside)


def _alternative(plan: Plan, other: Plan) -> Alternative:
    before = {key: sprint.number for sprint in plan.sprints for key in sprint.items}
    after = {key: sprint.number for sprint in other.sprints for key in sprint.items}
    enters = tuple(key for key in after if key not in before)
    out = tuple(key for key in before if key not in after)
    moved = tuple(key for key in after if before.get(key, after[key]) != after[key])
    lost = plan.objective - other.objective
    part = 100 * lost / abs(plan.objective) if plan.objective else 0.0
    swap = said(
        "%(enters)s instead of %(leaves)s",
        enters=names(enters) or said("nothing"),
        leaves=names(out) or said("nothing"),
    )
    text = (
        said(
            "%(swap)s: %(lost)s less (%(percent)s %%).",
            swap=swap,
            lost=worth(lost),
            percent=say(part),
        )
        if lost > 1e-9
        else said("%(swap)s: worth as much.", swap=swap)
    )
    return Alternative(
        plan=other,
        loss=lost,
        enters=enters,
        out=out,
        moved=moved,
        exact=other.status == "optimal",
        text=text,
    )
