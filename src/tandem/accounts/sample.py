"""The people of the small named world: tests, the sample product and the screenshots share them."""

from dataclasses import dataclass

from tandem.accounts import operations
from tandem.accounts.models import Member, Role, Workspace

WORKSPACE = "Skerry Lines"
PRODUCT_KEY = "FERRY"
PRODUCT_NAME = "Skerry Booking"

#: (attribute, name, mail address, role)
PEOPLE = (
    ("admin", "Ada Berg", "ada@skerry.example", Role.ADMIN),
    ("owner", "Petra Holm", "petra@skerry.example", Role.PRODUCT_OWNER),
    ("technical", "Tariq Aziz", "tariq@skerry.example", Role.TECHNICAL_PM),
    ("developer", "Dana Novak", "dana@skerry.example", Role.DEVELOPER),
    ("stakeholder", "Sven Lind", "sven@skerry.example", Role.STAKEHOLDER),
    ("viewer", "Vera Moss", "vera@skerry.example", Role.VIEWER),
)


@dataclass(frozen=True)
class People:
    """The members of Skerry Lines, an island ferry company."""

    workspace: Workspace
    admin: Member
    owner: Member
    technical: Member
    developer: Member
    stakeholder: Member
    viewer: Member

    @property
    def all(self) -> list[Member]:
        return [getattr(self, attribute) for attribute, *_ in PEOPLE]


def people_make(password: str | None = None) -> People:
    """The sample workspace and its six people; without a password they sign in by link only."""
    made: dict[str, Member] = {}
    for attribute, name, email, role in PEOPLE:
        user = operations.user_create(email=email, name=name, password=password)
        if not made:
            made[attribute] = operations.workspace_create(
                name=WORKSPACE, slug="skerry", user=user, is_sample=True
            )
        else:
            made[attribute] = operations.member_add(by=made["admin"], user=user, role=role)
    return People(workspace=made["admin"].workspace, **made)
