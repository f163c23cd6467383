"""The component gallery: every component in every state, in both themes."""

import datetime
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.backends.utils import csrf_input_lazy
from django.utils import timezone
from django.views.decorators.http import require_POST

TOKENS = [
    "paper",
    "paper-2",
    "paper-3",
    "float",
    "line",
    "line-strong",
    "ink",
    "ink-2",
    "ink-3",
    "value",
    "value-ink",
    "value-soft",
    "technical",
    "technical-ink",
    "technical-soft",
    "agreed",
    "agreed-ink",
    "agreed-soft",
    "good",
    "good-soft",
    "warn",
    "warn-soft",
    "bad",
    "bad-soft",
]

#: Heading, and the file and macro that shows it.
PARTS = (
    ("Colour and type", ("basics", "colours")),
    ("Buttons, menus, tabs, keys", ("basics", "buttons")),
    ("Marks and people", ("basics", "marks")),
    ("The two lenses", ("basics", "lenses")),
    ("Numbers", ("numbers", "scores")),
    ("Dates and forecasts", ("numbers", "dates")),
    ("Why", ("numbers", "why")),
    ("Before and after", ("numbers", "diffs")),
    ("Lists and filters", ("lists", "list")),
    ("Sections", ("lists", "sections")),
    ("Fields", ("forms", "fields")),
    ("Django forms", ("forms", "django")),
    ("Editing in place, dialogs", ("forms", "edits")),
    ("Notices and problems", ("states", "messages")),
    ("Empty and loading", ("states", "waiting")),
    ("Toasts", ("states", "toasts")),
    ("Chart: fan", ("charts", "fan")),
    ("Chart: bars", ("charts", "bars")),
)


class SampleForm(forms.Form):
    name = forms.CharField(help_text="As on the ticket.")
    role = forms.ChoiceField(choices=[("crew", "Crew"), ("office", "Office")])
    notes = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), required=False)
    agree = forms.BooleanField(label="Keep me posted", required=False)

    def clean(self) -> None:
        raise forms.ValidationError("The crossing is sold out. Choose another day.")


def _items() -> list[dict[str, Any]]:
    return [
        {"key": "FERRY-7", "kind": "story", "title": "Pay by invoice for travel agencies", "status": ("Ready", "open"), "low": 3, "likely": 5, "high": 9, "value": 8, "technical": 3, "score": 62},
        {"key": "FERRY-12", "kind": "bug", "title": "A seat can be sold twice while the crossing is being closed", "status": ("In progress", "started"), "low": 1, "likely": 2, "high": 6, "value": 6, "technical": 9, "score": 58},
        {"key": "FERRY-31", "kind": "debt", "title": "Timetable import runs on one machine only", "status": ("Backlog", "open"), "low": None, "likely": 8, "high": None, "value": 2, "technical": 8, "score": 41},
        {"key": "FERRY-40", "kind": "epic", "title": "Boarding with a phone", "status": ("Done", "done"), "low": None, "likely": None, "high": None, "value": 7, "technical": None, "score": 39},
    ]  # fmt: skip


def _nodes() -> list[dict[str, Any]]:
    day = datetime.date(2026, 3, 2)
    return [
        {"label": "Value", "value": "8 ± 1", "lens": "value", "formula": "mean of 2 ratings", "children": [
            {"label": "User value", "value": "9", "by": "Petra Holm", "at": day, "source": "Rated by"},
            {"label": "Demand", "value": "7", "source": "12 requesters, 9 of them companies"},
        ]},
        {"label": "Risk reduction", "value": "3", "lens": "technical", "by": "Tariq Aziz", "at": day, "source": "Rated by"},
        {"label": "Effort", "value": "5 (3–9)", "formula": "low / likely / high", "source": "Estimated by the team"},
    ]  # fmt: skip


def _fan() -> tuple[dict[str, Any], list[list[Any]]]:
    weeks = list(range(1, 13))
    middle = [round(120 * (1 - (week / 13) ** 1.2)) for week in weeks]
    low = [max(0, value - week * 3) for week, value in zip(weeks, middle, strict=True)]
    high = [value + week * 4 for week, value in zip(weeks, middle, strict=True)]
    option = {
        "xAxis": {"type": "category", "data": weeks, "name": "week", "boundaryGap": False},
        "yAxis": {"type": "value", "name": "points left"},
        "series": [
            {"name": "5 %", "type": "line", "data": low, "tandemColor": "ink-3", "lineStyle": {"type": "dashed", "width": 1}, "showSymbol": False, "endLabel": {"show": True, "formatter": "5 %", "color": "token:ink-2"}},
            {"name": "Median", "type": "line", "data": middle, "tandemColor": "ink", "endLabel": {"show": True, "formatter": "median", "color": "token:ink"}},
            {"name": "95 %", "type": "line", "data": high, "tandemColor": "ink-3", "lineStyle": {"type": "dashed", "width": 1}, "showSymbol": False, "endLabel": {"show": True, "formatter": "95 %", "color": "token:ink-2"}},
        ],
    }  # fmt: skip
    return option, [list(row) for row in zip(weeks, middle, low, high, strict=True)]


def _bars() -> tuple[dict[str, Any], list[list[Any]]]:
    kinds = ["Story", "Bug", "Debt", "Spike"]
    value, technical = [7.2, 5.4, 3.1, 4.0], [4.1, 6.6, 7.4, 5.2]
    option = {
        "legend": {},
        "xAxis": {"type": "value", "name": "mean rating", "max": 10},
        "yAxis": {"type": "category", "data": kinds, "inverse": True},
        "series": [
            {"name": "Value", "type": "bar", "data": value, "tandemColor": "value"},
            {"name": "Technical", "type": "bar", "data": technical, "tandemColor": "technical", "tandemPattern": "hatched"},
        ],
    }  # fmt: skip
    return option, [list(row) for row in zip(kinds, value, technical, strict=True)]


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    fan, fan_rows = _fan()
    bars, bars_rows = _bars()
    samples = SimpleNamespace(
        tokens=TOKENS,
        csrf=csrf_input_lazy(request),
        owner=SimpleNamespace(name="Petra Holm", lens="value"),
        technical=SimpleNamespace(name="Tariq Aziz", lens="technical"),
        moment=timezone.now() - datetime.timedelta(hours=3),
        earlier=datetime.date(2026, 3, 5),
        day=datetime.date(2026, 3, 12),
        later=datetime.date(2026, 4, 2),
        items=_items(),
        nodes=_nodes(),
        problems=[
            {"line": 14, "message": "Estimate is no number.", "quote": "about five"},
            {"line": 203, "message": "The parent WEB-9 is in no row of this file and not in the product."},
            {"line": None, "message": "The column “Sprint” is not mapped; its values go to the item's extra fields."},
        ],
        forms={
            theme: SampleForm({"name": "", "role": "crew"}, auto_id=f"{theme}-%s")
            for theme in ("light", "dark")
        },
        fan=fan,
        fan_rows=fan_rows,
        bars=bars,
        bars_rows=bars_rows,
    )  # fmt: skip
    return render(request, "ui/gallery.jinja", {"parts": PARTS, "samples": samples})


@login_not_required
def why(request: HttpRequest) -> HttpResponse:
    """What a why panel's address answers."""
    return render(request, "ui/gallery/why_fragment.jinja", {"nodes": _nodes()})


@login_not_required
@require_POST
def edit(request: HttpRequest) -> HttpResponse:
    """The gallery keeps nothing: a refusal, as a page would show one."""
    from tandem.core.errors import Refused

    raise Refused("The gallery keeps nothing: this is how a refusal looks.")


@login_not_required
@require_POST
def move(request: HttpRequest) -> HttpResponse:
    """Moving is allowed and forgotten."""
    return HttpResponse("")
