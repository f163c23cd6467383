"""Who gets what. Every address, API route, action and operation has its line in a file here.

There is a file per app, with the app's name (rating sessions and a backlog's set-up, being many,
have their own). A new noun's line stands in its app's file; a missing one fails ``test_walk``. How
a line is read stands in ``words.py``; the rows behind ``@noun`` are made in ``scene.py``.
"""

import importlib
import pkgutil
from typing import Any

from access.words import Door, Walk


def joined(name: str) -> dict[str, Any]:
    """The tables called ``name`` of every file, as one; nothing may stand in two of them."""
    found: dict[str, Any] = {}
    for each in pkgutil.iter_modules(__path__):
        lines = getattr(importlib.import_module(f"{__name__}.{each.name}"), name, {})
        twice = found.keys() & lines.keys()
        assert not twice, f"{sorted(twice)} of {name} in {each.name}.py stand in another file, too"
        found |= lines
    return found


#: Who may do what: the same as the apps' ``permissions.py`` declare, said a second time on purpose.
ACTIONS: dict[str, frozenset[str]] = joined("ACTIONS")
#: Address -> its doors. ``workspace`` and ``product`` are filled in; ``key`` is ``@item``.
PAGES: dict[str, list[Door]] = joined("PAGES")
#: Path below ``/api/v1`` -> its doors. ``{key}`` is the product in ``/products/{key}``, else an item.
API: dict[str, list[Door]] = joined("API")
#: Operation -> (who may, what it is given besides ``by``). ``@noun`` is a row of the scene.
OPERATIONS: dict[str, Walk] = joined("OPERATIONS")
#: Operations that are walked elsewhere or take no member's word for it, and why.
OPERATIONS_APART: dict[str, str] = joined("OPERATIONS_APART")
