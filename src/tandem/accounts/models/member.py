"""A person in a workspace, with one role; or a service, which works there by a token alone."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from tandem.accounts.models.user import User
from tandem.accounts.models.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable


class Role(models.TextChoices):
    ADMIN = "admin", _("Administrator")
    PRODUCT_OWNER = "product_owner", _("Product Owner")
    TECHNICAL_PM = "technical_pm", _("Technical Product Manager")
    DEVELOPER = "developer", _("Developer")
    STAKEHOLDER = "stakeholder", _("Stakeholder")
    VIEWER = "viewer", _("Viewer")


class MemberQuerySet(models.QuerySet["Member"]):
    def visible_to(self, member: "Member") -> "MemberQuerySet":
        return self.filter(workspace_id=member.workspace_id)

    def active(self) -> "MemberQuerySet":
        """The people who are here. Never a service: its user is not active, so it cannot sign in."""
        return self.filter(ended_at=None, user__is_active=True)

    def services(self) -> "MemberQuerySet":
        """The services that are here."""
        return self.filter(ended_at=None, is_service=True)

    def with_role(self, *roles: Role) -> "MemberQuerySet":
        return self.filter(role__in=list(roles))


class Member(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="members")
    role = models.CharField(max_length=20, choices=Role.choices)
    joined_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    #: The single sign-on's groups gave this membership; when they no longer do, it ends.
    by_claim = models.BooleanField(default=False)
    #: No person: a program of the workspace's own. Its user can never sign in.
    is_service = models.BooleanField(default=False)

    objects = MemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "workspace"], name="one_membership_each")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.user.name

    @property
    def may_act(self) -> bool:
        """Whether they are still here: what was opened in their name works as long as this."""
        return self.ended_at is None and (self.user.is_active or self.is_service)

    @property
    def initials(self) -> str:
        parts: Iterable[str] = self.user.name.split()
        return "".join(part[0] for part in parts)[:2].upper() or "?"

    @property
    def lens(self) -> str | None:
        """The lens this member's role speaks for."""
        return {Role.PRODUCT_OWNER: "value", Role.TECHNICAL_PM: "technical"}.get(Role(self.role))
