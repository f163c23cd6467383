"""The workspace, its members and invitations over the API."""

import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from ninja import Router, Schema, Status

from tandem.accounts import operations as do
from tandem.accounts.auth import caller
from tandem.accounts.models import Invitation, Member, Role
from tandem.accounts.permissions import require
from tandem.core.api import REFUSALS, RowId
from tandem.core.rest.bodies import Body, one_of

router = Router(tags=["people"])

RoleName = Annotated[str, one_of(Role.values)]


class MemberOut(Schema):
    """``role``: admin, product_owner, technical_pm, developer, stakeholder or viewer."""

    id: int
    name: str
    role: str


class MemberPatch(Body):
    role: RoleName


class WorkspaceOut(Schema):
    name: str
    slug: str
    time_zone: str


class MePatch(Body):
    """``language``: empty for the one the browser asks for."""

    language: Literal["", "en", "de"]


class MeOut(MemberOut):
    """Whom the request acts for."""

    email: str
    language: str
    workspace: WorkspaceOut

    @staticmethod
    def resolve_email(row: Member) -> str:
        return row.user.email

    @staticmethod
    def resolve_language(row: Member) -> str:
        return row.user.language


class InvitationIn(Body):
    role: RoleName
    email: str = ""


class InvitationOut(Schema):
    id: int
    role: str
    email: str
    invited_by: str
    created_at: datetime.datetime
    expires_at: datetime.datetime

    @staticmethod
    def resolve_invited_by(row: Invitation) -> str:
        return row.invited_by.name


class InvitationMadeOut(InvitationOut):
    """``link`` is told once; whoever opens it may join."""

    link: str


def _members(request: HttpRequest) -> Any:
    return Member.objects.visible_to(caller(request)).active().select_related("user")


def _open_invitations(member: Member) -> Any:
    require(member, "member.invite")
    return Invitation.objects.filter(
        workspace_id=member.workspace_id,
        accepted_by=None,
        withdrawn_at=None,
        expires_at__gt=timezone.now(),
    ).select_related("invited_by__user")


@router.get("/me", response={200: MeOut, **REFUSALS})
def me(request: HttpRequest) -> Any:
    """Whom the request acts for, and in which workspace."""
    return caller(request)


@router.patch("/me", response={200: MeOut, **REFUSALS})
def language_choose(request: HttpRequest, body: MePatch) -> Any:
    """Choose the language pages and mail are written in."""
    by = caller(request)
    by.user = do.language_choose(by=by, language=body.language)
    return by


@router.get("/members", response={200: list[MemberOut], **REFUSALS})
def members(request: HttpRequest) -> Any:
    """The workspace's members and their roles."""
    return _members(request).order_by("pk")


@router.get("/members/{pk}", response={200: MemberOut, **REFUSALS})
def member(request: HttpRequest, pk: RowId) -> Any:
    """One member."""
    return get_object_or_404(_members(request), pk=pk)


@router.patch("/members/{pk}", response={200: MemberOut, **REFUSALS})
def member_change_role(request: HttpRequest, pk: RowId, body: MemberPatch) -> Any:
    """Give a member another role; the last administrator stays one."""
    other = get_object_or_404(_members(request), pk=pk)
    return do.member_change_role(by=caller(request), member=other, role=body.role)


@router.delete("/members/{pk}", response={204: None, **REFUSALS})
def member_end(request: HttpRequest, pk: RowId) -> Any:
    """The person loses access; what they wrote stays under their name."""
    do.member_end(by=caller(request), member=get_object_or_404(_members(request), pk=pk))
    return Status(204, None)


@router.get("/invitations", response={200: list[InvitationOut], **REFUSALS})
def invitations(request: HttpRequest) -> Any:
    """The open invitations, newest first; those who may invite see them."""
    return _open_invitations(caller(request)).order_by("-pk")


@router.post("/invitations", response={201: InvitationMadeOut, **REFUSALS})
def invitation_create(request: HttpRequest, body: InvitationIn) -> Any:
    """Invite somebody. Send them the ``link``: it is told only here."""
    invitation, secret = do.invitation_create(by=caller(request), **body.dict())
    link = request.build_absolute_uri(reverse("accounts:join", args=[secret]))
    invitation.link = link  # type: ignore[attr-defined]
    return Status(201, invitation)


@router.delete("/invitations/{pk}", response={204: None, **REFUSALS})
def invitation_withdraw(request: HttpRequest, pk: RowId) -> Any:
    """Withdraw an open invitation: its link opens nothing any more."""
    invitation = get_object_or_404(_open_invitations(caller(request)), pk=pk)
    do.invitation_withdraw(by=caller(request), invitation=invitation)
    return Status(204, None)
