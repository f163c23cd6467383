"""What each rule costs: the plan solved anew without it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from time import perf_counter

from tandem_engine.planning.errors import ProblemError
from tandem_engine.planning.in_force import InForce, in_force, without
from tandem_engine.planning.problem import Problem
from tandem_engine.planning.quantity import say, worth
from tandem_engine.planning.reasons import names
from tandem_engine.planning.result import Plan
from tandem_engine.planning.solve import solve
from tandem_engine.words import begun, join, said

#: The kinds priced unless others are asked for: a need is a fact more often than a choice.
CHOSEN = frozenset(
    (
        "must",
        "must_not",
        "earliest",
        "latest",
        "window",
        "pin",
        "before",
        "together",
        "at_most",
        "share",
    )
)


@dataclass(frozen=True, slots=True)
class RulePrice:
    """What ``rule`` costs: the best plan without it is worth ``price`` more, 0 if it costs nothing.

    ``price`` is at least 0. ``most`` is a bound: without the rule no plan is worth more than that
    above this one. ``exact`` is false when one of the two plans is not proven best. ``enters`` and
    ``out`` are what would come in and leave without the rule.
    """

    rule: InForce
    price: float
    most: float
    exact: bool
    enters: tuple[str, ...]
    out: tuple[str, ...]
    text: str
    #: The text without the rule it is about.
    cost: str = ""


def price_of_rule(
    problem: Problem, plan: Plan, rule: InForce, *, time_limit: float = 5.0
) -> RulePrice:
    """What ``rule`` costs ``plan``, the plan of ``problem``: solved without it, from the plan on.

    Raises :class:`ProblemError` when there is no plan.
    """
    if plan.status == "infeasible":
        raise ProblemError(said("There is no plan while its rules cannot be kept."), "plan")
    free = solve(without(problem, [rule.where]), time_limit=time_limit, seed=plan.seed, start=plan)
    price = max(0.0, free.objective - plan.objective)
    if price <= 1e-7 * max(1.0, abs(plan.objective)):
        price = 0.0
    exact = plan.status == free.status == "optimal"
    before, after = set(plan.items), set(free.items)
    enters = tuple(key for key in free.items if key not in before) if price else ()
    out = tuple(key for key in plan.items if key not in after) if price else ()
    cost = _cost(price, exact, enters, out, max(0.0, free.bound - plan.objective))
    return RulePrice(
        rule,
        price,
        max(0.0, free.bound - plan.objective),
        exact,
        enters,
        out,
        join(begun(rule.text, large=True), ": ", begun(cost, large=False)),
        cost,
    )


def prices_of_rules(
    problem: Problem,
    plan: Plan,
    *,
    kinds: Collection[str] = CHOSEN,
    time_limit: float = 10.0,
    on_price: Callable[[RulePrice], None] | None = None,
) -> tuple[RulePrice, ...]:
    """The price of every rule of these kinds, the dearest first.

    The time is shared among them; rules it does not reach are missing from the answer.
    """
    rules = [rule for rule in in_force(problem) if rule.kind in kinds]
    began = perf_counter()
    found: list[RulePrice] = []
    for number, rule in enumerate(rules):
        left = time_limit - (perf_counter() - began)
        if left <= 0:
            break
        share = max(left / (len(rules) - number), min(left, 0.05))
        priced = price_of_rule(problem, plan, rule, time_limit=share)
        found.append(priced)
        if on_price is not None:
            on_price(priced)
    return tuple(sorted(found, key=lambda priced: -priced.price))


def _cost(
    price: float,
    exact: bool,
    enters: tuple[str, ...],
    out: tuple[str, ...],
    most: float,
) -> str:
    if not price:
        if exact:
            return said("Costs nothing.")
        return said("Costs nothing that was found, %(most)s at most.", most=say(most))
    cost = (
        said("Costs %(price)s.", price=worth(price))
        if exact
        else said("Costs at least %(price)s.", price=worth(price))
    )
    if enters and out:
        change = said(
            "Without it %(enters)s would enter and %(leaves)s would leave.",
            enters=names(enters),
            leaves=names(out),
        )
    elif enters:
        change = said("Without it %(enters)s would enter.", enters=names(enters))
    elif out:
        change = said("Without it %(leaves)s would leave.", leaves=names(out))
    else:
        return cost
    return join(cost, " ", change)
