"""Webhooks: a workspace's events, sent to addresses its administrators give."""
