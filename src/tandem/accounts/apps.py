from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "tandem.accounts"
    label = "accounts"

    def ready(self) -> None:
        from tandem.accounts import navigation  # noqa: F401
        from tandem.accounts.permissions import can
        from tandem.ui.functions import provide

        provide("can", can)
