"""What can be found: every app registers its kinds, in SQL that both databases understand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Shown:
    """A found row as a person reads it; made from rows that the member may see."""

    title: str
    #: The named address and its parts, beside the workspace.
    view: str
    parts: dict[str, Any]
    #: An item's key, or nothing.
    key: str = ""
    #: A word or two behind the title: a status, a role, whose comment.
    hint: str = ""
    icon: str = ""
    query: str = ""
    fragment: str = ""


@dataclass(frozen=True)
class Follows:
    """Rows that are indexed anew when ``columns`` of a row in ``table`` change.

    ``column``: the column of the kind's own table that holds the other row's number.
    """

    table: str
    columns: tuple[str, ...]
    column: str


@dataclass(frozen=True)
class Kind:
    """One kind of thing that is found. The kind's own table is ``t`` in every expression."""

    name: str
    one: str
    many: str
    icon: str
    #: Who may find it: an action of ``permissions``.
    action: str
    #: The area of the API a token must be able to read.
    area: str
    order: int
    table: str
    #: A change of one of these columns makes the entry anew.
    columns: tuple[str, ...]
    workspace: str
    product: str
    #: What it is called; empty for what has only a text, such as a comment.
    title: str
    body: str
    #: The moment by which a rebuilt index is ordered.
    at: str
    #: ``shown(member, numbers)``: the rows of these the member may see, by number.
    shown: Callable[[Any, Sequence[int]], dict[int, Shown]]
    joins: str = ""
    where: str = ""
    follows: tuple[Follows, ...] = ()

    @property
    def is_titled(self) -> bool:
        return self.title != "''"

    @property
    def condition(self) -> str:
        return self.where or "1 = 1"


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.name] = kind


def all_kinds() -> list[Kind]:
    return sorted(_kinds.values(), key=lambda kind: kind.order)


def kind_of(name: str) -> Kind | None:
    return _kinds.get(name)
