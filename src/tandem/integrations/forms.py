"""The forms of webhooks and chat targets."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tandem.accounts.models import Member, Product
from tandem.integrations.webhooks import kinds


class _Following(forms.Form):
    """The workspace's products and the kinds of events are choices; none chosen means all."""

    product = forms.ModelChoiceField(
        Product.objects.none(), label=_("Product"), required=False, empty_label=_("Every product")
    )
    kinds = forms.MultipleChoiceField(label=_("Events"), required=False)

    def __init__(self, *args: Any, member: Member, **named: Any) -> None:
        super().__init__(*args, **named)
        products = self.fields["product"]
        assert isinstance(products, forms.ModelChoiceField)
        products.queryset = Product.objects.visible_to(member).order_by("name")
        offered = kinds.choices((self.initial or {}).get("kinds", ()))
        self.fields["kinds"].choices = [(each.value, each.label) for each in offered]  # type: ignore[attr-defined]


class WebhookForm(_Following):
    name = forms.CharField(label=_("What for"), max_length=80)
    url = forms.CharField(label=_("Address"), max_length=2000)


class ChatForm(_Following):
    """The address is a secret: asked for once, and never filled in again."""

    name = forms.CharField(label=_("Name"), max_length=80)
    address = forms.CharField(
        label=_("Address"),
        max_length=2000,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, new: bool = False, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["address"].required = new
