"""The three questions: when is it finished, how many by then, when is the plan done."""

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import numpy as np

from tandem_engine import ENGINE_VERSION
from tandem_engine.forecasting.completion import Completion, at_least
from tandem_engine.forecasting.errors import ForecastError
from tandem_engine.forecasting.pace import Fitted, Pace, fit, inputs_of, known_pace
from tandem_engine.forecasting.paths import DAYS, PARTS, Paths, imagine
from tandem_engine.forecasting.pictures import fan_of, histogram_of
from tandem_engine.forecasting.result import Forecast, Percentile, Question, TeamPart, add_days
from tandem_engine.forecasting.settings import Settings
from tandem_engine.words import join, said

DEFAULTS = Settings()
NO_GROWTH = (1.0, 1.0)
MOST_ITEMS = 1_000_000
#: Futures are followed until this share has finished; the stragglers are shown as "later".
FOLLOWED_SHARE = 0.99


@dataclass(frozen=True, slots=True)
class TeamWork:
    """The items of a plan one team has left, and that team's pace."""

    name: str
    items: float
    pace: Pace


def forecast_when(
    items: float,
    pace: Pace,
    *,
    today: date,
    seed: int = 0,
    growth: tuple[float, float] = NO_GROWTH,
    settings: Settings = DEFAULTS,
) -> Forecast:
    """When ``items`` (0 to 1,000,000) more items are finished, counted from ``today``.

    A percentile ``p`` is the first day by whose end at least ``p`` of the imagined futures have
    finished. ``pace`` is a :class:`History`, a :class:`Range` or the finish dates of items.
    ``growth`` multiplies the items by a factor between two bounds (0.1 to 10), different in each
    future: work that is split or found on the way. Raises :class:`ForecastError`.
    """
    today, items, growth = _day(today), _checked_items(items), _checked_growth(growth)
    known = known_pace(pace, today)
    rng = np.random.Generator(np.random.PCG64(_checked_seed(seed)))
    fitted = fit(known, settings, rng)
    paths, asked = imagine(
        fitted.model,
        fitted.calibration,
        trials=settings.trials,
        weeks=settings.horizon_weeks,
        rng=rng,
        parts=PARTS * items,
        growth=growth,
        share=max(FOLLOWED_SHARE, *settings.percentiles),
    )
    completion = Completion.of(paths.day_of(asked))
    percentiles = _dates(completion, today, settings)
    return _forecast(
        Question(kind="when", today=today, items=items, growth=growth),
        percentiles,
        fitted,
        paths,
        completion=completion,
        horizon_weeks=_weeks_to(percentiles, today),
        inputs={"pace": inputs_of(known)},
        seed=seed,
        settings=settings,
    )


def forecast_how_many(
    by: date, pace: Pace, *, today: date, seed: int = 0, settings: Settings = DEFAULTS
) -> Forecast:
    """How many items are finished after ``today`` up to the end of the day ``by``.

    A percentile ``p`` is the largest number reached or passed in at least ``p`` of the imagined
    futures, so a higher percentile is a smaller, safer number. The same futures answer
    :func:`forecast_when`: ``n`` items by a day are promised at ``p`` exactly when that day is not
    before the ``p`` day of ``n`` items. Raises :class:`ForecastError`.
    """
    today, by = _day(today), _day(by)
    days = (by - today).days
    if days < 1:
        raise ForecastError(
            said("Choose a day after %(today)s; %(day)s is not.", today=str(today), day=str(by)),
            "by",
        )
    if days > DAYS * settings.horizon_weeks:
        last = add_days(today, DAYS * settings.horizon_weeks)
        raise ForecastError(
            said(
                "Choose a day up to %(last)s; %(day)s is too far ahead.",
                last=str(last),
                day=str(by),
            ),
            "by",
        )
    known = known_pace(pace, today)
    rng = np.random.Generator(np.random.PCG64(_checked_seed(seed)))
    fitted = fit(known, settings, rng)
    paths, _ = imagine(
        fitted.model,
        fitted.calibration,
        trials=settings.trials,
        weeks=math.ceil(days / DAYS),
        rng=rng,
    )
    items = paths.items_by(days)
    return _forecast(
        Question(kind="how_many", today=today, by=by),
        tuple(
            Percentile(probability=each, items=at_least(items, each))
            for each in settings.percentiles
        ),
        fitted,
        paths,
        completion=None,
        horizon_weeks=days / DAYS,
        inputs={"pace": inputs_of(known)},
        seed=seed,
        settings=settings,
    )


def forecast_plan(
    teams: Sequence[TeamWork],
    *,
    today: date,
    seed: int = 0,
    growth: tuple[float, float] = NO_GROWTH,
    settings: Settings = DEFAULTS,
) -> Forecast:
    """When every team has finished its items of a plan, the teams working in parallel.

    The teams' luck is taken as independent, so the chance that all are finished by a day is the
    product of their chances; a note says what sharing all luck would change. One team is
    answered like :func:`forecast_when`. Raises :class:`ForecastError`.
    """
    if not teams:
        raise ForecastError(said("A plan needs at least one team with items left."), "teams")
    if len({team.name for team in teams}) < len(teams):
        raise ForecastError(said("Two teams of the plan have the same name."), "teams")
    today, growth = _day(today), _checked_growth(growth)
    known = [known_pace(team.pace, today) for team in teams]
    rng = np.random.Generator(np.random.PCG64(_checked_seed(seed)))
    parts: list[TeamPart] = []
    completions: list[Completion] = []
    notes: list[str] = []
    for team, pace in zip(teams, known, strict=True):
        items = _checked_items(team.items)
        fitted = fit(pace, settings, rng)
        # Followed to the end: the chances of several teams are multiplied far into their tails.
        paths, asked = imagine(
            fitted.model,
            fitted.calibration,
            trials=settings.trials,
            weeks=settings.horizon_weeks,
            rng=rng,
            parts=PARTS * items,
            growth=growth,
        )
        completion = Completion.of(paths.day_of(asked))
        completions.append(completion)
        parts.append(
            TeamPart(
                name=team.name,
                items=items,
                method=fitted.model.name,
                parameters=fitted.model.parameters,
                history=fitted.history,
                calibration=fitted.calibration,
                percentiles=_dates(completion, today, settings),
            )
        )
        notes += [join(team.name, ": ", note) for note in fitted.notes]
    joint = Completion.of_all(completions)
    if len(teams) > 1:
        notes.append(_shared_luck(Completion.of_all_together(completions), today, settings))
    question = Question(
        kind="plan", today=today, items=sum(part.items for part in parts), growth=growth
    )
    inputs = {
        "teams": [
            {"name": part.name, "items": part.items, "pace": inputs_of(pace)}
            for part, pace in zip(parts, known, strict=True)
        ]
    }
    return Forecast(
        question=question,
        percentiles=_dates(joint, today, settings),
        method="teams",
        parameters=(),
        seed=seed,
        trials=settings.trials,
        history=None,
        calibration=None,
        notes=tuple(notes),
        fan=None,
        histogram=histogram_of(joint, today),
        teams=tuple(parts),
        fingerprint=_fingerprint(question, inputs, seed, settings),
        engine_version=ENGINE_VERSION,
    )


def items_in(effort: float, finished_efforts: Sequence[float]) -> float:
    """Remaining effort as a number of items of average size.

    ``finished_efforts`` are the efforts of finished items in the same unit. A plan measured in
    effort is forecast with the finish dates of these items and this many items to go.
    """
    if not math.isfinite(effort) or effort < 0:
        raise ForecastError("The remaining effort must be a number, zero or more.", "effort")
    total = sum(finished_efforts)
    if not math.isfinite(total) or total <= 0 or min(finished_efforts) < 0:
        raise ForecastError(
            "The average size needs finished items with an effort above zero.", "finished_efforts"
        )
    return effort * len(finished_efforts) / total


def _forecast(
    question: Question,
    percentiles: tuple[Percentile, ...],
    fitted: Fitted,
    paths: Paths,
    *,
    completion: Completion | None,
    horizon_weeks: float,
    inputs: dict[str, Any],
    seed: int,
    settings: Settings,
) -> Forecast:
    notes = list(fitted.notes)
    history = fitted.history
    if history is not None and history.enough and horizon_weeks > history.weeks:
        notes.append(
            said(
                "The answer lies further ahead than the %(weeks)s weeks looked back on; teams and "
                "work change over such a time.",
                weeks=history.weeks,
            )
        )
    return Forecast(
        question=question,
        percentiles=percentiles,
        method=fitted.model.name,
        parameters=fitted.model.parameters,
        seed=seed,
        trials=settings.trials,
        history=history,
        calibration=fitted.calibration,
        notes=tuple(notes),
        fan=fan_of(paths, question.today, weeks=math.ceil(horizon_weeks)),
        histogram=histogram_of(completion, question.today) if completion is not None else None,
        teams=(),
        fingerprint=_fingerprint(question, inputs, seed, settings),
        engine_version=ENGINE_VERSION,
    )


def _dates(completion: Completion, today: date, settings: Settings) -> tuple[Percentile, ...]:
    beyond = add_days(today, DAYS * settings.horizon_weeks)
    answers = []
    for probability in settings.percentiles:
        day = completion.day_by(probability)
        answers.append(
            Percentile(probability=probability, beyond=beyond)
            if day is None
            else Percentile(probability=probability, on=add_days(today, day))
        )
    return tuple(answers)


def _weeks_to(percentiles: Sequence[Percentile], today: date) -> float:
    last = max(each.on or each.beyond or today for each in percentiles)
    return (last - today).days / DAYS


def _shared_luck(together: Completion, today: date, settings: Settings) -> str:
    dates = [each.text for each in _dates(together, today, settings)]
    return said(
        "Were the teams' good and bad weeks the same, the plan would be finished %(answers)s; luck "
        "shared in part lies between.",
        answers=join(*[part for each in dates for part in (", ", each)][1:]),
    )


def _fingerprint(question: Question, inputs: dict[str, Any], seed: int, settings: Settings) -> str:
    content = {
        "question": asdict(question),
        "inputs": inputs,
        "seed": seed,
        "settings": asdict(settings),
    }
    text = json.dumps(content, sort_keys=True, default=date.isoformat, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _checked_items(items: float) -> float:
    if not math.isfinite(items) or items < 0:
        raise ForecastError("The number of items must be zero or more.", "items")
    if items > MOST_ITEMS:
        raise ForecastError(f"Forecast at most {MOST_ITEMS:,} items at a time.", "items")
    # Three items are the same question whether they come as 3 or as 3.0.
    return float(items)


def _checked_growth(growth: tuple[float, float]) -> tuple[float, float]:
    low, high = growth
    if not (0.1 <= low <= high <= 10):
        raise ForecastError(
            "Growth is a lower and an upper factor between 0.1 and 10, such as 1 and 1.3.",
            "growth",
        )
    return (float(low), float(high))


def _checked_seed(seed: int) -> int:
    if seed < 0:
        raise ForecastError("The seed must be a whole number, zero or more.", "seed")
    return seed
