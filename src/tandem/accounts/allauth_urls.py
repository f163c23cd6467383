"""The addresses that allauth asks for by its own names. No other address of allauth exists here."""

from django.urls import path

from tandem.accounts.views import second_factor, signing_in, single_sign_on

urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="account_login"),
    path("sign-in/second-factor/", second_factor.second_factor, name="mfa_authenticate"),
    path(
        "sign-in/<str:provider_id>/callback/", single_sign_on.back, name="openid_connect_callback"
    ),
]
