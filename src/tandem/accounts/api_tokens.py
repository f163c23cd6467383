"""Tokens over the API: to see and to revoke. They are made on the pages: no token makes another."""

import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status

from tandem.accounts import operations as do
from tandem.accounts import operations_services as do_services
from tandem.accounts.auth import caller
from tandem.accounts.models import ApiToken, Member
from tandem.accounts.permissions import require
from tandem.accounts.queries import services_of, tokens_of
from tandem.core.api import REFUSALS, RowId

router = Router(tags=["admin"])


class TokenOut(Schema):
    """``begins_with``: the public part; the rest is kept as a hash. ``product``: a key or null."""

    id: int
    name: str
    begins_with: str
    scopes: list[str]
    product: str | None
    created_at: datetime.datetime
    expires_at: datetime.datetime | None
    last_used_at: datetime.datetime | None

    @staticmethod
    def resolve_begins_with(row: ApiToken) -> str:
        return f"tdm_{row.prefix}"

    @staticmethod
    def resolve_product(row: ApiToken) -> str | None:
        return row.product.key if row.product else None


class ServiceOut(TokenOut):
    """A service and its token. ``id`` is the service's, as the audit log names it."""

    role: str

    @staticmethod
    def resolve_id(row: ApiToken) -> int:
        return row.member_id

    @staticmethod
    def resolve_role(row: ApiToken) -> str:
        return row.member.role


@router.get("/tokens", response={200: list[TokenOut], **REFUSALS})
def tokens(request: HttpRequest) -> Any:
    """One's own tokens that are not revoked, the newest first."""
    return tokens_of(caller(request))


@router.delete("/tokens/{pk}", response={204: None, **REFUSALS})
def token_revoke(request: HttpRequest, pk: RowId) -> Any:
    """Revoke a token of one's own, or as an administrator anybody's: it opens nothing any more,
    also if it is the one sent."""
    member = caller(request)
    rows = ApiToken.objects.filter(member__workspace_id=member.workspace_id, revoked_at=None)
    do.token_revoke(by=member, token=get_object_or_404(rows.select_related("member"), pk=pk))
    return Status(204, None)


@router.get("/services", response={200: list[ServiceOut], **REFUSALS})
def services(request: HttpRequest) -> Any:
    """The workspace's services by name. Administrators only."""
    return services_of(caller(request))


@router.delete("/services/{pk}", response={204: None, **REFUSALS})
def service_revoke(request: HttpRequest, pk: RowId) -> Any:
    """Revoke a service: its token opens nothing any more. Administrators only."""
    require(caller(request), "service.manage")
    rows = Member.objects.visible_to(caller(request)).services().select_related("user")
    do_services.service_revoke(by=caller(request), service=get_object_or_404(rows, pk=pk))
    return Status(204, None)
