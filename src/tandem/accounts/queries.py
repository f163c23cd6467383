"""What the pages and the API tell of tokens."""

from django.db.models import QuerySet

from tandem.accounts.models import ApiToken, Member
from tandem.accounts.permissions import require


def tokens_of(member: Member) -> QuerySet[ApiToken]:
    """The member's own tokens that are not revoked, the newest first."""
    require(member, "token.manage")
    rows = ApiToken.objects.filter(member=member, revoked_at=None)
    return rows.select_related("product").order_by("-pk")


def services_of(member: Member) -> QuerySet[ApiToken]:
    """The tokens of the workspace's services, by name."""
    require(member, "service.manage")
    rows = ApiToken.objects.filter(
        member__workspace_id=member.workspace_id,
        member__is_service=True,
        member__ended_at=None,
        revoked_at=None,
    )
    return rows.select_related("product", "member__user").order_by("name", "pk")
