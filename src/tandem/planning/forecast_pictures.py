"""The pictures of a forecast: chart options as plain data, each with its table twin."""

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from tandem.planning.models import Forecast, ForecastQuestion
from tandem.ui.filters import day, figure, number

#: Said of the fan's levels: at the 15 % level 85 % of the futures have finished at least this many.
SURE = {0.05: N_("95 % sure"), 0.15: N_("85 % sure"), 0.5: "50 %", 0.85: "15 %", 0.95: "5 %"}

#: More bars than this are hairs.
MOST_BARS = 40


@dataclass(frozen=True)
class Picture:
    """What the chart component takes."""

    id: str
    title: str
    option: dict[str, Any]
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    note: str = ""
    height: str = ""


def fan_picture(forecast: Forecast, title: str) -> Picture | None:
    """Items finished from today on: the middle course, and the bands around it."""
    fan = forecast.details.get("fan")
    if not fan or len(fan["days"]) < 2:
        return None
    days = [day(datetime.date.fromisoformat(each)) for each in fan["days"]]
    levels = {round(band["probability"], 2): band["items"] for band in fan["bands"]}
    counted = forecast.question == ForecastQuestion.HOW_MANY
    target = None if counted else forecast.asked.get("items")
    sure = {level: _(words) for level, words in SURE.items()}
    line = {"tandemColor": "ink", "type": "line", "showSymbol": False}
    middle: dict[str, Any] = line | {"name": sure[0.5], "data": levels[0.5]}
    if target:
        middle["markLine"] = _mark(
            {"yAxis": target, "label": {"formatter": _items(target), "position": "insideStartTop"}}
        )
    series = [
        *_band("outer", levels[0.05], levels[0.95], 0.09),
        *_band("inner", levels[0.15], levels[0.85], 0.13),
        _unseen(sure[0.95], levels[0.95]),
        _unseen(sure[0.85], levels[0.85]),
        middle,
        line
        | {
            "name": sure[0.15],
            "data": levels[0.15],
            "lineStyle": {"type": "dashed", "width": 2},
        },
        _unseen(sure[0.05], levels[0.05]),
    ]
    for each in series[-3:-1]:
        each["endLabel"] = {"show": True, "formatter": "{a}", "color": "token:ink-2"}
    highest = max(levels[0.95])
    option = {
        "grid": {"right": 80, "left": 8, "top": 28, "bottom": 8, "containLabel": True},
        "xAxis": {
            "type": "category",
            "data": days,
            "boundaryGap": False,
            "axisLabel": {"alignMinLabel": "left", "alignMaxLabel": "right"},
        },
        "yAxis": {
            "type": "value",
            "name": _("items finished"),
            "nameTextStyle": {"align": "left"},
            "max": _ceiling(target, highest, levels[0.5]),
            "minInterval": 1,
        },
        "series": series,
    }
    return Picture(
        id="forecast-fan",
        title=title,
        option=option,
        columns=(_("By the end of"), *(sure[level] for level in sorted(sure))),
        rows=[
            (when, *(levels[level][week] for level in sorted(sure)))
            for week, when in enumerate(days)
        ],
        note=_note(forecast, _("The inner band holds 70 % of the futures, the outer 90 %.")),
    )


def weeks_picture(forecast: Forecast, title: str) -> Picture | None:
    """The chance of being finished in each week (or few weeks), with the promised days marked."""
    histogram = forecast.details.get("histogram")
    if not histogram or not histogram["weeks"]:
        return None
    weeks = histogram["weeks"]
    # A tail of weeks with next to no chance would squeeze the rest into a corner.
    while len(weeks) > 12 and weeks[-1]["by_then"] > 0.99:
        weeks = weeks[:-1]
    later = 1 - weeks[-1]["by_then"]
    width = bar_weeks(weeks, forecast.details.get("trials", 0))
    weeks = joined(weeks, width)
    ends = [datetime.date.fromisoformat(week["until"]) for week in weeks]
    days = [day(end) for end in ends]
    told: dict[str, list[str]] = {}
    for share in ("50", "85", "95"):
        promised = forecast.percentiles.get(share)
        week = _week_of(promised, ends)
        if week is not None:
            told.setdefault(days[week], []).append(f"{share} %")
    # Days that share a bar share a mark: labels over each other could not be read.
    marks = [
        {"xAxis": when, "label": {"formatter": ", ".join(shares)}} for when, shares in told.items()
    ]
    option = {
        # The marks' labels stand between the axis's name and the plot.
        "grid": {"left": 24, "right": 16, "top": 48, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "category", "data": days},
        "yAxis": {
            "type": "value",
            "name": ngettext(
                "%% of the futures finish in the week",
                "%% of the futures finish in each %(count)s weeks",
                width,
            )
            % {"count": width},
            "nameTextStyle": {"align": "left"},
            "nameGap": 30,
        },
        "series": [
            {
                "type": "bar",
                "name": ngettext(
                    "%% finish in the week up to",
                    "%% finish in the %(count)s weeks up to",
                    width,
                )
                % {"count": width},
                "data": [round(100 * week["share"], 1) for week in weeks],
                "itemStyle": {"color": "token:line-strong"},
                "barCategoryGap": "20%",
                "markLine": _mark(*marks),
            }
        ],
    }
    rows: list[Sequence[Any]] = [
        (when, figure(100 * week["share"]), figure(100 * week["by_then"]))
        for when, week in zip(days, weeks, strict=True)
    ]
    if later > 0.0005:
        rows.append((_("later"), figure(100 * later), "100"))
    return Picture(
        id="forecast-weeks",
        title=title,
        option=option,
        columns=(
            ngettext("Week up to", "%(count)s weeks up to", width) % {"count": width},
            ngettext("%% finish in it", "%% finish in them", width) % {"count": width},
            _("% finished by then"),
        ),
        rows=rows,
        note=_note(
            forecast,
            _("%(share)s %% finish later.") % {"share": figure(100 * later)}
            if later > 0.0005
            else "",
        ),
    )


def bar_weeks(weeks: Sequence[dict[str, Any]], trials: int) -> int:
    """Weeks in one bar: by the spread of the futures (Freedman and Diaconis 1981: twice the
    interquartile range by the cube root of their number), and never more than 40 bars."""
    quartiles = [
        next((place for place, week in enumerate(weeks) if week["by_then"] >= share), len(weeks))
        for share in (0.25, 0.75)
    ]
    spread: float = 2 * (quartiles[1] - quartiles[0]) / max(trials, 1) ** (1 / 3)
    return max(1, round(spread), math.ceil(len(weeks) / MOST_BARS))


def joined(weeks: Sequence[dict[str, Any]], width: int) -> list[dict[str, Any]]:
    """``width`` weeks to a bar, counted from the last: before the first week there is no chance,
    so that the first bar may be short of weeks and still says the truth."""
    ends = weeks[(len(weeks) - 1) % width :: width]
    before = [0.0, *(week["by_then"] for week in ends)]
    return [
        week | {"share": week["by_then"] - earlier}
        for week, earlier in zip(ends, before, strict=False)
    ]


def record_picture(forecast: Forecast) -> Picture | None:
    """Items finished in each week looked back on, weeks with none included."""
    history = forecast.details.get("history")
    if not history or not history["counts"]:
        return None
    counts = history["counts"]
    first = datetime.date.fromisoformat(history["first_week"])
    days = [day(first + datetime.timedelta(weeks=week)) for week in range(len(counts))]
    idle = counts.count(0)
    average = history["finished"] / len(counts)
    title = ngettext(
        "%(items)s finished in %(count)s week, %(average)s a week",
        "%(items)s finished in %(count)s weeks, %(average)s a week",
        len(counts),
    ) % {
        "items": _items(history["finished"]),
        "count": len(counts),
        "average": figure(average),
    }
    if idle:
        title = ngettext(
            "%(title)s; one week with none", "%(title)s; %(count)s of the weeks with none", idle
        ) % {"title": title, "count": idle}
    option = {
        "xAxis": {"type": "category", "data": days},
        "yAxis": {
            "type": "value",
            "name": _("items finished in the week"),
            "nameTextStyle": {"align": "left"},
            "minInterval": 1,
        },
        "series": [
            {
                "type": "bar",
                "name": _("finished"),
                "data": counts,
                "itemStyle": {"color": "token:line-strong"},
                "barCategoryGap": "25%",
                "markLine": _mark(
                    {
                        "yAxis": round(average, 2),
                        "label": {"formatter": figure(average), "position": "end"},
                    }
                ),
            }
        ],
        "grid": {"left": 24, "right": 40, "top": 28, "bottom": 8, "containLabel": True},
    }
    return Picture(
        id="forecast-record",
        title=title,
        option=option,
        columns=(_("Week from"), _("Items finished")),
        rows=list(zip(days, counts, strict=True)),
        note=_("Weeks start on Monday. Epics are not counted; the running week is left out."),
        height="low",
    )


def _items(count: float) -> str:
    return ngettext("%(count)s item", "%(count)s items", int(count)) % {"count": number(count)}


def _note(forecast: Forecast, more: str) -> str:
    trials = number(forecast.details.get("trials", 0))
    made = _("%(trials)s imagined futures, seed %(seed)s.") % {
        "trials": trials,
        "seed": forecast.seed,
    }
    return f"{made} {more}".strip()


def _band(
    name: str, low: Sequence[int], high: Sequence[int], opacity: float
) -> list[dict[str, Any]]:
    """Two stacked, silent lines: an unseen base and the band's height above it."""
    common = {
        "type": "line",
        "stack": name,
        "silent": True,
        "tandemQuiet": True,
        "showSymbol": False,
        "lineStyle": {"width": 0},
        "tooltip": {"show": False},
        "tandemColor": "ink",
    }
    heights = [above - below for below, above in zip(low, high, strict=True)]
    return [
        common | {"name": f"{name} base", "data": list(low)},
        common | {"name": name, "data": heights, "areaStyle": {"opacity": opacity}},
    ]


def _unseen(name: str, data: Sequence[int]) -> dict[str, Any]:
    """A line that is only read in the tip: the band already shows it."""
    return {
        "type": "line",
        "name": name,
        "data": list(data),
        "tandemQuiet": True,
        "showSymbol": False,
        "lineStyle": {"width": 0},
        "tandemColor": "ink-3",
    }


def _mark(*lines: dict[str, Any]) -> dict[str, Any]:
    return {
        "silent": True,
        "symbol": "none",
        "data": list(lines),
        "lineStyle": {"color": "token:ink-2", "type": "dotted", "width": 1.5},
        "label": {"color": "token:ink-2"},
    }


def _ceiling(target: int | None, highest: int, middle: Sequence[int]) -> int | None:
    """Room for the target; a fan far above it is cut, because what lies there answers nothing."""
    if not target:
        return None
    wanted = max(min(highest, max(1.6 * target, middle[-1])), 1.1 * target, 1)
    power = 10 ** math.floor(math.log10(wanted / 4))
    step = next(power * each for each in (1, 2, 5, 10) if 5 * power * each >= wanted)
    whole: int = max(math.ceil(step), 1)
    return whole * math.ceil(wanted / whole)


def _week_of(promised: str | None, ends: Sequence[datetime.date]) -> int | None:
    if not promised:
        return None
    when = datetime.date.fromisoformat(promised)
    return next((week for week, end in enumerate(ends) if when <= end), None)
