from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "tandem.integrations"
    label = "integrations"

    def ready(self) -> None:
        from tandem.integrations import navigation, permissions, sentences  # noqa: F401
