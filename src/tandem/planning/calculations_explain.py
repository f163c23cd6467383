"""What a plan's rules cost, what would bring an item in, and plans nearly as good."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_noop as N_

from tandem.planning.calculations import Prepared
from tandem.planning.calculations_solved import CONFIDENCE
from tandem.planning.sayings import figured
from tandem_engine.planning import (
    Plan,
    ProblemError,
    RulePrice,
    alternatives,
    fingerprint,
    price_of_entry,
    prices_of_rules,
    solve,
)
from tandem_engine.planning.robust import odds, robust
from tandem_engine.words import join, said

#: Seconds for everything, and for one question of it.
ALL_SECONDS = 40.0
ONE_SECONDS = 4.0
#: So many left-out items are priced: those nearest to getting in stand first.
ENTRIES = 12
ALTERNATIVES = 3
#: Reasons for being out that no score and no effort near its own would change.
NEVER = ("too_large", "no_window", "blocked", "too_large_together", "no_value")


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


def explained(ready: Prepared, seed: int, clock: Clock, *, careful: bool = False) -> dict[str, Any]:
    """Prices of rules (by the rule's number) and of entry (by key), and alternatives.

    ``complete`` is false when time ended before every question was answered. Each question is a
    solve of its own; ``exact`` says that both plans compared are proven best. For a ``careful`` plan
    they are asked with mean efforts and the reserve it keeps free.
    """
    clock.say(N_("Solving the plan once more"))
    priced = ready
    if careful:
        held = robust(
            ready.problem,
            ready.efforts,
            confidence=CONFIDENCE,
            time_limit=ONE_SECONDS * 2,
            seed=seed,
            should_stop=clock.stopped,
        )
        plan, priced = held.plan, replace(ready, problem=held.problem)
    else:
        plan = solve(
            ready.problem, time_limit=ONE_SECONDS * 2, seed=seed, should_stop=clock.stopped
        )
    if plan.status == "infeasible":
        return {"rules": {}, "entries": {}, "alternatives": [], "complete": True}
    rules = _rules(priced, plan, clock)
    others = _alternatives(priced, plan, clock)
    chances = _odds(ready, plan, clock)
    entries, all_entries = _entries(priced, plan, clock)
    return {
        "odds": chances,
        "rules": rules,
        "entries": entries,
        "alternatives": others,
        "complete": len(rules) == len(ready.sources) and all_entries,
    }


def _rules(ready: Prepared, plan: Plan, clock: Clock) -> dict[str, Any]:
    found: dict[str, Any] = {}

    def hear(price: RulePrice) -> None:
        clock.say(
            said(
                "Pricing rule %(number)s of %(all)s",
                number=len(found) + 1,
                all=len(ready.sources),
            )
        )
        place = price.rule.where.partition("rules.")[2]
        if place.isdecimal():
            source = ready.sources[int(place)]
            found[str(source.pk or f"given-{place}")] = {
                "rule": price.rule.text,
                "price": price.price,
                "most": price.most,
                "exact": price.exact,
                "text": price.cost,
                "enters": list(price.enters),
                "out": list(price.out),
            }

    if ready.sources:
        seconds = max(0.1, min(clock.left(), ONE_SECONDS * len(ready.sources)))
        prices_of_rules(ready.problem, plan, time_limit=seconds, on_price=hear)
    return found


def _alternatives(ready: Prepared, plan: Plan, clock: Clock) -> list[dict[str, Any]]:
    if clock.left() <= 0:
        return []
    clock.say(N_("Looking for other plans nearly as good"))
    seconds = max(0.1, min(clock.left(), ONE_SECONDS * ALTERNATIVES))
    return [
        {
            "value": each.plan.value,
            "loss": each.loss,
            "exact": each.exact,
            "in": list(each.enters),
            "out": list(each.out),
            "moved": list(each.moved),
            "text": each.text,
        }
        for each in alternatives(ready.problem, plan, count=ALTERNATIVES, time_limit=seconds)
    ]


def _odds(ready: Prepared, plan: Plan, clock: Clock) -> dict[str, Any]:
    """How likely each sprint holds with estimates as wide as they are, and what endangers it."""
    clock.say(N_("Drawing estimates to see whether the sprints hold"))
    found = odds(ready.problem, plan, ready.efforts, seed=plan.seed, most=6)
    return {
        "whole": found.whole,
        "trials": found.trials,
        "text": found.text,
        "sprints": [
            {
                "number": sprint.number,
                "holds": sprint.holds,
                "teams": [{"team": team, "holds": holds} for team, holds in sprint.by_team],
            }
            for sprint in found.sprints
        ],
        "fragile": [
            {"key": each.key, "gain": each.gain, "text": each.text}
            for each in found.fragile
            if each.gain > 0
        ],
    }


def _as_score(ready: Prepared, key: str, benefit: float | None) -> str:
    """Where benefit is summed, the score people read that such a benefit is."""
    value = ready.problem.by_key[key].value
    if benefit is None or ready.maximised == "score" or value <= 0:
        return ""
    return said(
        "That benefit is a score of %(score)s.",
        score=figured(ready.scores[key] * benefit / value),
    )


def _entries(ready: Prepared, plan: Plan, clock: Clock) -> tuple[dict[str, str], bool]:
    """What would bring the most valuable left-out items in."""
    values = ready.problem.by_key
    open_ones = [left.key for left in plan.left_out if left.reason.code not in NEVER]
    nearest = sorted(open_ones, key=lambda key: -values[key].value / max(values[key].effort, 0.1))
    found: dict[str, str] = {}
    for number, key in enumerate(nearest[:ENTRIES], start=1):
        if clock.left() <= 0:
            return found, False
        clock.say(
            said(
                "What would bring %(key)s in (%(number)s of %(all)s)",
                key=key,
                number=number,
                all=min(ENTRIES, len(nearest)),
            )
        )
        seconds = max(0.1, min(ONE_SECONDS, clock.left()))
        try:
            price = price_of_entry(
                ready.problem,
                plan,
                key,
                time_limit=seconds,
                thresholds=clock.left() > ONE_SECONDS,
                called=ready.maximised,
            )
        except ProblemError:
            continue
        more = _as_score(ready, key, price.score)
        found[key] = join(price.text, " ", more) if more else price.text
    return found, True
