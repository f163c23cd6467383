from django.urls import path

from tandem.accounts.views import jobs, people, people_sign_in, sign_in_settings, workspace

urlpatterns = [
    path("", workspace.workspace, name="workspace"),
    path("products/", workspace.products, name="products"),
    path("<str:product>/live/", workspace.live, name="live"),
    path("account/", workspace.account, name="account"),
    path("account/tokens/", workspace.token_create, name="token-create"),
    path("account/tokens/<int:pk>/revocation/", workspace.token_revoke, name="token-revoke"),
    path("account/sign-in/", sign_in_settings.sign_in_settings, name="sign-in-settings"),
    path("account/password/", sign_in_settings.password_change, name="password-change"),
    path("account/second-factor/app/", sign_in_settings.app, name="factor-app"),
    path("account/second-factor/passkey/", sign_in_settings.passkey, name="factor-passkey"),
    path("account/second-factor/codes/", sign_in_settings.codes_make, name="factor-codes"),
    path(
        "account/second-factor/<int:pk>/removal/",
        sign_in_settings.factor_remove,
        name="factor-remove",
    ),
    path("account/sessions/end/", sign_in_settings.sessions_end, name="sessions-end"),
    path("account/sessions/<int:pk>/end/", sign_in_settings.session_end, name="session-end"),
    path("account/single-sign-on/removal/", sign_in_settings.unlink, name="unlink"),
    path("people/second-factor/", people_sign_in.require_factor, name="require-factor"),
    path(
        "people/<int:pk>/password-link/",
        people_sign_in.make_password_link,
        name="make-password-link",
    ),
    path(
        "people/<int:pk>/second-factor/reset/",
        people_sign_in.reset_factors,
        name="reset-factors",
    ),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:pk>/again/", jobs.act, {"action": "again"}, name="job-again"),
    path("jobs/<int:pk>/discard/", jobs.act, {"action": "discard"}, name="job-discard"),
    path("jobs/<int:pk>/cancel/", jobs.act, {"action": "cancel"}, name="job-cancel"),
    path("people/", people.people, name="people"),
    path("people/invitations/", people.invite, name="invite"),
    path("people/invitations/<int:pk>/withdrawal/", people.withdraw, name="withdraw"),
    path("people/<int:pk>/role/", people.change_role, name="change-role"),
    path("people/<int:pk>/end/", people.end, name="end-member"),
]
