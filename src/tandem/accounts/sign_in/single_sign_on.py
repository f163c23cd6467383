"""Signing in through the OpenID Connect provider: who may come in, and with which role.

allauth speaks the protocol (discovery, code with PKCE, state used once). This decides about people.
"""

from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import resolve, reverse
from django.urls.exceptions import Resolver404
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts import links, operations
from tandem.accounts.models import ApiToken, Member, Role, User, Workspace
from tandem.accounts.sign_in import audit, factors, passwords
from tandem.accounts.sign_in.provider import Provider
from tandem.accounts.sign_in.sessions import sessions_end
from tandem.core import events
from tandem.core.errors import Refused

#: The provider's short name in addresses: ``/sign-in/oidc/`` and its callback.
PROVIDER_ID = "oidc"


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The one provider of the environment; none are kept in the database."""
        chosen: Provider | None = settings.OIDC
        if chosen is None or provider not in {None, PROVIDER_ID, "openid_connect"}:
            return []
        return [
            SocialApp(
                provider="openid_connect",
                provider_id=PROVIDER_ID,
                name=chosen.name,
                client_id=chosen.client_id,
                secret=chosen.client_secret,
                settings={
                    "server_url": chosen.issuer,
                    "oauth_pkce_enabled": True,
                    "scope": list(chosen.scopes),
                },
            )
        ]

    def on_authentication_error(self, request: HttpRequest, provider: Any, **told: Any) -> None:
        """The provider said no, the state was used before, or an answer does not verify."""
        _refuse(
            request,
            _(
                "Signing in through the provider did not work, or this answer was used before. "
                "Start again from here."
            ),
        )

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Everything that must be true before anybody is let in or linked."""
        chosen: Provider | None = settings.OIDC
        if chosen is None:
            _refuse(request, _("There is no single sign-on here."))
        claims = claims_of(sociallogin)
        identity = sociallogin.account.extra_data.get("id_token") or {}
        if identity.get("sub", claims.get("sub")) != claims.get("sub"):
            _refuse(request, _("The provider's answers name two different people."))
        if sociallogin.is_existing and sociallogin.account.pk:
            assert isinstance(sociallogin.user, User)
            if not sociallogin.user.is_active or not chosen.allows(sociallogin.user.email):
                _refuse(request, _("This account is closed here. Ask your administrator."))
            return
        if sociallogin.state.get("process") == "connect" and request.user.is_authenticated:
            return
        email = str(claims.get("email") or "")
        if not email or claims.get("email_verified") is not True:
            _refuse(
                request,
                _(
                    "%(name)s does not say that it has checked your mail address, "
                    "so you cannot be recognised here by it. Ask your administrator."
                )
                % {"name": chosen.name},
            )
        if not chosen.allows(email):
            _refuse(
                request,
                _("Mail addresses like %(address)s may not sign in here.") % {"address": email},
            )
        if not sociallogin.is_existing and not self.is_open_for_signup(request, sociallogin):
            _refuse(
                request,
                _(
                    "You have no account here under %(address)s. "
                    "Ask an administrator for an invitation link."
                )
                % {"address": email},
            )
        if sociallogin.is_existing:
            assert isinstance(sociallogin.user, User)
            if not sociallogin.user.is_active:
                _refuse(request, _("This account is closed here. Ask your administrator."))
            link_first(sociallogin.user)

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        """An existing account may be linked: ``authenticate_by_email`` asks for verified ones only."""
        return True

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """New people come when the settings say so, or on the way to an open invitation."""
        chosen: Provider | None = settings.OIDC
        if chosen is None:
            return False
        if chosen.creates:
            return not chosen.rules or bool(chosen.roles_for(groups_of(sociallogin)))
        return _comes_by_invitation(sociallogin)

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> Any:
        user = super().populate_user(request, sociallogin, data)
        name = str(claims_of(sociallogin).get("name") or "").strip()
        user.name = (name or user.email.split("@")[0])[:150]
        return user

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("accounts:start")


def _refuse(request: HttpRequest, message: str) -> NoReturn:
    messages.error(request, message)
    raise ImmediateHttpResponse(HttpResponseRedirect(reverse("accounts:sign-in")))


def claims_of(sociallogin: SocialLogin) -> dict[str, Any]:
    """What the provider says: the user info, and what only the identity token holds."""
    data = sociallogin.account.extra_data
    return {**(data.get("id_token") or {}), **(data.get("userinfo") or {})}


def groups_of(sociallogin: SocialLogin) -> list[str]:
    """The values of the claim the rules look at: a list, or words in one text."""
    assert settings.OIDC is not None
    value = claims_of(sociallogin).get(settings.OIDC.role_claim) or []
    return value.split() if isinstance(value, str) else [str(each) for each in value]


def _comes_by_invitation(sociallogin: SocialLogin) -> bool:
    try:
        match = resolve((sociallogin.state.get("next") or "").split("?")[0])
        if match.view_name != "accounts:join":
            return False
        operations.invitation_of(match.kwargs["secret"])
    except (Refused, Resolver404):
        return False
    return True


@transaction.atomic
def link_first(user: User) -> None:
    """Before an account is linked by its mail address for the first time.

    If nobody ever showed that the address is theirs, whoever made the account here may have been
    somebody else waiting for its owner to come: their password, factors, tokens and sessions end.
    """
    if not passwords.is_email_verified(user):
        user.set_unusable_password()
        user.save(update_fields=["password"])
        factors.factors_clear(user)
        links.links_close(user)
        sessions_end(user=user, reason="linked to the single sign-on")

        ApiToken.objects.filter(member__user=user, revoked_at=None).update(
            revoked_at=timezone.now()
        )
        passwords.email_verified(user)
    audit.tell(user, "single_sign_on.linked")


@transaction.atomic
def roles_apply(user: User, sociallogin: SocialLogin) -> None:
    """Make the memberships what the provider's groups say; the rest stays as it is.

    A membership the groups gave ends when they no longer give it; a workspace always keeps its
    last administrator.
    """
    chosen: Provider | None = settings.OIDC
    if chosen is None or not chosen.rules:
        return
    wanted = chosen.roles_for(groups_of(sociallogin))
    for workspace in Workspace.objects.filter(slug__in=chosen.workspaces):
        member = Member.objects.filter(user=user, workspace=workspace).first()
        role = wanted.get(workspace.slug)
        if role is not None:
            _give(user, workspace, member, role)
        elif member is not None and member.by_claim and member.ended_at is None:
            _end(member)


def _give(user: User, workspace: Workspace, member: Member | None, role: str) -> None:
    if member is None:
        member = Member.objects.create(user=user, workspace=workspace, role=role, by_claim=True)
        verb, before = "member.added", None
    elif member.ended_at is not None:
        verb, before = "member.added", None
        member.ended_at = None
    elif member.role != role:
        if member.role == Role.ADMIN and not operations.other_admins(member):
            return
        verb, before = "member.role_changed", member.role
    else:
        if not member.by_claim:
            Member.objects.filter(pk=member.pk).update(by_claim=True)
        return
    member.role, member.by_claim = role, True
    member.save()
    events.record(
        by=member,
        verb=verb,
        obj=member,
        changes={"role": [before, role], "through": "single sign-on"},
    )


def _end(member: Member) -> None:
    if member.role == Role.ADMIN and not operations.other_admins(member):
        return
    member.ended_at = timezone.now()
    member.save(update_fields=["ended_at"])
    events.record(by=member, verb="member.ended", obj=member, changes={"through": "single sign-on"})


def account_of(user: User) -> SocialAccount | None:
    """The link between this person and the provider, if there is one."""
    return SocialAccount.objects.filter(user=user).first()


@transaction.atomic
def unlink(user: User) -> None:
    account = account_of(user)
    if account is None:
        raise Refused(_("Your account is not linked to the single sign-on."))
    if not user.has_usable_password():
        raise Refused(_("Choose a password first: without it you could not come in any more."))
    account.delete()
    audit.tell(user, "single_sign_on.unlinked")
