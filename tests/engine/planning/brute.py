"""The best plan by trying every one: slow, obvious, and what the solver is held against."""

import itertools
from fractions import Fraction

from tandem_engine.planning import Problem
from tandem_engine.planning import rules as r


def best_objective(problem: Problem) -> float | None:
    """The highest objective of any plan, or ``None`` when no plan keeps the rules."""
    return max((worth(problem, placed) for placed in every_plan(problem)), default=None)


def every_plan(problem: Problem):
    """Every plan that keeps the rules."""
    teams = range(len(problem.teams))
    spots = [
        [
            None,
            *itertools.product(
                itertools.product(teams, repeat=len(item.pieces)), range(problem.sprints)
            ),
        ]
        for item in problem.items
    ]
    # Taking out what breaks a rule of its own keeps the product small.
    spots = [
        [spot for spot in options if spot is None or fits_alone(problem, item, spot)]
        for item, options in zip(problem.items, spots, strict=True)
    ]
    for choice in itertools.product(*spots):
        placed = {item.key: spot for item, spot in zip(problem.items, choice, strict=True) if spot}
        if keeps_rules(problem, placed):
            yield placed


def worth(problem: Problem, placed) -> float:
    """What a plan brings, by the delivery weights."""
    total = 0.0
    for key, (_, sprint) in placed.items():
        item = problem.by_key[key]
        weights = item.delivery_weights or problem.weights
        total += item.value * (weights[sprint] if item.value > 0 else 1)
    return total


def spread(item, teams):
    """One team for each piece."""
    return (teams,) * len(item.pieces) if isinstance(teams, int) else teams


def fits_alone(problem: Problem, item, spot) -> bool:
    teams, sprint = spread(item, spot[0]), spot[1]
    if item.must_not or not (item.earliest or 1) <= sprint + 1 <= (item.latest or 99):
        return False
    for team, part in zip(teams, item.pieces, strict=True):
        if part.team not in (None, problem.teams[team].name):
            return False
        if part.skill and part.skill not in [s.name for s in problem.teams[team].skills]:
            return False
    return True


def keeps_rules(problem: Problem, placed) -> bool:
    """Whether a plan, key to (team or teams, sprint) from 0, keeps every rule."""
    load = {}
    for item in problem.items:
        if item.key not in placed:
            if item.must:
                return False
            continue
        if not fits_alone(problem, item, placed[item.key]):
            return False
        teams, sprint = placed[item.key]
        for team, part in zip(spread(item, teams), item.pieces, strict=True):
            for skill in {None, part.skill}:
                spot = team, skill, sprint
                load[spot] = load.get(spot, 0) + part.effort
        for need in item.needs:
            lag = problem.lags.get((item.key, need), 0 if problem.same_sprint_allowed else 1)
            if need not in placed or placed[need][1] + lag > sprint:
                return False
    for (team, skill, sprint), used in load.items():
        rows = {s.name: s.capacity for s in problem.teams[team].skills}
        rows[None] = problem.teams[team].capacity
        if used > rows[skill][sprint] + 1e-7:
            return False
    return all(keeps_rule(problem, placed, rule) for rule in problem.rules)


def keeps_rule(problem: Problem, placed, rule) -> bool:
    at = {key: sprint + 1 for key, (_, sprint) in placed.items()}
    match rule:
        case r.Must(item):
            return item in at
        case r.MustNot(item):
            return item not in at
        case r.Window(item, earliest, latest):
            return item not in at or (earliest or 1) <= at[item] <= (latest or 99)
        case r.Pin(item, sprint, team):
            named = (
                [problem.teams[t].name for t in spread(problem.by_key[item], placed[item][0])]
                if item in at
                else []
            )
            return at.get(item) == sprint and (team is None or set(named) == {team})
        case r.Need(item, need, lag):
            lag = (0 if problem.same_sprint_allowed else 1) if lag is None else lag
            return item not in at or (need in at and at[need] + lag <= at[item])
        case r.Before(first, then, lag):
            return first not in at or then not in at or at[first] + lag <= at[then]
        case r.Together(items, same_sprint):
            here = [at[key] for key in items if key in at]
            return not here or (
                len(here) == len(items) and not (same_sprint and len(set(here)) > 1)
            )
        case r.AtMost(items, count, at_least):
            return at_least <= len(items & set(at)) <= count
        case r.Share():
            return keeps_share(problem, placed, rule)
    raise TypeError(rule)


def keeps_share(problem: Problem, placed, rule) -> bool:
    def effort(keys):
        return sum(Fraction(problem.by_key[key].remaining).limit_denominator(3600) for key in keys)

    group = {
        item.key
        for item in problem.items
        if (rule.items is not None and item.key in rule.items)
        or (rule.kind is not None and item.kind == rule.kind)
        or (rule.goal is not None and rule.goal in item.goals)
    }
    for sprint in range(problem.sprints) if rule.each_sprint else [None]:
        here = {key for key, (_, at) in placed.items() if sprint in (None, at)}
        whole = effort(here)
        if rule.of == "capacity":
            rows = [
                team.capacity if sprint is None else (team.capacity[sprint],)
                for team in problem.teams
            ]
            whole = Fraction(sum(map(sum, rows))).limit_denominator(3600)
        part = effort(group & here)
        if rule.minimum is not None and part < Fraction(str(rule.minimum)) * whole:
            return False
        if rule.maximum is not None and part > Fraction(str(rule.maximum)) * whole:
            return False
    return True


def placements(problem: Problem, plan):
    """A plan's items as ``keeps_rules`` takes them."""
    teams = [team.name for team in problem.teams]
    return {
        placement.key: (
            tuple(teams.index(take.team) for take in placement.takes),
            sprint.number - 1,
        )
        for sprint in plan.sprints
        for placement in sprint.placements
    }
