"""What a plan's rules cost, what would bring an item in, and plans nearly as good."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tandem.planning.calculations import Prepared
from tandem.ui.filters import figure
from tandem_engine.planning import (
    AtMost,
    Plan,
    ProblemError,
    fingerprint,
    price_of_entry,
    solve,
    without,
)

#: Seconds for everything, and for one question of it.
ALL_SECONDS = 40.0
ONE_SECONDS = 4.0
#: So many left-out items are priced: those nearest to getting in stand first.
ENTRIES = 12
ALTERNATIVES = 2
#: An alternative leaves out at least so many of the planned items.
DIFFERENT = 2


@dataclass
class Clock:
    """The time for all questions, and whether somebody wants an end."""

    seconds: float
    stopped: Callable[[], bool]
    tell: Callable[[float, str], None]
    started: float = 0.0

    def __post_init__(self) -> None:
        self.started = time.monotonic()

    def left(self) -> float:
        return 0.0 if self.stopped() else self.seconds - (time.monotonic() - self.started)

    def say(self, words: str) -> None:
        self.tell(time.monotonic() - self.started, words)


def problem_name(ready: Prepared) -> str:
    """The fingerprint of what would be solved now."""
    return fingerprint(ready.problem)


def explained(ready: Prepared, seed: int, clock: Clock) -> dict[str, Any]:
    """Prices of rules (by the rule's number) and of entry (by key), and alternatives.

    ``complete`` is false when time ended before every question was answered. Each question is a
    solve of its own; ``exact`` says that both plans compared are proven best.
    """
    clock.say("Solving the plan once more")
    plan = solve(ready.problem, time_limit=min(ONE_SECONDS * 2, ALL_SECONDS), seed=seed)
    if plan.status == "infeasible":
        return {"rules": {}, "entries": {}, "alternatives": [], "complete": True}
    rules, all_rules = _rules(ready, plan, clock)
    alternatives = _alternatives(ready, plan, clock)
    entries, all_entries = _entries(ready, plan, clock)
    return {
        "rules": rules,
        "entries": entries,
        "alternatives": alternatives,
        "complete": all_rules and all_entries,
    }


def _rules(ready: Prepared, plan: Plan, clock: Clock) -> tuple[dict[str, Any], bool]:
    found: dict[str, Any] = {}
    for index, source in enumerate(ready.sources):
        if clock.left() <= 0:
            return found, False
        clock.say(f"Pricing rule {index + 1} of {len(ready.sources)}")
        free = solve(
            without(ready.problem, [f"rules.{index}"]),
            time_limit=min(ONE_SECONDS, clock.left()),
            seed=plan.seed,
        )
        price = free.objective - plan.objective
        exact = plan.status == "optimal" and free.status == "optimal"
        enters = [key for key in free.items if key not in plan.items]
        found[str(source.pk)] = {
            "price": price,
            "exact": exact,
            "text": _rule_words(price, exact=exact, enters=enters),
            "enters": enters,
        }
    return found, True


def _rule_words(price: float, *, exact: bool, enters: list[str]) -> str:
    if price <= 0.005:
        return "Costs nothing: the best plan holds it anyway." if exact else "Costs nothing found."
    about = "" if exact else "about "
    more = f" Without it {', '.join(enters[:4])} would come in." if enters else ""
    return f"Costs {about}{figure(price)} of value.{more}"


def _alternatives(ready: Prepared, plan: Plan, clock: Clock) -> list[dict[str, Any]]:
    """The best plans that leave out at least ``DIFFERENT`` of the items of each one before."""
    found: list[dict[str, Any]] = []
    problem, seen = ready.problem, [plan]
    while len(found) < ALTERNATIVES and clock.left() > 0 and len(seen[-1].items) > DIFFERENT:
        clock.say(f"Looking for another plan ({len(found) + 1})")
        latest = seen[-1]
        cut = AtMost(frozenset(latest.items), len(latest.items) - DIFFERENT)
        problem = replace(problem, rules=(*problem.rules, cut))
        other = solve(problem, time_limit=min(ONE_SECONDS, clock.left()), seed=plan.seed)
        if other.status == "infeasible":
            break
        seen.append(other)
        found.append(
            {
                "value": other.value,
                "loss": plan.objective - other.objective,
                "exact": other.status == "optimal",
                "out": [key for key in plan.items if key not in other.items],
                "in": [key for key in other.items if key not in plan.items],
            }
        )
    return found


def _entries(ready: Prepared, plan: Plan, clock: Clock) -> tuple[dict[str, str], bool]:
    """What would bring the most valuable left-out items in."""
    values = ready.problem.by_key
    open_ones = [
        left.key
        for left in plan.left_out
        if left.reason.code not in ("too_large", "no_window", "blocked", "too_large_together")
    ]
    nearest = sorted(open_ones, key=lambda key: -values[key].value / max(values[key].effort, 0.1))
    found: dict[str, str] = {}
    for number, key in enumerate(nearest[:ENTRIES], start=1):
        if clock.left() <= 0:
            return found, False
        clock.say(f"What would bring {key} in ({number} of {min(ENTRIES, len(nearest))})")
        try:
            price = price_of_entry(
                ready.problem, plan, key, time_limit=min(ONE_SECONDS, clock.left())
            )
        except ProblemError:
            continue
        if not price.possible:
            found[key] = price.text
        elif price.price >= 0:
            needed = values[key].value + price.price
            about = "" if price.exact else "about "
            gone = f"; {', '.join(price.out[:4])} would leave" if price.out else ""
            found[key] = f"Enters with a score of {about}{figure(needed)}{gone}."
        else:
            found[key] = price.text
    return found, True
