"""Seeded synthetic backlogs for planning: same arguments, same backlog."""

import random

from tandem_engine.planning import Item, Problem, Team
from tandem_engine.planning.rules import Must, Share, Window

EFFORTS = ((1, 10), (2, 20), (3, 26), (5, 24), (8, 14), (13, 6))


def backlog(items: int, sprints: int, teams: int, *, density: float, seed: int) -> Problem:
    """``items`` with about ``density`` prerequisites each, of which some 55 % fit.

    Items come in epics of 3 to 12, each with its team and what it needs mostly within it; the rest
    of the prerequisites are enablers, one item in thirty, that many wait for. Values are
    log-normal and grow with effort, as people's do; one item in five is debt and worth less, and
    at least 15 % of the work goes to debt; one in four of an epic belongs to another team, one in
    ten may be done by any; some have to wait for a sprint, some are due, one in fifty is a
    must-have. What is delivered a sprint later counts 2 % less.
    """
    chance = random.Random(f"{items} {sprints} {teams} {density} {seed}")
    names = [f"Team {number + 1}" for number in range(teams)]
    sizes, weights = zip(*EFFORTS, strict=True)
    made: list[Item] = []
    rules: list[Must | Window | Share] = [Share(minimum=0.15, kind="debt")]
    enablers: list[str] = []
    epic: list[str] = []
    size, home = 0, names[0]
    for number in range(items):
        key = f"I{number + 1}"
        if len(epic) >= size:
            epic, size, home = [], chance.randint(3, 12), chance.choice(names)
        effort = chance.choices(sizes, weights)[0]
        debt = chance.random() < 0.2
        value = effort**0.6 * chance.lognormvariate(2.3, 0.6) * (0.6 if debt else 1.0)
        needs: set[str] = set()
        for _ in range(_poisson(chance, density)):
            pool = epic if chance.random() < 0.85 else enablers
            if pool:
                needs.add(chance.choice(pool))
        owner = home if chance.random() < 0.75 else chance.choice(names)
        epic.append(key)
        if chance.random() < 1 / 30:
            enablers.append(key)
        made.append(
            Item(
                key,
                round(value, 1),
                effort,
                needs=frozenset(needs),
                team=None if chance.random() < 0.1 else owner,
                kind="debt" if debt else "feature",
            )
        )
        draw = chance.random()
        if draw < 0.03:
            rules.append(Window(key, earliest=1 + chance.randrange(sprints // 2 + 1)))
        elif draw < 0.06:
            rules.append(Window(key, latest=sprints // 2 + chance.randrange(sprints // 2)))
        elif draw < 0.08 and not needs and effort <= 8:
            rules.append(Must(key))
    total = sum(item.effort for item in made)
    room = total * 0.55 / (sprints * teams)
    capacity = [
        Team(name, tuple(round(room * chance.uniform(0.8, 1.2)) for _ in range(sprints)))
        for name in names
    ]
    return Problem(
        tuple(made),
        tuple(capacity),
        delivery_weights=tuple(round(0.98**sprint, 6) for sprint in range(sprints)),
        rules=tuple(rules),
    )


def _poisson(chance: random.Random, mean: float) -> int:
    """Small whole numbers with this mean (Knuth)."""
    if not mean:
        return 0
    limit, count, product = pow(2.718281828459045, -mean), 0, chance.random()
    while product > limit:
        count += 1
        product *= chance.random()
    return count
