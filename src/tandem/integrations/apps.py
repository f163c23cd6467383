from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "tandem.integrations"
    label = "integrations"

    def ready(self) -> None:
        from tandem.core import events
        from tandem.integrations import integrity, navigation, permissions, sentences  # noqa: F401
        from tandem.integrations.webhooks.outbox import announce

        events.follow(announce)
