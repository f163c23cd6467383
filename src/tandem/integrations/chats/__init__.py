"""Chat targets: a workspace's events, told as short messages in a chat. They are webhooks that
speak a chat's language; outbox, attempts and log are those of ``integrations.webhooks``."""
