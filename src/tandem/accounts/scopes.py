"""What a token may be used for: reading or writing, area by area.

An area is the tag of the API's routes, declared once where the router is made. Writing includes
reading. A scope only narrows: what the member's role forbids stays forbidden.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.core.errors import Refused
from tandem.ui.filters import inside

#: Area -> what a person reads beside its boxes.
AREAS = {
    "workspace": N_("Products and the workspace"),
    "people": N_("People and invitations"),
    "backlog": N_("Backlog"),
    "notices": N_("Your notices"),
    "prioritisation": N_("Prioritisation"),
    "planning": N_("Plans and forecasts"),
    "delivery": N_("Teams and sprints"),
    "imports": N_("Imports"),
    "exports": N_("Exports and archives"),
    "webhooks": N_("Webhooks"),
    "admin": N_("Tokens, audit log and settings"),
}
LEVELS = ("read", "write")
EVERYTHING = "all:write"
READ_EVERYTHING = "all:read"


def scopes_checked(scopes: Iterable[str]) -> list[str]:
    """The scopes, each once, in their order; refuses none at all and one that is not known."""
    known = {f"{area}:{level}" for area in ("all", *AREAS) for level in LEVELS}
    found = list(dict.fromkeys(str(each).strip() for each in scopes if str(each).strip()))
    for each in found:
        if each not in known:
            areas = ", ".join(("all", *AREAS))
            raise Refused(
                _(
                    "%(scope)s is no scope. Write an area and read or write, like backlog:read. "
                    "Areas: %(areas)s."
                )
                % {"scope": each[:60], "areas": areas},
                field="scopes",
            )
    if not found:
        raise Refused(_("Say what the token may be used for."), field="scopes")
    return found


def covers(scopes: Iterable[str], area: str, *, writes: bool) -> bool:
    """Whether the scopes let a request into ``area``. An operation without an area is closed."""
    if area not in AREAS:
        return False
    held = set(scopes)
    wanted = {f"{each}:write" for each in ("all", area)}
    if not writes:
        wanted |= {f"{each}:read" for each in ("all", area)}
    return bool(held & wanted)


def in_words(scopes: Iterable[str]) -> str:
    """``everything``, ``reads everything``, or the areas: for a list of tokens."""
    held = list(scopes)
    if EVERYTHING in held:
        return _("everything")
    words = []
    for each in held:
        area, _colon, level = each.partition(":")
        name = _("everything") if area == "all" else _(AREAS.get(area, area))
        said = _("change %(area)s") if level == "write" else _("read %(area)s")
        words.append(said % {"area": inside(name)})
    return ", ".join(words)
