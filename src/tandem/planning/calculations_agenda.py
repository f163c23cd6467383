"""Rows -> which disputed items would change the plan, whoever is followed -> what the agenda shows."""

import time
from collections.abc import Callable
from typing import Any, Final

from django.utils import timezone

from tandem.planning.calculations import Prepared
from tandem.planning.models import Scenario
from tandem.planning.sayings import with_sayings
from tandem.prioritisation.calculations import inputs_for, model_in_force, reference_of, table_for
from tandem.prioritisation.score_store import state_key
from tandem_engine import ENGINE_VERSION
from tandem_engine.planning.revalued import Revalued
from tandem_engine.prioritisation import (
    Agenda,
    Dispute,
    Perspective,
    Resolution,
    Verdict,
    decisive_disputes,
    natural_key,
    perspectives,
)
from tandem_engine.statistics import adjusted_winner
from tandem_engine.words import said

#: Raise it when what is kept gets another shape.
FORMAT: Final = 1
#: Seconds for the present plan, for each other one, and for all of them.
PRESENT: Final = 10.0
EACH: Final = 3.0
ALL: Final = 90.0
#: Events that change neither a score nor what a plan is bound by.
QUIET: Final = (
    "agenda.",
    "comment.",
    "criterion.",
    "forecast.",
    "frontier.",
    "plan.asked",
    "plan.accepted",
    "question.",
)
ROLES: Final = (said("The Product Owner"), said("The Technical Product Manager"))
LABELS: Final = (
    said("To the Product Owner's value"),
    said("To the Technical Product Manager's value"),
)


def rater_label(who: str) -> str:
    return said("To %(who)s's rating", who=who)


def agenda_key(scenario: Scenario) -> str:
    """Stands for everything the agenda follows from."""
    return state_key(scenario.product, FORMAT, ENGINE_VERSION, scenario.pk, quiet=QUIET)


def agenda_for(
    scenario: Scenario,
    ready: Prepared,
    *,
    on_progress: Callable[[int, int], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> dict[str, Any]:
    """The scenario's agenda as plain data: decisive disputes first, then those that need no meeting.

    Takes one plan per dispute that no bound settles, for at most :data:`ALL` seconds.
    """
    key = agenda_key(scenario)
    product = scenario.product
    model = model_in_force(product, scenario.scoring_model_id)
    table = table_for(product, model)
    _, inputs = inputs_for(product, model)
    problem = ready.problem
    views = perspectives(
        model.engine,
        [each for each in inputs if each.key in problem.by_key],
        effort_reference=reference_of(table),
    )
    disputes = [
        found
        for view in views
        if view.is_disputed
        and (found := _dispute(view, problem.by_key[view.key].value)) is not None
    ]
    planner = Revalued(problem, time_limit=EACH, present_limit=PRESENT)
    started = time.monotonic()
    asked = [0]

    def stop() -> bool:
        asked[0] += 1
        if on_progress is not None:
            on_progress(min(asked[0], len(disputes)), len(disputes))
        late = time.monotonic() - started > ALL
        return late or (should_stop is not None and should_stop())

    agenda = decisive_disputes(planner, disputes, should_stop=stop)
    by_key = {view.key: view for view in views}
    answer = {
        "key": key,
        "model": model.name,
        "unit": model.unit if ready.maximised == "score" else model.unit.partition(" per ")[0],
        "sentence": agenda.sentence,
        "decisive": [_said(each) for each in agenda.decisive],
        "noise": [_said(each) for each in agenda.noise],
        "unasked": list(agenda.unasked),
        "plans": agenda.plans,
        "middle": _middle(agenda, by_key),
        "value": planner.plan({}).objective,
        "fingerprint": table.meta["fingerprint"],
        "engine_version": ENGINE_VERSION,
        "made_at": timezone.now().isoformat(),
    }
    return with_sayings(answer)


def together_for(
    ready: Prepared, settled: list[dict[str, Any]], inside: set[str]
) -> dict[str, Any]:
    """What these settlements change together: each item is worth what the agenda said it would be.

    What the agenda made no prediction for (another value) counts as it was settled.
    """
    by_key = ready.problem.by_key
    values = {
        each["key"]: each["value"]
        for each in settled
        if each.get("value") is not None and each["key"] in by_key
    }
    found = Revalued(ready.problem, time_limit=PRESENT).plan(values)
    after = set(found.weights)
    return {
        "keys": sorted(each["key"] for each in settled),
        "enters": sorted(after - inside, key=natural_key),
        "leaves": sorted(inside - after, key=natural_key),
        "proven": found.bound <= found.objective + 1e-6 * max(1.0, abs(found.objective)),
    }


def _dispute(view: Perspective, worth: float) -> Dispute | None:
    """The ways the dispute may end, in the plan's unit.

    A plan's value of an item is its score, or its score times its effort: either way it moves in
    proportion to the score.
    """
    if view.now == 0:
        return None
    factor = worth / view.now
    ends = [
        Resolution(label, score * factor)
        for label, score in zip(LABELS, (view.value, view.technical), strict=True)
        if score is not None
    ]
    if view.raters:
        lowest = min(view.raters, key=lambda pair: pair[1])
        highest = max(view.raters, key=lambda pair: pair[1])
        if lowest[1] != highest[1]:
            ends += [
                Resolution(rater_label(who), score * factor) for who, score in (lowest, highest)
            ]
    return Dispute(view.key, worth, tuple(ends)) if len(ends) > 1 else None


def _said(verdict: Verdict) -> dict[str, Any]:
    return {
        "key": verdict.key,
        "inside": verdict.inside,
        "evpi": _plain(verdict.evpi),
        "threshold": None if verdict.threshold is None else _plain(verdict.threshold),
        "bounded": verdict.bounded,
        "proven": verdict.proven,
        "endings": [
            {
                "label": each.label,
                "value": _plain(each.value),
                "probability": _plain(each.probability),
                "gain": _plain(each.gain),
                "enters": list(each.enters),
                "leaves": list(each.leaves),
                "sentence": each.sentence,
            }
            for each in verdict.endings
        ],
    }


def _middle(agenda: Agenda, views: dict[str, Perspective]) -> dict[str, Any] | None:
    """Who decides which decisive item, when both roles have a hundred points to put on them."""
    both: dict[str, tuple[float, float]] = {}
    for each in agenda.decisive:
        view = views[each.key]
        if view.value is not None and view.technical is not None:
            both[each.key] = (max(0.0, view.value), max(0.0, view.technical))
    first = {key: pair[0] for key, pair in both.items()}
    second = {key: pair[1] for key, pair in both.items()}
    if len(both) < 2 or not sum(first.values()) or not sum(second.values()):
        return None
    found = adjusted_winner(first, second, roles=ROLES)
    return {
        "sentences": list(found.sentences),
        "first": list(found.first),
        "second": list(found.second),
        "split": found.split,
        "points": [_plain(each) for each in found.points],
    }


def _plain(number: float) -> float:
    return float(f"{number:.6g}")
