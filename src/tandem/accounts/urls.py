from django.urls import include, path

from tandem.accounts import workspace_urls
from tandem.accounts.views import passwords, people, second_factor, signing_in, single_sign_on

app_name = "accounts"

urlpatterns = [
    path("", signing_in.start, name="start"),
    path("sign-in/", signing_in.sign_in, name="sign-in"),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
    path("sign-in/link/<str:token>/", signing_in.sign_in_link, name="sign-in-link"),
    path("sign-in/passkey/", second_factor.passkey_sign_in, name="passkey-sign-in"),
    path("sign-in/passkey/options/", second_factor.passkey_options, name="passkey-options"),
    path("sign-in/forgotten/", passwords.forgotten, name="forgotten"),
    path("sign-in/password/<str:secret>/", passwords.password_link, name="password-link"),
    path("sign-in/oidc/", single_sign_on.go, name="single-sign-on"),
    path("confirm/", second_factor.confirm, name="confirm"),
    path("first-run/", signing_in.first_run, name="first-run"),
    path("join/<str:secret>/", people.join, name="join"),
    path("w/<slug:workspace>/", include(workspace_urls.urlpatterns)),
]
