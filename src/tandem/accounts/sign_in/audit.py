"""Events of signing in: one in each workspace the person is a member of."""

from dataclasses import dataclass
from typing import Any

from tandem.accounts.models import Member, User
from tandem.core import events


@dataclass(frozen=True)
class Nobody:
    """Who acts when nobody is signed in: an attempt with somebody's mail address."""

    workspace_id: int
    pk: None = None
    name: str = "Somebody"


def tell(user: User, verb: str, *, by_them: bool = True, **told: Any) -> None:
    """Record ``verb`` about ``user`` wherever they are a member; ``told`` stands under its names."""
    changes = {name: value for name, value in told.items() if value}
    for member in Member.objects.active().filter(user=user).select_related("user"):
        by: Any = member if by_them else Nobody(member.workspace_id)
        events.record(by=by, verb=verb, obj=member, changes=changes)
