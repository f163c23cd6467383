"""The pages that set a workspace up: each app adds its own; the rail lists them outside a product.

An app adds a page in its ``navigation.py``::

    add(SettingsPage(N_("Sessions"), "accounts:sessions", "device-desktop", 20, group=YOU))

Nothing else is needed: the page extends ``ui/page.jinja`` and the list stands beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.ui.addresses import address

YOU = N_("You")
WORKSPACE = N_("Workspace")
#: What cannot be taken back stands last, apart from what one sets every day.
NO_RETURN = N_("No way back")
#: The groups in the order of the rail.
GROUPS = (YOU, WORKSPACE, NO_RETURN)


@dataclass(frozen=True)
class SettingsPage:
    """One line of the list. ``view`` is a named address that takes the workspace alone."""

    name: str
    view: str
    icon: str
    order: int
    group: str = WORKSPACE
    visible: Callable[[Any], bool] = lambda member: True
    #: Further addresses below the workspace that belong to it: ``("jobs/",)``.
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class SettingsLine:
    name: str
    address: str
    icon: str
    current: bool


@dataclass(frozen=True)
class SettingsGroup:
    name: str
    lines: list[SettingsLine]
    #: Stands at the foot of the rail.
    apart: bool = False


_pages: dict[str, SettingsPage] = {}


def add(page: SettingsPage) -> None:
    if page.group not in GROUPS:
        raise ValueError(f"{page.group!r} is no group of settings; there are {', '.join(GROUPS)}.")
    _pages[page.view] = page


def settings_pages(request: Any) -> list[SettingsGroup]:
    """What this member may set, by group; the page one is on is current. Empty outside a workspace."""
    member = getattr(request, "member", None)
    if member is None:
        return []
    slug = member.workspace.slug
    seen = sorted(
        (page for page in _pages.values() if page.visible(member)),
        key=lambda page: (page.order, page.name),
    )
    addresses = {page.view: address(page.view, workspace=slug) for page in seen}
    here, longest = None, 0
    for page in seen:
        for place in (addresses[page.view], *(f"/w/{slug}/{each}" for each in page.also)):
            if request.path.startswith(place) and len(place) > longest:
                here, longest = page, len(place)
    return [
        SettingsGroup(
            _(group),
            [
                SettingsLine(_(page.name), addresses[page.view], page.icon, page is here)
                for page in seen
                if page.group == group
            ],
            apart=group == NO_RETURN,
        )
        for group in GROUPS
        if any(page.group == group for page in seen)
    ]
