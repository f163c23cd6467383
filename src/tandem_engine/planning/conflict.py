"""When the rules cannot all be kept: which of them clash, by how much, and what is least to relax."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations

from tandem_engine.planning.budget import Budget
from tandem_engine.planning.feasible import feasible
from tandem_engine.planning.in_force import InForce, in_force, without
from tandem_engine.planning.problem import Problem
from tandem_engine.planning.quantity import effort_units, from_units, say
from tandem_engine.planning.reasons import names
from tandem_engine.planning.reduce import Reduction
from tandem_engine.planning.result import Conflict
from tandem_engine.planning.solver import Solver
from tandem_engine.words import join, said

#: Whether these rules, and no others, leave a plan; ``None`` when time ended first.
Test = Callable[[Sequence[InForce]], bool | None]

#: Conflicts looked at for the smallest set to relax, and the largest set tried.
_MOST_CONFLICTS = 40
_MOST_RELAXED = 6


def find(
    problem: Problem,
    reduction: Reduction,
    solver: Solver,
    budget: Budget,
    *,
    proven: bool,
    limited: bool = False,
) -> Conflict:
    """The conflict of a problem without a plan: an irreducible set of its rules.

    First the must-haves are tried without each in turn (deletion filter; Chinneck & Dravnieks
    1991), then the other rules by halves (QuickXplain; Junker 2004): where the rest still leaves
    no plan, what was tried is no part of the conflict. ``relax`` is the smallest set of rules
    without which there is a plan, by hitting every conflict found (Reiter 1987).
    """
    if not proven:
        text = said(
            "No plan that holds every must-have was found in the time given; it is not proven "
            "that there is none. Give it more time, or drop a must-have."
        )
        return _conflict(problem, problem.musts, text, irreducible=False, proven=False)
    if limited:
        text = said("No plan keeps the rules and what is asked of it besides.")
        return _conflict(problem, problem.musts, text, irreducible=False, proven=True)
    rules = in_force(problem)

    def leaves_a_plan(kept: Sequence[InForce]) -> bool | None:
        places = {rule.where for rule in kept}
        dropped = [rule.where for rule in rules if rule.where not in places]
        return feasible(without(problem, dropped), solver, budget)

    kept, certain = _irreducible(rules, leaves_a_plan)
    musts = _musts(problem, kept)
    relax, smallest = _relax(rules, kept, leaves_a_plan) if certain else ((), False)
    found = replace(
        _conflict(problem, musts, "", irreducible=certain, proven=True),
        rules=kept,
        relax=relax,
        smallest=smallest,
    )
    return replace(found, text=_text(problem, reduction, found))


def _demands(rule: InForce) -> bool:
    return rule.kind in ("must", "pin")


def _irreducible(rules: Sequence[InForce], test: Test) -> tuple[tuple[InForce, ...], bool]:
    """A set of ``rules`` that leaves no plan while every part of it does, and whether that is certain."""
    demands = [rule for rule in rules if _demands(rule)]
    others = [rule for rule in rules if not _demands(rule)]
    certain = True
    for rule in reversed(demands):
        rest = [other for other in demands if other is not rule]
        answer = test([*rest, *others])
        if answer is False:
            demands = rest
        certain = certain and answer is not None
    about = {key for rule in demands for key in rule.about}
    # What speaks of the must-haves is kept in preference: it says more than what stands far off.
    others.sort(key=lambda rule: about.isdisjoint(rule.about))
    try:
        found = _explain(demands, others, test, changed=True)
    except TimeoutError:
        return tuple(demands), False
    order = {rule.where: number for number, rule in enumerate(rules)}
    return tuple(sorted([*demands, *found], key=lambda rule: order[rule.where])), certain


def _explain(
    base: list[InForce], parts: list[InForce], test: Test, *, changed: bool
) -> list[InForce]:
    """The least of ``parts`` that clashes with ``base``, which is new if ``changed`` (QuickXplain)."""
    if changed:
        answer = test(base)
        if answer is None:
            raise TimeoutError
        if answer is False:
            return []
    if len(parts) <= 1:
        return parts
    half = len(parts) // 2
    first, second = parts[:half], parts[half:]
    late = _explain([*base, *first], second, test, changed=bool(first))
    early = _explain([*base, *late], first, test, changed=bool(late))
    return [*early, *late]


def _relax(
    rules: Sequence[InForce], conflict: tuple[InForce, ...], test: Test
) -> tuple[tuple[InForce, ...], bool]:
    """The smallest set of rules to drop so that a plan exists, and whether that is proven."""
    conflicts = [conflict]
    for _ in range(_MOST_CONFLICTS):
        dropped = _hitting(conflicts)
        if dropped is None:
            break
        places = {rule.where for rule in dropped}
        rest = [rule for rule in rules if rule.where not in places]
        answer = test(rest)
        if answer is None:
            break
        if answer:
            return dropped, True
        further, certain = _irreducible(rest, test)
        if not certain or not further:
            break
        conflicts.append(further)
    return (), False


def _hitting(conflicts: list[tuple[InForce, ...]]) -> tuple[InForce, ...] | None:
    """The fewest rules with one of each conflict; must-haves last among equals."""
    rules = {rule.where: rule for conflict in conflicts for rule in conflict}
    pool = sorted(rules.values(), key=lambda rule: (_demands(rule), rule.kind == "need"))
    wheres = [{rule.where for rule in conflict} for conflict in conflicts]
    for size in range(1, _MOST_RELAXED + 1):
        for chosen in combinations(pool, size):
            places = {rule.where for rule in chosen}
            if all(places & conflict for conflict in wheres):
                return chosen
    return None


def _musts(problem: Problem, kept: Sequence[InForce]) -> tuple[str, ...]:
    wanted = {rule.about[0] for rule in kept if _demands(rule)}
    return tuple(key for key in problem.by_key if key in wanted)


def _effort(problem: Problem, keys: frozenset[str]) -> int:
    return sum(effort_units(problem.by_key[key].remaining) for key in keys)


def _conflict(
    problem: Problem, musts: tuple[str, ...], text: str, *, irreducible: bool, proven: bool
) -> Conflict:
    closure = problem.closure(*musts)
    pulled_in = tuple(
        item.key for item in problem.items if item.key in closure and item.key not in musts
    )
    teams = {part.team for key in closure for part in problem.by_key[key].pieces}
    available = sum(
        amount
        for team in problem.teams
        if None in teams or team.name in teams
        for amount in team.capacity
    )
    return Conflict(
        musts=musts,
        pulled_in=pulled_in,
        needed=from_units(_effort(problem, closure)),
        available=float(available),
        irreducible=irreducible,
        proven=proven,
        text=text,
    )


def _text(problem: Problem, reduction: Reduction, found: Conflict) -> str:
    """Who does not fit with whom, in numbers, and what to do."""
    blocked = _impossible(problem, reduction, found)
    if blocked:
        return blocked
    others = [rule for rule in found.rules if rule.kind not in ("must", "pin", "need")]
    if not found.musts or any(rule.kind not in ("earliest", "latest") for rule in others):
        kept = said("These rules cannot all be kept: %(rules)s.", rules=_listed(found.rules))
        return join(kept, " ", _cure(found))
    needed, available = say(found.needed), say(found.available)
    numbers = (
        said(
            "they take %(needed)s of %(available)s, but sprints, teams or due dates leave no way to "
            "place them",
            needed=needed,
            available=available,
        )
        if found.needed <= found.available
        else said("they take %(needed)s of %(available)s", needed=needed, available=available)
    )
    parts = [said("%(start)s: %(numbers)s.", start=_start(found), numbers=numbers)]
    musts = problem.musts
    if len(found.musts) < len(musts):
        all_needed = from_units(_effort(problem, problem.closure(*musts)))
        parts.append(
            said(
                "All %(count)s must-haves with what they need take %(needed)s of %(capacity)s.",
                count=len(musts),
                needed=say(all_needed),
                capacity=say(problem.capacity),
            )
        )
    cure = said("Drop one of them, split it, or add capacity.")
    return join(*(each for part in parts for each in (part, " ")), cure)


def _start(found: Conflict) -> str:
    """Who cannot fit."""
    who, pulled = names(found.musts), names(found.pulled_in)
    if len(found.musts) == 1:
        if not pulled:
            return said("Must-have %(key)s cannot fit", key=who)
        return said(
            "Must-have %(key)s and what it needs (%(needs)s) cannot fit", key=who, needs=pulled
        )
    if not pulled:
        return said("The must-haves %(keys)s cannot fit together", keys=who)
    return said(
        "The must-haves %(keys)s and what they need (%(needs)s) cannot fit together",
        keys=who,
        needs=pulled,
    )


def _listed(rules: Sequence[InForce]) -> str:
    """What the rules say, one after another."""
    return join(*[part for rule in rules for part in ("; ", rule.text)][1:])


def _impossible(problem: Problem, reduction: Reduction, found: Conflict) -> str:
    """The sentence for one must-have that, or whose prerequisite, can be in no plan at all."""
    if len(found.musts) != 1:
        return ""
    must = found.musts[0]
    closure = problem.closure(must)
    first = next((key for key in reduction.broken if key in closure), None)
    if first is None:
        return ""
    why = reduction.left_out[first]
    if must == first:
        return join(said("Must-have %(key)s cannot be planned.", key=first), " ", why.text)
    needs = said("Must-have %(key)s needs %(need)s, which cannot be planned.", key=must, need=first)
    return join(needs, " ", why.text)


def _cure(found: Conflict) -> str:
    if not found.smallest or not found.relax:
        return said("Drop or loosen one of them.")
    return said("Least to give up: %(rules)s.", rules=_listed(found.relax))
