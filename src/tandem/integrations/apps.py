from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "tandem.integrations"
    label = "integrations"

    def ready(self) -> None:
        from tandem.integrations import integrity, navigation, permissions, sentences  # noqa: F401
