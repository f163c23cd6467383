"""Who calls the API: a bearer token, or the browser's own session."""

import datetime
import hmac

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.security import HttpBearer, SessionAuth

from tandem.accounts.middleware import member_of, product_of
from tandem.accounts.models import ApiToken, Member, Product
from tandem.accounts.scopes import covers
from tandem.accounts.sign_in import factors
from tandem.core.errors import PermissionRefused
from tandem.core.prepared import prepared

#: Compared with when no token has the prefix, so that an unknown one takes as long as a wrong one.
_NOBODY = "0" * 64


class TokenAuth(HttpBearer):
    """``Authorization: Bearer tdm_<8>_<secret>``, within the token's scopes.

    Wrong, unknown, revoked, expired, of somebody who left: the same 401.
    """

    def authenticate(self, request: HttpRequest, token: str) -> Member | None:
        row = _row(token)
        if row is None:
            return None
        now = timezone.now()
        if row.last_used_at is None or now - row.last_used_at > datetime.timedelta(minutes=1):
            ApiToken.objects.filter(pk=row.pk).update(last_used_at=now)
        _within(request, row)
        return row.member


@prepared
def _tokens(prefix: str) -> QuerySet[ApiToken]:
    rows = ApiToken.objects.select_related("member__user", "member__workspace", "product")
    return rows.filter(prefix=prefix).order_by("pk")[:1]


def _row(token: str) -> ApiToken | None:
    """The open token that was sent, or nothing."""
    prefix = token.split("_", 2)[1][:8] if token.count("_") >= 2 else ""
    row = next(iter(_tokens(prefix.replace("\x00", ""))), None)
    same = hmac.compare_digest(row.secret_hash if row else _NOBODY, ApiToken.hash_of(token))
    if row is None or not same or not row.is_open(timezone.now()):
        return None
    return row if row.member.may_act else None


def _within(request: HttpRequest, token: ApiToken) -> None:
    """Refuse what the token was not made for."""
    area = getattr(request, "api_area", "")
    writes = request.method not in ("GET", "HEAD", "OPTIONS")
    if not covers(token.scopes, area, writes=writes):
        scope = f"{area}:{'write' if writes else 'read'}"
        raise PermissionRefused(
            _("This token lacks the scope %(scope)s. Make one that has it on your account page.")
            % {"scope": scope}
        )
    request.api_scopes = token.scopes  # type: ignore[attr-defined]
    rights = f"{sorted(token.scopes)} {token.product_id or ''}"
    request.api_rights = rights  # type: ignore[attr-defined]
    if token.product is None:
        return
    match = request.resolver_match
    key = str(match.kwargs.get("key", "")) if match else ""
    if key.rpartition("-")[0].upper() != token.product.key and key.upper() != token.product.key:
        raise PermissionRefused(
            _("This token is for the product %(key)s alone.") % {"key": token.product.key}
        )


@prepared
def _memberships(user_id: int) -> QuerySet[Member]:
    rows = Member.objects.active().filter(user_id=user_id).select_related("user", "workspace")
    return rows.order_by("-workspace__is_sample", "pk")[:1]


class MemberSessionAuth(SessionAuth):
    """The signed-in browser; ``X-Tandem-Workspace`` chooses among several workspaces."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Member | None:
        if not request.user.is_authenticated or "Authorization" in request.headers:
            # A token that was refused is not helped by the browser's session.
            return None
        slug = request.headers.get("X-Tandem-Workspace")
        if slug:
            member = member_of(request.user, slug)
        else:
            member = next(iter(_memberships(request.user.pk)), None)
        if member is not None and factors.is_missing(request, member):
            return None
        return member


def caller(request: HttpRequest) -> Member:
    """The member an authenticated API request acts for."""
    member: Member = request.auth  # type: ignore[attr-defined]
    return member


def may_read(request: HttpRequest, area: str) -> bool:
    """Whether the caller may read the area: a route that reads several asks for each of them."""
    scopes = getattr(request, "api_scopes", None)
    return scopes is None or covers(scopes, area, writes=False)


def product_for(request: HttpRequest, key: str) -> Product:
    """The product ``key`` of the caller's workspace, or 404."""
    product = product_of(caller(request), key.upper())
    if product is None:
        raise Http404
    return product
