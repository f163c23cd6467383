"""The words in which the table is written."""

from dataclasses import dataclass, field
from typing import Any

ALL = frozenset({"admin", "owner", "technical", "developer", "stakeholder", "viewer"})
CONTRIBUTORS = ALL - {"viewer"}
MAKERS = CONTRIBUTORS - {"stakeholder"}
STEERING = MAKERS - {"developer"}
VALUE = frozenset({"admin", "owner"})
TECHNICAL = frozenset({"admin", "technical"})
ADMIN = frozenset({"admin"})
#: Whatever the page says, as long as it is no failure of ours: its own tests say what.
ANY = 0
NO_ONE: frozenset[str] = frozenset()
#: Who may call an operation, and what it is given besides ``by``.
Walk = tuple[frozenset[str], dict[str, object]]


@dataclass(frozen=True)
class Door:
    """One method of one address: who gets in, with what, and what they are answered.

    A value like ``"@criterion"`` names a row of the scene. Each such value is also tried with the
    other workspace's row and with one that never existed: both must be answered alike, with a
    status of ``strangers``.
    """

    method: str
    who: frozenset[str]
    status: int = 200
    #: The address's parts beyond workspace, product and ``key`` (``@item``).
    at: dict[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    body: Any = None
    #: The API's area a token must have been given.
    area: str = ""
    strangers: tuple[int, ...] = (404, 422)
    #: Open to people who are not signed in, too; then ``status`` is what nobody gets.
    open: bool = False
    #: Of the person alone, not of a workspace: every signed-in person gets in, outsiders too.
    personal: bool = False


def get(who: frozenset[str], **more: Any) -> Door:
    return Door("GET", who, **more)


def post(who: frozenset[str], status: int = 302, **more: Any) -> Door:
    return Door("POST", who, status, **more)


def open_get(status: int = 200, **more: Any) -> Door:
    return Door("GET", ALL, status, open=True, **more)


def open_post(status: int, **more: Any) -> Door:
    return Door("POST", ALL, status, open=True, **more)


def api(method: str, who: frozenset[str], area: str, status: int = 200, **more: Any) -> Door:
    return Door(method, who, status, area=area, **more)
