"""Who may rate through which lens, and who shapes the scoring models."""

from tandem.accounts.models import Member, Role
from tandem.accounts.permissions import EVERYBODY, STEERING, declare

declare("score.view", EVERYBODY, "see scores")
declare("model.edit", STEERING, "change scoring models")
declare("rating.value", (Role.PRODUCT_OWNER, Role.ADMIN), "rate through the value lens")
declare("rating.technical", (Role.TECHNICAL_PM, Role.ADMIN), "rate through the technical lens")

#: The action that rating a criterion of a lens needs.
RATE = {"value": "rating.value", "technical": "rating.technical"}


def lenses_of(member: Member) -> list[str]:
    """The lenses this member may rate through, their own first."""
    from tandem.accounts.permissions import can

    return [lens for lens, action in RATE.items() if can(member, action)]
