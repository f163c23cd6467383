from tandem.integrations.models.feed import Feed
from tandem.integrations.models.import_run import (
    ImportRow,
    ImportRun,
    Outcome,
    RunState,
    SourceState,
)
from tandem.integrations.models.webhook import (
    DeliveryState,
    Webhook,
    WebhookDelivery,
    WebhookState,
)

__all__ = [
    "DeliveryState",
    "Feed",
    "ImportRow",
    "ImportRun",
    "Outcome",
    "RunState",
    "SourceState",
    "Webhook",
    "WebhookDelivery",
    "WebhookState",
]
