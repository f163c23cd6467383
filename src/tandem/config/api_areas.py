"""Which area of the API an operation belongs to: its tag. A token's scopes name the same areas."""

from collections.abc import Iterator
from typing import Any

from ninja import Router

from tandem.accounts.scopes import AREAS


def area_of(tags: list[str]) -> str:
    """The one tag of an operation. Without a known one no token reaches it: closed, not open."""
    known = [tag for tag in tags if tag in AREAS]
    return known[0] if len(known) == 1 else ""


def operations_of(
    routers: list[tuple[str, Router]], tags: tuple[str, ...] = (), before: str = ""
) -> Iterator[tuple[str, str, Any, str]]:
    """``(path, method, operation, area)`` of everything the routers hold."""
    for prefix, router in routers:
        place = f"{before}/{prefix}"
        inherited = (*tags, *(router.tags or ()))
        for path, view in router.path_operations.items():
            whole = "/" + "/".join(part for part in f"{place}/{path}".split("/") if part)
            for operation in view.operations:
                area = area_of(list(operation.tags or inherited))
                for method in operation.methods:
                    yield whole, method, operation, area
        below = [(each[0], each[1]) for each in router._routers]
        yield from operations_of(below, inherited, place)
