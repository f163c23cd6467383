"""The pictures' data: an ECharts option, and the same figures as a table."""

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tandem.accounts.models import Product
from tandem.backlog.models import Item
from tandem.prioritisation.calculations import ModelInForce
from tandem.prioritisation.figures import honest
from tandem.prioritisation.score_table import ScoreRow, ScoreTable
from tandem.ui.filters import spoken
from tandem.ui.phrases import units
from tandem_engine.words import named

#: More points are no longer told apart; the first by rank are drawn.
MOST: Final = 300
LABELLED: Final = 6


@dataclass(frozen=True)
class Picture:
    """What the chart component takes; ``rows`` has a text for each column."""

    title: str
    option: dict[str, Any]
    columns: list[str]
    rows: list[list[str]]
    note: str


def _rows(product: Product, table: ScoreTable, keep: Any) -> list[tuple[ScoreRow, str, str]]:
    places = np.flatnonzero(keep)[:MOST]
    rows = table.rows(places)  # type: ignore[arg-type]
    titles = dict(
        Item.objects.of(product)
        .filter(pk__in=[row.item_id for row in rows])
        .values_list("pk", "title")
    )
    return [
        (row, f"{product.key}-{row.number}", titles[row.item_id])
        for row in rows
        if row.item_id in titles
    ]


def _short(text: str, most: int = 46) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _point(
    row: ScoreRow,
    key: str,
    title: str,
    x: float,
    y: float,
    said: str,
    labelled: bool,
    leftwards: bool,
) -> dict[str, Any]:
    point: dict[str, Any] = {"name": f"{key} {_short(title)}\n{said}", "value": [x, y]}
    if labelled:
        point["label"] = {
            "show": True,
            "formatter": key,
            # Beside its point and above its bar, so that neighbours in a column do not overlap.
            "position": "left" if leftwards else "right",
            "offset": [0, -9],
            "color": "token:ink",
            "backgroundColor": "token:paper",
            "fontSize": 11,
        }
    return point


def _axis(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "nameLocation": "middle", "nameGap": 30, **more}


def _series(name: str, data: list[Any], color: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "type": "scatter",
        "data": data,
        "tandemColor": color,
        "symbolSize": 9,
        "labelLayout": {"hideOverlap": True},
        **more,
    }


def _lines(name: str, ends: list[tuple[list[float], list[float]]], color: str) -> dict[str, Any]:
    """Intervals: one series of line pieces, each parted from the next by a gap."""
    data: list[Any] = []
    for start, end in ends:
        data += [start, end, ["-", "-"]]
    return {
        "name": name,
        "type": "line",
        "data": data,
        "symbol": "none",
        "silent": True,
        "tandemQuiet": True,
        "tandemColor": color,
        "lineStyle": {"width": 1, "opacity": 0.55},
        "connectNulls": False,
        "z": 1,
        "tooltip": {"show": False},
    }


def effort_picture(product: Product, table: ScoreTable, model: ModelInForce) -> Picture | None:
    """The value lens against effort: what is worth much and costs little lies top left."""
    effort = model.engine.effort
    if effort is None or not len(table):
        return None
    bit = 1 << table.slugs.index(effort.slug)
    unit = units(effort.unit)
    known_effort = (table["guess_bits"] & bit) == 0
    rows = _rows(product, table, table["value_heard"] | known_effort)
    if not rows:
        return None
    sure: list[Any] = []
    guessed: list[Any] = []
    whiskers: list[tuple[list[float], list[float]]] = []
    cells: list[list[str]] = []
    dear = max(each.effort.likely for each, *_rest in rows) / 2
    for number, (row, key, title) in enumerate(rows):
        value = honest(row.value.likely, row.value.low, row.value.high)
        cost = honest(row.effort.likely, row.effort.low, row.effort.high)
        x, y = max(row.effort.likely, effort.scale.low), row.value.likely
        said = _("value %(value)s (%(low)s–%(high)s), %(effort)s %(unit)s") % {
            "value": value[0],
            "low": value[1],
            "high": value[2],
            "effort": cost[0],
            "unit": unit,
        }
        is_guess = not row.value_heard or effort.slug in row.guesses
        point = _point(row, key, title, round(x, 3), round(y, 1), said, number < LABELLED, x > dear)
        (guessed if is_guess else sure).append(point)
        if number < LABELLED:
            low, high = max(row.effort.low, effort.scale.low), max(row.effort.high, x)
            whiskers.append(([x, row.value.low], [x, row.value.high]))
            whiskers.append(([low, y], [high, y]))
        cells.append(
            [
                key,
                title,
                str(row.rank),
                value[0],
                f"{value[1]}–{value[2]}",
                cost[0],
                f"{cost[1]}–{cost[2]}",
                _("guess") if is_guess else "",
            ]
        )
    first = [key for _, key, _ in rows[:3]]
    title = ngettext(
        "%(names)s leads the ranking; what gives much for little lies top left",
        "%(names)s lead the ranking; what gives much for little lies top left",
        len(first),
    ) % {"names": spoken(named(first))}
    # The axis begins a step before the smallest effort drawn, so that no point lies on it.
    smallest = min(*(end[0][0] for end in whiskers), *(p["value"][0] for p in sure + guessed))
    start = 2.0 ** math.floor(math.log2(smallest * 0.99))
    option = {
        "legend": {"data": [_("Rated and estimated"), _("Rests on a guess")]},
        "tooltip": {"trigger": "item", "formatter": "{b}"},
        "grid": {"left": 28, "right": 24, "top": 40, "bottom": 28, "containLabel": True},
        "xAxis": _axis(
            _("Effort (%(unit)s, each step twice as much)") % {"unit": unit},
            type="log",
            logBase=2,
            min=start,
        ),
        "yAxis": _axis(_("Value lens (0–100)"), type="value", min=0, max=100, nameGap=36),
        "series": [
            _lines(_("P10 to P90"), whiskers, "ink-3"),
            _series(
                _("Rests on a guess"),
                guessed,
                "ink-3",
                itemStyle={
                    "color": "token:paper",
                    "borderColor": "token:ink-3",
                    "borderWidth": 2,
                },
            ),
            _series(_("Rated and estimated"), sure, "value"),
        ],
    }
    return Picture(
        title,
        option,
        [
            _("Item"),
            _("Title"),
            _("Rank"),
            _("Value lens"),
            "P10–P90",
            _("Effort"),
            "P10–P90",
            _("Guess"),
        ],
        cells,
        _note(
            len(rows),
            _("%(count)s items rated for value or estimated; hollow points rest on a guess."),
            _(
                "%(count)s items rated for value or estimated (the first %(most)s by rank); hollow points rest on a guess."
            ),
        ),
    )


def lenses_picture(product: Product, table: ScoreTable) -> Picture | None:
    """One lens against the other: on the diagonal both see the same."""
    keep = table["value_heard"] & table["technical_heard"]
    rows = _rows(product, table, keep)
    if len(rows) < 2:
        return None
    widest = sorted(range(len(rows)), key=lambda n: -abs(rows[n][0].gap.likely))[:LABELLED]
    points: dict[str, list[Any]] = {"value": [], "technical": [], "agreed": []}
    whiskers = []
    cells = []
    for number, (row, key, title) in enumerate(rows):
        side = "agreed"
        if row.disagreement > 0:
            side = "value" if row.gap.likely > 0 else "technical"
        value = honest(row.value.likely, row.value.low, row.value.high)
        technical = honest(row.technical.likely, row.technical.low, row.technical.high)
        x, y = round(row.value.likely, 1), round(row.technical.likely, 1)
        said = _("value %(value)s, technical %(technical)s") % {
            "value": value[0],
            "technical": technical[0],
        }
        points[side].append(_point(row, key, title, x, y, said, number in widest, x > 80))
        if number in widest:
            whiskers.append(([row.value.low, y], [row.value.high, y]))
            whiskers.append(([x, row.technical.low], [x, row.technical.high]))
        sure = f"{row.disagreement:.0f}" if row.disagreement else ""
        cells.append([key, title, value[0], technical[0], f"{row.gap.likely:+.0f}", sure])
    apart = len(points["value"]) + len(points["technical"])
    option = {
        "legend": {
            "data": [_("Value higher for sure"), _("Technical higher for sure"), _("May agree")]
        },
        "tooltip": {"trigger": "item", "formatter": "{b}"},
        "grid": {"left": 28, "right": 24, "top": 40, "bottom": 28, "containLabel": True},
        "xAxis": _axis(_("Value lens (0–100)"), type="value", min=0, max=100),
        "yAxis": _axis(_("Technical lens (0–100)"), type="value", min=0, max=100, nameGap=36),
        "series": [
            _lines(_("Both the same"), [([0, 0], [100, 100])], "line-strong"),
            _lines(_("P10 to P90"), whiskers, "ink-3"),
            _series(_("May agree"), points["agreed"], "agreed"),
            _series(_("Value higher for sure"), points["value"], "value", symbol="triangle"),
            _series(
                _("Technical higher for sure"), points["technical"], "technical", symbol="rect"
            ),
        ],
    }
    return Picture(
        _("The lenses differ for sure on %(apart)s of %(count)s items")
        % {"apart": apart, "count": len(rows)},
        option,
        [
            _("Item"),
            _("Title"),
            _("Value"),
            _("Technical"),
            _("Value minus technical"),
            _("Sure part"),
        ],
        cells,
        _note(
            len(rows),
            _("%(count)s items rated under both lenses; the diagonal is where both see the same."),
            _(
                "%(count)s items rated under both lenses (the first %(most)s by rank); the diagonal is where both see the same."
            ),
        ),
    )


def _note(count: int, all_drawn: str, cut: str) -> str:
    drawn = (cut if count == MOST else all_drawn) % {"count": count, "most": MOST}
    bars = _("Bars are P10 to P90 of the labelled points.")
    return f"{drawn} {bars}"
