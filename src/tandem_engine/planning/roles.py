"""The same plan in the words of each role: what it brings and gives up, what it rests on."""

from collections.abc import Sequence
from dataclasses import dataclass

from tandem_engine.planning.lists import ListPlan
from tandem_engine.planning.problem import Problem
from tandem_engine.planning.quantity import say, worth
from tandem_engine.planning.reasons import names
from tandem_engine.planning.result import Plan
from tandem_engine.planning.rule_prices import RulePrice

#: So many items and rules are named; the rest is in the plan itself.
_NAMED = 3


@dataclass(frozen=True, slots=True)
class RoleWords:
    """Sentences for the Product Owner and for the Technical Product Manager."""

    owner: tuple[str, ...]
    technical: tuple[str, ...]


def for_roles(
    problem: Problem,
    plan: Plan,
    *,
    listed: ListPlan | None = None,
    prices: Sequence[RulePrice] = (),
    debt: str = "debt",
) -> RoleWords:
    """``plan`` for both roles. Each sentence states a figure of the plan, of ``listed`` or of ``prices``."""
    if plan.conflict is not None:
        return RoleWords((plan.conflict.text,), (plan.conflict.text,))
    return RoleWords(_owner(problem, plan, listed, prices), _technical(problem, plan, debt))


def _owner(
    problem: Problem, plan: Plan, listed: ListPlan | None, prices: Sequence[RulePrice]
) -> tuple[str, ...]:
    said = [plan.explain()]
    if listed is not None:
        more = plan.value - listed.value
        verb = "more" if more >= 0 else "less"
        said.append(
            f"That is {worth(abs(more))} {verb} than sorting by score and cutting at the line "
            f"({worth(listed.value)})."
        )
    out = sorted(plan.left_out, key=lambda left: -problem.by_key[left.key].value)[:_NAMED]
    if out:
        said.append(f"The highest scores left out: {names([left.key for left in out])}.")
    said += [price.text for price in prices[:_NAMED] if price.price > 0]
    return tuple(said)


def _technical(problem: Problem, plan: Plan, debt: str) -> tuple[str, ...]:
    said: list[str] = []
    placed = [placement for sprint in plan.sprints for placement in sprint.placements]
    effort = sum(placement.effort for placement in placed)
    paid = sum(p.effort for p in placed if problem.by_key[p.key].kind == debt)
    if effort and any(item.kind == debt for item in problem.items):
        said.append(f"{say(100 * paid / effort)} % of the planned work is {debt}.")
    loads = [(load, s.number) for s in plan.sprints for load in (*s.loads, *s.skill_loads)]
    full = [
        f"{load.skill + ' of ' if load.skill else ''}{load.team} in sprint {number}"
        for load, number in loads
        if load.capacity > 0 and load.used >= load.capacity * (1 - 1e-9)
    ]
    if full:
        said.append(f"Full to the last point: {names(full, _NAMED)}.")
    if plan.capacity_prices:
        said.append(plan.capacity_prices[0].text)
    followers: dict[str, int] = {}
    planned = set(plan.items)
    for key in plan.items:
        for need in problem.needs[key]:
            if need in planned:
                followers[need] = followers.get(need, 0) + 1
    if followers:
        most = max(followers, key=lambda key: (followers[key], key))
        count = followers[most]
        what = "item needs" if count == 1 else "items need"
        said.append(f"{most} carries most: {count} planned {what} it directly.")
    return tuple(said)
