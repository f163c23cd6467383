"""Which home a role sees, and how a panel tells the page what it shows.

A panel's ``context(member, product)`` may answer, beside its template's values: ``count`` (text
beside the heading), ``note`` (one sentence below it), ``link`` (words and a named page), and
``lead`` (how many, the words for so many), which the page's first sentence takes up.
"""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member, Role

#: A role's home: (place, the words of its tab).
PLACES = {
    Role.PRODUCT_OWNER: N_("For the Product Owner"),
    Role.TECHNICAL_PM: N_("For the Technical PM"),
    Role.DEVELOPER: N_("For developers"),
    Role.STAKEHOLDER: N_("Progress"),
}
#: Who sees more than their own home: the makers look over each other's shoulder.
LOOKS_AROUND = (Role.ADMIN, Role.PRODUCT_OWNER, Role.TECHNICAL_PM, Role.DEVELOPER)


@dataclass(frozen=True)
class Place:
    role: Role
    name: str
    current: bool

    @property
    def main(self) -> str:
        """The panels' place in the wide column."""
        return f"home.{self.role.value}"

    @property
    def beside(self) -> str:
        """The panels' place in the narrow column."""
        return f"{self.main}.beside"


def own_place(member: Member) -> Role:
    """The home a role begins with: administrators see the Product Owner's, viewers the progress."""
    role = Role(member.role)
    if role == Role.ADMIN:
        return Role.PRODUCT_OWNER
    return role if role in PLACES else Role.STAKEHOLDER


def places_of(member: Member, wanted: str = "") -> list[Place]:
    """The homes this member may look at; the one asked for, else their own, is current."""
    own = own_place(member)
    roles = [own, *(r for r in PLACES if r != own)] if member.role in LOOKS_AROUND else [own]
    current = next((role for role in roles if role.value == wanted), own)
    return [Place(role, _(PLACES[role]), role == current) for role in roles]


def address_if(view: str, member: Member, product_key: str, **more: Any) -> str:
    """The address of a page of the product, or nothing while that page does not exist."""
    try:
        return reverse(
            view, kwargs={"workspace": member.workspace.slug, "product": product_key, **more}
        )
    except NoReverseMatch:
        return ""
