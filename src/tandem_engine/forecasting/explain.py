"""The derivation of a forecast, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
            "The plan is finished when its last team is: the chance of every team being finished "
            "by a day is the product of their chances, as if their luck were independent."
        )
    else:
        if forecast.history is not None:
            lines.append(_history(forecast.history))
        lines.append(_method(forecast.method, dict(forecast.parameters), forecast.history))
        lines.append(_widening(forecast.calibration))
    lines.append(
        f"{forecast.trials:,} futures were imagined (seed {forecast.seed}), {_asked(forecast)}"
    )
    lines += [f"{each.text}." for each in forecast.percentiles]
    return (*lines, *forecast.notes)


def _asked(forecast: Forecast) -> str:
    question = forecast.question
    if question.kind == "how_many":
        return (
            f"counting the items finished after {question.today} up to and including "
            f"{question.by}; “85 %” is the number reached or passed in 85 % of them."
        )
    grown = ""
    if question.growth != (1.0, 1.0):
        low, high = question.growth
        grown = f", each multiplied by a factor between {low:g} and {high:g} for growth"
    return (
        f"each until {question.items:g} items are finished after {question.today}{grown}; a week's "
        "items are spread evenly over its days; “85 %” is the first day by which 85 % of them "
        "had finished."
    )


def _history(history: HistorySummary) -> str:
    idle = sum(1 for count in history.counts if count == 0)
    average = history.finished / history.weeks if history.weeks else 0.0
    return (
        f"In the {history.weeks} complete weeks from {history.first_week} up to, not including, "
        f"{history.until}, {history.finished} items were finished, {average:.1f} per week. "
        f"Weeks with none count too: {idle} of them."
    )


def _method(method: str, learned: dict[str, float], history: HistorySummary | None) -> str:
    if method == "steady" and history is not None and not history.enough:
        return (
            f"So little is finished that only a pace is learned, about "
            f"{learned['items_per_week']:.1f} items per week with much doubt; that weeks vary "
            f"{learned['phi']:.1f} times as much as pure chance would make them is assumed."
        )
    if method == "steady":
        return (
            f"The pace is learned with more weight on recent weeks (each week back counts "
            f"{learned['delta']:.3g} times as much): now about {learned['items_per_week']:.1f} "
            f"items per week. Weeks vary {learned['phi']:.1f} times as much as pure chance would "
            "make them."
        )
    if method == "bootstrap":
        return (
            f"Every coming week repeats one of the latest {learned['weeks_sampled']:.0f} weeks, "
            f"chosen at random: about {learned['items_per_week']:.1f} items per week."
        )
    return (
        f"The pace was entered: {learned['low']:g} to {learned['high']:g} items per week. Each "
        "imagined future keeps one pace out of this range, every one equally likely."
    )


def _widening(calibration: Calibration | None) -> str:
    if calibration is None:
        return "The ranges are not widened by what past forecasts taught."
    parts = [
        f"{each.horizon_weeks} weeks ahead by about ±{100 * each.variance**0.5:.0f} %"
        for each in calibration.horizons
    ]
    taught = [
        f"{each.horizon_weeks} weeks ahead: {each.held(0.85).sentence}"
        for each in calibration.horizons
        if each.past
    ]
    source = "from past forecasts made again" if taught else "assumed, nothing to check yet"
    return " ".join([f"Totals are widened {', '.join(parts)} ({source}).", *taught])


def _team(team: TeamPart) -> list[str]:
    lines = [f"{team.name} has {team.items:g} items to finish."]
    if team.history is not None:
        lines.append(_history(team.history))
    lines.append(_method(team.method, dict(team.parameters), team.history))
    lines.append(_widening(team.calibration))
    lines.append(f"{team.name} alone: {', '.join(each.text for each in team.percentiles)}.")
    return lines
