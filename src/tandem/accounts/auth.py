"""Who calls the API: a bearer token, or the browser's own session."""

import datetime
import hmac

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer, SessionAuth

from tandem.accounts.middleware import member_of
from tandem.accounts.models import ApiToken, Member, Product
from tandem.accounts.sign_in import factors


class TokenAuth(HttpBearer):
    """``Authorization: Bearer tdm_<8>_<secret>``."""

    def authenticate(self, request: HttpRequest, token: str) -> Member | None:
        parts = token.split("_", 2)
        if len(parts) != 3 or parts[0] != "tdm":
            return None
        row = (
            ApiToken.objects.select_related("member__user", "member__workspace")
            .filter(prefix=parts[1], revoked_at=None)
            .first()
        )
        digest = ApiToken.hash_of(token)
        if row is None or not hmac.compare_digest(row.secret_hash, digest):
            return None
        if row.member.ended_at is not None or not row.member.user.is_active:
            return None
        now = timezone.now()
        if row.last_used_at is None or now - row.last_used_at > datetime.timedelta(minutes=1):
            ApiToken.objects.filter(pk=row.pk).update(last_used_at=now)
        return row.member


class MemberSessionAuth(SessionAuth):
    """The signed-in browser; ``X-Tandem-Workspace`` chooses among several workspaces."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Member | None:
        if not request.user.is_authenticated:
            return None
        slug = request.headers.get("X-Tandem-Workspace")
        if slug:
            member = member_of(request.user, slug)
        else:
            rows = Member.objects.active().filter(user=request.user)
            rows = rows.select_related("user", "workspace")
            member = rows.order_by("-workspace__is_sample", "pk").first()
        if member is not None and factors.is_missing(request, member):
            return None
        return member


def caller(request: HttpRequest) -> Member:
    """The member an authenticated API request acts for."""
    member: Member = request.auth  # type: ignore[attr-defined]
    return member


def product_for(request: HttpRequest, key: str) -> Product:
    """The product ``key`` of the caller's workspace, or 404."""
    member = caller(request)
    product = Product.objects.visible_to(member).filter(key=key.upper()).first()
    if product is None:
        raise Http404
    product.workspace = member.workspace
    return product
