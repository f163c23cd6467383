from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "tandem.accounts"
    label = "accounts"

    def ready(self) -> None:
        from allauth.account.signals import user_logged_in as let_in
        from django.contrib.auth.signals import user_logged_in

        from tandem.accounts import live, navigation, searching  # noqa: F401
        from tandem.accounts.permissions import can
        from tandem.accounts.sign_in import receivers, sessions
        from tandem.ui.functions import provide

        provide("can", can)
        user_logged_in.connect(sessions.begin, dispatch_uid="tandem-session")
        let_in.connect(receivers.signed_in, dispatch_uid="tandem-signed-in")
