from tandem.integrations.models.archive_run import ArchiveRun, ArchiveState
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
    "ArchiveRun",
    "ArchiveState",
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
