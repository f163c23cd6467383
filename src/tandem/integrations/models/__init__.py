from tandem.integrations.models.archive_run import ArchiveRun, ArchiveState
from tandem.integrations.models.connection import (
    ConnectedItem,
    Connection,
    ConnectionCall,
    ConnectionConflict,
    ConnectionKind,
    ConnectionState,
    Rule,
    Way,
)
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
    "ConnectedItem",
    "Connection",
    "ConnectionCall",
    "ConnectionConflict",
    "ConnectionKind",
    "ConnectionState",
    "DeliveryState",
    "Feed",
    "ImportRow",
    "ImportRun",
    "Outcome",
    "Rule",
    "RunState",
    "SourceState",
    "Way",
    "Webhook",
    "WebhookDelivery",
    "WebhookState",
]
