from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "tandem.accounts"
    label = "accounts"

    def ready(self) -> None:
        from tandem.accounts.permissions import can
        from tandem.ui.functions import provide

        provide("can", can)
