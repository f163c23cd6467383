"""What a token may be used for: reading or writing, area by area.

An area is the tag of the API's routes, declared once where the router is made. Writing includes
reading. A scope only narrows: what the member's role forbids stays forbidden.
"""

from collections.abc import Iterable

from tandem.core.errors import Refused

#: Area -> what a person reads beside its boxes.
AREAS = {
    "workspace": "Products and the workspace",
    "people": "People and invitations",
    "backlog": "Backlog",
    "notices": "Your notices",
    "prioritisation": "Prioritisation",
    "planning": "Plans and forecasts",
    "delivery": "Teams and sprints",
    "imports": "Imports",
    "exports": "Exports and archives",
    "webhooks": "Webhooks",
    "admin": "Tokens, audit log and settings",
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
                f"{each[:60]} is no scope. Write an area and read or write, like backlog:read. "
                f"Areas: {areas}.",
                field="scopes",
            )
    if not found:
        raise Refused("Say what the token may be used for.", field="scopes")
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
        return "everything"
    words = []
    for each in held:
        area, _, level = each.partition(":")
        name = "everything" if area == "all" else AREAS.get(area, area)
        words.append(f"{'change' if level == 'write' else 'read'} {name[0].lower()}{name[1:]}")
    return ", ".join(words)
