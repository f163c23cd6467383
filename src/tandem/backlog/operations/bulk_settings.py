"""What a change of many items can set beside the items' own fields; higher apps add theirs.

A setting looks at all the items at once and says what each would have before and after, then
writes those that change and gives an event for each. So a change takes the same number of
queries for two items and for 2,000, and what it did is taken back by these events.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tandem.accounts.models import Member, Product
from tandem.backlog.models import Item
from tandem.core.models import Event


@dataclass(frozen=True)
class Look:
    """One item: what it has and what it gets, written as events write it; or why it cannot."""

    before: Any
    after: Any
    refusal: str = ""
    #: What ``write`` needs of it.
    held: Any = None


Looks = Mapping[int, Look]
#: The items that change, each with its look.
Told = Sequence[tuple[Item, Look]]


@dataclass(frozen=True)
class Setting:
    """``wanted``, what is to be set, is a row of ``rows`` or ``None``; of a plain one anything."""

    name: str
    title: str
    #: What one must be allowed to do beside changing items.
    permission: str
    #: Refuses what nothing can be given; gives back what is wanted as it is now, locked.
    checked: Callable[[Product, Any], Any]
    look: Callable[[Product, Sequence[Item], Any], Looks]
    write: Callable[[Member, Product, Told, Any, datetime.datetime], list[Event]]
    #: The choice that empties it.
    empty: str = ""
    #: ``{number: words}`` of what can be chosen; ``None``: it is no choice of rows.
    offers: Callable[[Product], Mapping[int, str]] | None = None
    #: The row of this number, for forms and the API; refuses what is not there.
    row: Callable[[Product, int], Any] | None = None


SETTINGS: dict[str, Setting] = {}


def register(setting: Setting) -> None:
    SETTINGS[setting.name] = setting


def chosen() -> list[Setting]:
    """Those that are chosen among rows."""
    return [each for each in SETTINGS.values() if each.offers is not None]
