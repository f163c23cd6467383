"""Forms of signing in, first run and people."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tandem.accounts.models import Product, Role
from tandem.accounts.scopes import AREAS


class SignInForm(forms.Form):
    email = forms.EmailField(label=_("Mail address"))
    password = forms.CharField(label=_("Password"), widget=forms.PasswordInput, max_length=1024)


class ForgottenForm(forms.Form):
    email = forms.EmailField(label=_("Mail address"))


class NewPasswordForm(forms.Form):
    password = forms.CharField(label=_("New password"), widget=forms.PasswordInput, max_length=1024)


class PasswordForm(NewPasswordForm):
    old = forms.CharField(label=_("Password now"), widget=forms.PasswordInput, max_length=1024)
    field_order = ("old", "password")


class CodeForm(forms.Form):
    code = forms.CharField(label=_("Code from the app"), max_length=20)


class PasskeyForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80, required=False)


class FirstRunForm(forms.Form):
    workspace = forms.CharField(label=_("Workspace"), max_length=120)
    name = forms.CharField(label=_("Your name"), max_length=150)
    email = forms.EmailField(label=_("Mail address"))
    password = forms.CharField(label=_("Password"), widget=forms.PasswordInput, max_length=1024)


class InvitationForm(forms.Form):
    email = forms.EmailField(label=_("Mail address"), required=False)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.DEVELOPER)


class JoinForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=150)
    email = forms.EmailField(label=_("Mail address"))
    password = forms.CharField(label=_("Password"), widget=forms.PasswordInput, max_length=1024)


class ProductForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    key = forms.CharField(label=_("Key"), max_length=10, help_text=_("2 to 10 letters, like WEB"))
    estimate_unit = forms.CharField(label=_("Estimates in"), max_length=20, initial="points")


#: Days a token lives, as the form offers them.
LIVES = (
    (90, _("90 days")),
    (30, _("30 days")),
    (365, _("a year")),
    (0, _("until it is revoked")),
)


class TokenForm(forms.Form):
    """``area`` empty: every area."""

    name = forms.CharField(label=_("What for"), max_length=80)
    level = forms.ChoiceField(
        label=_("May"),
        choices=[("write", _("read and change")), ("read", _("read only"))],
        required=False,
    )
    area = forms.ChoiceField(
        label=_("What"),
        choices=[("all", _("Everything")), *((area, _(words)) for area, words in AREAS.items())],
        required=False,
    )
    product = forms.ChoiceField(label=_("Product"), required=False)
    days = forms.TypedChoiceField(label=_("For"), choices=LIVES, coerce=int, required=False)

    def __init__(self, data: Any = None, *, products: Sequence[Product] = ()) -> None:
        super().__init__(data)
        choices = [("", _("Every product")), *((each.key, each.name) for each in products)]
        self.fields["product"].choices = choices  # type: ignore[attr-defined]

    def asked(self, products: Sequence[Product]) -> dict[str, Any]:
        """What the operation is given."""
        data = self.cleaned_data
        days = data["days"] or 0
        return {
            "name": data["name"],
            "scopes": [f"{data['area'] or 'all'}:{data['level'] or 'write'}"],
            "product": next((each for each in products if each.key == data["product"]), None),
            "expires_at": timezone.now() + datetime.timedelta(days=days) if days else None,
        }


class ServiceForm(TokenForm):
    """A service's token: a token with a role of its own."""

    name = forms.CharField(label=_("Name"), max_length=80)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.DEVELOPER)

    def asked(self, products: Sequence[Product]) -> dict[str, Any]:
        return super().asked(products) | {"role": self.cleaned_data["role"]}
