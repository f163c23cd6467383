"""What it would take for an item to be in the plan: what it costs, and from which score or effort on."""

from dataclasses import dataclass, replace
from fractions import Fraction

from tandem_engine.planning import reasons
from tandem_engine.planning.errors import ProblemError
from tandem_engine.planning.problem import Problem
from tandem_engine.planning.quantity import say, worth
from tandem_engine.planning.result import Plan
from tandem_engine.planning.solve import solve
from tandem_engine.planning.solver import Solver
from tandem_engine.words import join, said

#: Solves spent on finding the score, and the finest step of effort looked at.
_STEPS = 4
_GRID = 0.5
_NOISE = 1e-7


@dataclass(frozen=True, slots=True)
class EntryPrice:
    """What it costs to have an item in the plan.

    ``price`` is what the plan's objective would lose, 0 when the item is in it already. Below 0
    it is what a rule that keeps the item out costs. ``exact`` is false when one of the plans is
    not proven best. ``out`` are the keys that leave the plan, ``enters`` those that come in.
    ``possible`` is false when no plan can hold the item; then ``price`` is 0. ``score`` is the
    least value with which a best plan holds the item, ``effort`` the largest effort (in steps of
    a half) with its value as it is; ``None`` when not asked or when there is none.
    """

    key: str
    possible: bool
    price: float
    exact: bool
    out: tuple[str, ...]
    enters: tuple[str, ...]
    text: str
    score: float | None = None
    effort: float | None = None


def price_of_entry(
    problem: Problem,
    plan: Plan,
    key: str,
    *,
    time_limit: float = 5.0,
    solver: Solver | None = None,
    thresholds: bool = False,
    called: str = "score",
) -> EntryPrice:
    """What ``plan``, the plan of ``problem``, loses when ``key`` has to be in it: solved anew.

    A rule that keeps the item out is lifted for the question; rules about other items stay.
    ``called`` is what people call a value. ``thresholds`` asks as well with which score or effort it would enter by itself (ruled out no
    more), each solve within ``time_limit``. Raises :class:`ProblemError` for an unknown key, or a plan that is
    infeasible.
    """
    if key not in problem.by_key:
        raise ProblemError(said("%(key)s is not among the items.", key=key), "key")
    if plan.status == "infeasible":
        raise ProblemError(said("There is no plan to enter: the must-haves do not fit."), "plan")
    if key in plan.items:
        return EntryPrice(key, True, 0.0, True, (), (), said("%(key)s is in the plan.", key=key))
    asked = _Asked(problem.with_must(key), key, time_limit, plan.seed, solver)
    forced = asked.with_item()
    if forced.conflict is not None:
        why = forced.reason(key)
        own = why is not None and why.code != "conflict"
        because = why.text if why and own else forced.conflict.text
        text = join(said("%(key)s cannot be in a plan.", key=key), " ", because)
        return EntryPrice(key, False, 0.0, forced.conflict.proven, (), (), text)
    before, after = set(plan.items), set(forced.items)
    out = tuple(other for other in plan.items if other not in after)
    price = plan.objective - forced.objective
    taking: str = (
        said("Taking %(key)s costs %(price)s of the plan's value.", key=key, price=worth(price))
        if price >= 0
        else said("Taking %(key)s adds %(gain)s to the plan's value.", key=key, gain=worth(-price))
    )
    if out:
        taking = join(taking, " ", said("%(keys)s would leave.", keys=reasons.names(out)))
    found = EntryPrice(
        key=key,
        possible=True,
        price=price,
        exact=plan.status == "optimal" and forced.status == "optimal",
        out=out,
        enters=tuple(other for other in forced.items if other not in before),
        text=taking,
    )
    if not thresholds or price <= _NOISE:
        return found
    score, sure = asked.score(plan.objective, forced)
    effort, certain = asked.effort(plan.objective)
    would = _would_enter(called, score, effort)
    return replace(
        found,
        score=score,
        effort=effort,
        exact=found.exact and sure and certain,
        text=join(found.text, " ", would) if would else found.text,
    )


def _would_enter(called: str, score: float | None, effort: float | None) -> str:
    """With which value, and with which effort, the item would enter by itself."""
    takes = "" if effort is None else say(effort)
    if score is None:
        if not takes:
            return ""
        return said("It would enter by itself if its effort were %(effort)s.", effort=takes)
    value = worth(score)
    if not takes:
        if called == "score":
            return said("It would enter by itself if its score were %(value)s.", value=value)
        if called == "benefit":
            return said("It would enter by itself if its benefit were %(value)s.", value=value)
        return said(
            "It would enter by itself if its %(called)s were %(value)s.", called=called, value=value
        )
    if called == "score":
        return said(
            "It would enter by itself if its score were %(value)s or its effort %(effort)s.",
            value=value,
            effort=takes,
        )
    if called == "benefit":
        return said(
            "It would enter by itself if its benefit were %(value)s or its effort %(effort)s.",
            value=value,
            effort=takes,
        )
    return said(
        "It would enter by itself if its %(called)s were %(value)s or its effort %(effort)s.",
        called=called,
        value=value,
        effort=takes,
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """The problem with the item forced in, asked with other scores and efforts of it."""

    problem: Problem
    key: str
    time_limit: float
    seed: int
    solver: Solver | None

    def with_item(self, value: float | None = None, effort: float | None = None) -> Plan:
        """The best plan that holds it."""
        item = self.problem.by_key[self.key]
        changed = replace(
            item,
            value=item.value if value is None else value,
            effort=item.effort if effort is None else effort,
            done=item.done if effort is None else 0.0,
        )
        items = tuple(changed if one.key == self.key else one for one in self.problem.items)
        return solve(
            replace(self.problem, items=items),
            time_limit=self.time_limit,
            seed=self.seed,
            solver=self.solver,
        )

    def score(self, target: float, forced: Plan) -> tuple[float | None, bool]:
        """The least value with which it pays.

        The best plan with the item is worth a convex function of the item's value, the maximum
        of lines: where it crosses ``target`` is found by Newton's method from above.
        """
        item = self.problem.by_key[self.key]
        value, sure = float(item.value), forced.status == "optimal"
        for _ in range(_STEPS):
            weight = self._weight(forced, value)
            missing = target - forced.objective
            if abs(missing) <= _NOISE * max(1.0, abs(target)):
                return value, sure
            # From value 0 or less on nothing is weighted: the line starts at 0.
            line = value + missing / weight if value > 0 else max(0.0, missing + value) / weight
            if value <= 0 and missing + value <= 0:
                line = value + missing
            value = line
            forced = self.with_item(value=value)
            sure = sure and forced.status == "optimal"
            if forced.conflict is not None:
                return None, False
        return value, False

    def _weight(self, plan: Plan, value: float) -> float:
        item = self.problem.by_key[self.key]
        weights = item.delivery_weights or self.problem.weights
        return weights[(plan.sprint_of(self.key) or 1) - 1]

    def effort(self, target: float) -> tuple[float | None, bool]:
        """The largest effort on the grid, below its own, with which it pays; by bisection."""
        item = self.problem.by_key[self.key]
        if item.parts:
            return None, True
        steps = int(Fraction(item.remaining).limit_denominator(3600) / Fraction(_GRID))
        low, high, sure = -1, steps, True
        if steps * _GRID < item.remaining - 1e-9:
            high += 1
        while high - low > 1:
            middle = (low + high) // 2
            found = self.with_item(effort=middle * _GRID)
            pays = found.conflict is None and found.objective >= target - _NOISE * max(
                1.0, abs(target)
            )
            sure = sure and (found.status == "optimal" or pays)
            low, high = (middle, high) if pays else (low, middle)
        return (None if low < 0 else low * _GRID), sure
