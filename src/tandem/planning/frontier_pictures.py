"""The pictures of the frontiers: chart options as plain data, each point a link, with a table twin."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.planning.forecast_pictures import Picture
from tandem.planning.models import Frontier
from tandem.ui.filters import figure, number

NAMES = {
    "nash": "Nash",
    "kalai_smorodinsky": "Kalai-Smorodinsky",
    "egalitarian": N_("Egalitarian"),
    "knee": N_("Knee"),
}


def marked(frontier: Frontier) -> dict[int, str]:
    """The marked points by their place: "Nash, Knee"."""
    found: dict[int, list[str]] = {}
    for name, place in frontier.details.get("marks", {}).items():
        if name in NAMES:
            found.setdefault(place, []).append(_(NAMES[name]))
    return {place: ", ".join(names) for place, names in found.items()}


@dataclass(frozen=True)
class Meeting:
    """A point where the two can meet: the rules that choose it, and what each gives up there."""

    names: str
    place: int
    said: list[str]


def meetings(frontier: Frontier) -> list[Meeting]:
    """The marked points in their order; rules that choose the same for the same reasons are told once."""
    found: dict[tuple[int, tuple[str, ...]], list[str]] = {}
    for name, (title, *said) in frontier.details.get("sentences", {}).items():
        told = tuple(str(frontier.say(each)) for each in said)
        found.setdefault((frontier.details["marks"][name], told), []).append(frontier.say(title))
    return [Meeting(", ".join(names), place, list(told)) for (place, told), names in found.items()]


def lens_picture(frontier: Frontier, address: str, chosen: int | None) -> Picture | None:
    """Value-lens points across, technical-lens points up; every corner of the frontier a link."""
    points = frontier.details.get("points", [])
    if not points:
        return None
    marks = marked(frontier)
    middle = (points[0]["value"] + points[-1]["value"]) / 2
    data = [
        _lens_datum(
            place, point, marks, "left" if point["value"] > middle else "right", address, chosen
        )
        for place, point in enumerate(points)
    ]
    option = {
        "grid": {"right": 40, "left": 8, "top": 28, "bottom": 28, "containLabel": True},
        "xAxis": {"type": "value", "name": _("value-lens points"), "scale": True},
        "yAxis": {"type": "value", "name": _("technical-lens points"), "scale": True},
        "tooltip": {"trigger": "item"},
        "series": [
            {
                "name": "",
                "type": "line",
                "tandemColor": "ink",
                "data": data,
                "showSymbol": True,
                "symbolSize": 9,
                "cursor": "pointer",
            }
        ],
    }
    first, last = points[0], points[-1]
    title = (
        _(
            "From %(low)s to %(high)s value-lens points, for %(most)s down to %(least)s technical "
            "ones"
        )
        % {
            "low": figure(first["value"], 0),
            "high": figure(last["value"], 0),
            "most": figure(first["technical"], 0),
            "least": figure(last["technical"], 0),
        }
        if len(points) > 1
        else _("One plan is the best for both lenses")
        if first["exact"]
        else _("One plan was found before time ended")
    )
    return Picture(
        id="frontier-lenses",
        title=title,
        option=option,
        columns=(_("Point"), _("Value lens"), _("Technical lens"), _("Value"), _("Marked")),
        rows=[
            (
                place + 1,
                number(point["value"], 1),
                number(point["technical"], 1),
                number(point["score"], 1),
                marks.get(place, ""),
            )
            for place, point in enumerate(points)
        ],
        note=_("Choose a point with a click, or with the arrow keys and Enter."),
        height="tall",
    )


def _lens_datum(
    place: int,
    point: dict[str, Any],
    marks: dict[int, str],
    side: str,
    address: str,
    chosen: int | None,
) -> dict[str, Any]:
    mark = marks.get(place, "")
    said = (
        _("Point %(number)s, %(mark)s: %(value)s value lens, %(technical)s technical lens")
        if mark
        else _("Point %(number)s: %(value)s value lens, %(technical)s technical lens")
    ) % {
        "number": place + 1,
        "mark": mark,
        "value": number(point["value"]),
        "technical": number(point["technical"]),
    }
    datum: dict[str, Any] = {
        "value": [round(point["value"], 2), round(point["technical"], 2)],
        "name": said,
        "href": f"{address}{place}#point",
    }
    if mark:
        datum |= {
            "symbol": "diamond",
            "symbolSize": 15,
            "itemStyle": {"color": "token:agreed"},
            "label": {
                "show": True,
                # A name a line, on the side with the longer way to the edge, off the falling line.
                "formatter": mark.replace(", ", "\n"),
                "lineHeight": 14,
                "position": side,
                "verticalAlign": "top" if side == "left" else "bottom",
                "align": "right" if side == "left" else "left",
                "color": "token:ink",
            },
        }
    if place == chosen:
        datum |= {"symbol": "circle", "symbolSize": 17}
    return datum


def debt_picture(frontier: Frontier, address: str, chosen: int | None) -> Picture | None:
    """Debt share across; what features bring, and with the interest saved, up."""
    points = frontier.details.get("points", [])
    if not points:
        return None
    best = points[frontier.details["marks"]["best"]]

    def data(name: str) -> list[dict[str, Any]]:
        return [
            {
                "value": [round(point["reached"], 1), round(point[name], 2)],
                "name": _("About %(share)s %% debt: %(value)s")
                % {"share": point["share"], "value": number(point[name])},
                "href": f"{address}{place}#point",
                **({"symbolSize": 15} if place == chosen else {}),
            }
            for place, point in enumerate(points)
        ]

    base = {"type": "line", "showSymbol": True, "symbolSize": 9, "cursor": "pointer"}
    option = {
        "grid": {"right": 112, "left": 8, "top": 28, "bottom": 28, "containLabel": True},
        "xAxis": {"type": "value", "name": _("debt share, % of the effort"), "max": 40},
        "yAxis": {"type": "value", "name": _("value over the horizon"), "scale": True},
        "tooltip": {"trigger": "item"},
        "series": [
            base
            | {
                "name": _("features, debt and interest saved"),
                "tandemColor": "ink",
                "data": data("total"),
                "endLabel": {
                    "show": True,
                    "formatter": _("with debt paid off"),
                    "color": "token:ink-2",
                    "width": 100,
                    "lineHeight": 14,
                    "overflow": "break",
                },
            },
            base
            | {
                "name": _("features"),
                "tandemColor": "ink-2",
                "data": data("features"),
                "lineStyle": {"type": "dashed", "width": 2},
                "endLabel": {
                    "show": True,
                    "formatter": _("features alone"),
                    "color": "token:ink-2",
                    "width": 100,
                    "lineHeight": 14,
                    "overflow": "break",
                },
            },
        ],
    }
    return Picture(
        id="frontier-debt",
        title=(
            _(
                "Features, debt and the interest it saves bring the most, %(total)s, at a debt share "
                "of about %(share)s %%"
            )
            % {"total": figure(best["total"], 0), "share": best["share"]}
        ),
        option=option,
        columns=(
            _("Debt share about"),
            _("Reached"),
            _("Features"),
            _("Debt and interest saved"),
            _("Together"),
            _("Gap"),
        ),
        rows=[
            (
                f"{point['share']} %",
                f"{number(point['reached'], 0)} %",
                number(point["features"], 1),
                number(point["saved"], 1),
                number(point["total"], 1),
                f"{number(100 * (point['gap'] or 0), 2)} %",
            )
            for point in points
        ],
        note=_(
            "In the unit plans add up. Choose a point with a click, or with the arrow keys and Enter."
        ),
        height="tall",
    )
