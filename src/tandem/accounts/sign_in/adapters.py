"""What allauth asks Tandem: our words, our stages, our refusals. It shows no page of its own."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from tandem.accounts.sign_in.origin import address_of
from tandem.core import ciphers

PURPOSE = b"tandem.second-factor"


class SecondFactorStage(AuthenticateStage):  # type: ignore[misc]
    """Between password and workspace; left out after a provider that asks for it itself."""

    def _should_handle(self, request: HttpRequest) -> bool:
        social = (self.login.signal_kwargs or {}).get("sociallogin")
        if social is not None and settings.OIDC is not None and settings.OIDC.second_factor:
            return False
        needed: bool = super()._should_handle(request)
        return needed


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come by invitation, by the command line or by the provider; never by a form."""
        return False

    def get_login_stages(self) -> list[str]:
        return ["tandem.accounts.sign_in.adapters.SecondFactorStage"]

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """allauth's own messages are not shown: our pages say what happened."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Tandem writes its own mails, as jobs."""

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("accounts:sign-in"))


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    def get_totp_issuer(self) -> str:
        return "Tandem"

    def encrypt(self, text: str) -> str:
        """Secrets of factors are unreadable in a copy of the database without the secret key."""
        return ciphers.encrypt(text, PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        text = ciphers.decrypt(encrypted_text, PURPOSE)
        if text is None:
            raise ValueError("A second factor was encrypted with another secret key.")
        return text

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Tandem"}
