"""Panels: how a lower page shows something of a higher app without importing it.

A higher app registers a panel for a place ("item", "home.product_owner"); the page of the lower
app asks for the panels of its place and renders each.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Panel:
    """One panel: where it stands, in which order, which template shows it.

    ``context(member, subject)`` gives the template's values, or ``None`` to show nothing.
    """

    place: str
    name: str
    title: str
    template: str
    context: Callable[[Any, Any], dict[str, Any] | None]
    order: int = 100


@dataclass(frozen=True)
class Shown:
    panel: Panel
    values: dict[str, Any]


_panels: dict[tuple[str, str], Panel] = {}


def register(panel: Panel) -> None:
    _panels[panel.place, panel.name] = panel


def shown(place: str, *, member: Any, subject: Any) -> list[Shown]:
    """The panels of a place that have something to show to this member, in order."""
    found = sorted(
        (p for p in _panels.values() if p.place == place), key=lambda p: (p.order, p.name)
    )
    return [
        Shown(panel, values)
        for panel in found
        if (values := panel.context(member, subject)) is not None
    ]
