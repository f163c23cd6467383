from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "tandem.integrations"
    label = "integrations"

    def ready(self) -> None:
        from tandem.core import events
        from tandem.integrations import integrity, navigation, permissions, sentences  # noqa: F401
        from tandem.integrations.webhooks.outbox import announce

        events.follow(announce)
        from tandem.integrations.connections.following import mark

        events.follow(mark)
        from tandem.core.monitoring.metrics import ByState, register
        from tandem.integrations.models import WebhookDelivery

        register(ByState("tandem_webhook_deliveries", "Deliveries, by state.", WebhookDelivery))
