"""Deleting in two steps: 30 days in the trash, where it can be restored, then for good."""
