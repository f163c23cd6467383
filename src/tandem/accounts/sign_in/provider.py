"""The OpenID Connect provider that the environment names. Imports no Django: settings read it."""

from collections.abc import Iterable
from dataclasses import dataclass

ROLES = ("admin", "product_owner", "technical_pm", "developer", "stakeholder", "viewer")
#: The group that stands for everybody the provider lets in.
EVERYBODY = "*"


@dataclass(frozen=True)
class Rule:
    """Who is in ``group`` at the provider has ``role`` in the workspace with this short name."""

    group: str
    workspace: str
    role: str


@dataclass(frozen=True)
class Provider:
    issuer: str
    client_id: str
    client_secret: str
    #: What the button says: "Sign in with <name>".
    name: str = "single sign-on"
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    #: Mail domains that may come in; empty: all that the provider vouches for.
    domains: tuple[str, ...] = ()
    role_claim: str = "groups"
    rules: tuple[Rule, ...] = ()
    #: Whether a person unknown here gets an account by signing in.
    creates: bool = False
    #: Whether the provider asks for a second factor itself, so that Tandem need not.
    second_factor: bool = False

    def allows(self, email: str) -> bool:
        return not self.domains or email.rpartition("@")[2].lower() in self.domains

    def roles_for(self, groups: Iterable[str]) -> dict[str, str]:
        """``{workspace: role}``; the first rule that fits a workspace decides."""
        held = {*groups, EVERYBODY}
        found: dict[str, str] = {}
        for rule in self.rules:
            if rule.group in held:
                found.setdefault(rule.workspace, rule.role)
        return found

    @property
    def workspaces(self) -> frozenset[str]:
        """The workspaces whose members the rules speak about."""
        return frozenset(rule.workspace for rule in self.rules)


def rules_read(text: str) -> tuple[Rule, ...]:
    """``"product=skerry:product_owner, *=skerry:viewer"`` as rules; ValueError says what is wrong."""
    rules = []
    for part in (each.strip() for each in text.split(",")):
        if not part:
            continue
        group, equals, target = part.rpartition("=")
        workspace, colon, role = target.partition(":")
        if not (equals and colon and group.strip() and workspace.strip()):
            raise ValueError(f"{part!r} is not written as group=workspace:role")
        if role.strip() not in ROLES:
            raise ValueError(f"{role.strip()!r} is no role; roles: {', '.join(ROLES)}")
        rules.append(Rule(group.strip(), workspace.strip(), role.strip()))
    return tuple(rules)
