"""The derivation of a forecast, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tandem_engine.words import figure, join, said

if TYPE_CHECKING:
    from tandem_engine.forecasting.calibration import Calibration
    from tandem_engine.forecasting.result import Forecast, HistorySummary, TeamPart


def derivation(forecast: Forecast) -> tuple[str, ...]:
    """How the answer came about, one plain sentence after another."""
    lines: list[str] = []
    if forecast.teams:
        for team in forecast.teams:
            lines += _team(team)
        lines.append(
            said(
                "The plan is finished when its last team is: the chance of every team being "
                "finished by a day is the product of their chances, as if their luck were "
                "independent."
            )
        )
    else:
        if forecast.history is not None:
            lines.append(_history(forecast.history))
        lines.append(_method(forecast.method, dict(forecast.parameters), forecast.history))
        lines.append(_widening(forecast.calibration))
    lines.append(
        said(
            "%(trials)s futures were imagined (seed %(seed)s), %(asked)s",
            trials=figure(forecast.trials, ","),
            seed=forecast.seed,
            asked=_asked(forecast),
        )
    )
    lines += [join(each.text, ".") for each in forecast.percentiles]
    return (*lines, *forecast.notes)


def _asked(forecast: Forecast) -> str:
    question = forecast.question
    if question.kind == "how_many":
        return said(
            "counting the items finished after %(today)s up to and including %(by)s; “85 %%” is the "
            "number reached or passed in 85 %% of them.",
            today=str(question.today),
            by=str(question.by),
        )
    items, today = figure(question.items or 0), str(question.today)
    if question.growth == (1.0, 1.0):
        return said(
            "each until %(items)s items are finished after %(today)s; a week's items are spread "
            "evenly over its days; “85 %%” is the first day by which 85 %% of them had finished.",
            items=items,
            today=today,
        )
    low, high = question.growth
    return said(
        "each until %(items)s items are finished after %(today)s, each multiplied by a factor "
        "between %(low)s and %(high)s for growth; a week's items are spread evenly over its days; "
        "“85 %%” is the first day by which 85 %% of them had finished.",
        items=items,
        today=today,
        low=figure(low),
        high=figure(high),
    )


def _history(history: HistorySummary) -> str:
    idle = sum(1 for count in history.counts if count == 0)
    average = history.finished / history.weeks if history.weeks else 0.0
    return said(
        "In the %(weeks)s complete weeks from %(first)s up to, not including, %(until)s, "
        "%(finished)s items were finished, %(average)s per week. Weeks with none count too: "
        "%(idle)s of them.",
        weeks=history.weeks,
        first=str(history.first_week),
        until=str(history.until),
        finished=history.finished,
        average=figure(average, ".1f"),
        idle=idle,
    )


def _method(method: str, learned: dict[str, float], history: HistorySummary | None) -> str:
    if method == "steady" and history is not None and not history.enough:
        return said(
            "So little is finished that only a pace is learned, about %(pace)s items per week with "
            "much doubt; that weeks vary %(spread)s times as much as pure chance would make them is "
            "assumed.",
            pace=figure(learned["items_per_week"], ".1f"),
            spread=figure(learned["phi"], ".1f"),
        )
    if method == "steady":
        return said(
            "The pace is learned with more weight on recent weeks (each week back counts %(weight)s "
            "times as much): now about %(pace)s items per week. Weeks vary %(spread)s times as much "
            "as pure chance would make them.",
            weight=figure(learned["delta"], ".3g"),
            pace=figure(learned["items_per_week"], ".1f"),
            spread=figure(learned["phi"], ".1f"),
        )
    if method == "bootstrap":
        return said(
            "Every coming week repeats one of the latest %(weeks)s weeks, chosen at random: about "
            "%(pace)s items per week.",
            weeks=figure(learned["weeks_sampled"], ".0f"),
            pace=figure(learned["items_per_week"], ".1f"),
        )
    return said(
        "The pace was entered: %(low)s to %(high)s items per week. Each imagined future keeps one "
        "pace out of this range, every one equally likely.",
        low=figure(learned["low"]),
        high=figure(learned["high"]),
    )


def _widening(calibration: Calibration | None) -> str:
    if calibration is None:
        return said("The ranges are not widened by what past forecasts taught.")
    parts = [
        said(
            "%(weeks)s weeks ahead by about ±%(spread)s %%",
            weeks=each.horizon_weeks,
            spread=figure(100 * each.variance**0.5, ".0f"),
        )
        for each in calibration.horizons
    ]
    taught = [
        said(
            "%(weeks)s weeks ahead: %(sentence)s",
            weeks=each.horizon_weeks,
            sentence=each.held(0.85).sentence,
        )
        for each in calibration.horizons
        if each.past
    ]
    widened = _in_a_row(parts, ", ")
    if not taught:
        return said("Totals are widened %(parts)s (assumed, nothing to check yet).", parts=widened)
    made = said("Totals are widened %(parts)s (from past forecasts made again).", parts=widened)
    return _in_a_row([made, *taught], " ")


def _in_a_row(parts: Sequence[str], between: str) -> str:
    return join(*[each for part in parts for each in (between, part)][1:])


def _team(team: TeamPart) -> list[str]:
    lines: list[str] = [
        said("%(name)s has %(items)s items to finish.", name=team.name, items=figure(team.items))
    ]
    if team.history is not None:
        lines.append(_history(team.history))
    lines.append(_method(team.method, dict(team.parameters), team.history))
    lines.append(_widening(team.calibration))
    answers = _in_a_row([each.text for each in team.percentiles], ", ")
    lines.append(said("%(name)s alone: %(answers)s.", name=team.name, answers=answers))
    return lines
