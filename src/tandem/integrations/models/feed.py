"""A feed: one list of a product, as its page showed it, at an address that needs no sign-in."""

import datetime
import hashlib
import secrets

from django.db import models

from tandem.accounts.models import Member, Product, Role, Workspace


class FeedQuerySet(models.QuerySet["Feed"]):
    def visible_to(self, member: Member) -> "FeedQuerySet":
        return self.filter(workspace_id=member.workspace_id)

    def managed_by(self, member: Member) -> "FeedQuerySet":
        """Those the member may revoke: their own; an administrator every one."""
        rows = self.visible_to(member)
        return rows if member.role == Role.ADMIN else rows.filter(made_by=member)

    def open(self) -> "FeedQuerySet":
        return self.filter(revoked_at=None)


class Feed(models.Model):
    """Only the secret's hash is kept; the first eight characters find the row."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="feeds")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="feeds")
    #: It shows what this member may see, for as long as they may.
    made_by = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="feeds")
    name = models.CharField(max_length=80)
    #: ``backlog``, ``ranking``, …: a name of ``tandem.integrations.feeds.FEED_LISTS``.
    list_name = models.CharField(max_length=20)
    #: The filter and the columns, as the list's address says them.
    query = models.CharField(max_length=2000, blank=True)
    prefix = models.CharField(max_length=8, unique=True)
    secret_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    last_read_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["workspace", "revoked_at"], name="feed_of_workspace")]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def hash_of(secret: str) -> str:
        return hashlib.sha256(secret.encode()).hexdigest()

    @staticmethod
    def new_secret() -> tuple[str, str]:
        """``(prefix, whole secret)``; 192 bits of it are secret."""
        prefix = secrets.token_hex(4)
        return prefix, f"{prefix}_{secrets.token_urlsafe(24)}"

    def was_read_within(self, now: datetime.datetime, span: datetime.timedelta) -> bool:
        return self.last_read_at is not None and now - self.last_read_at < span
