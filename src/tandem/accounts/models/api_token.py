"""A person's or a service's token for the API: shown once, kept as a hash."""

import datetime
import hashlib
import secrets

from django.db import models

from tandem.accounts.models.member import Member
from tandem.accounts.scopes import in_words


class ApiToken(models.Model):
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=8, unique=True)
    secret_hash = models.CharField(max_length=64)
    #: ``backlog:read``, ``all:write``, … (``tandem.accounts.scopes``); none: of no use.
    scopes = models.JSONField(default=list)
    #: Set: the token reaches this product's addresses and no other.
    product = models.ForeignKey(
        "accounts.Product", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    #: From this moment on it opens nothing. ``None``: until it is revoked.
    expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} (tdm_{self.prefix}…)"

    @property
    def allows(self) -> str:
        return in_words(self.scopes)

    def is_open(self, now: datetime.datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    @staticmethod
    def hash_of(secret: str) -> str:
        return hashlib.sha256(secret.encode()).hexdigest()

    @classmethod
    def new_secret(cls) -> tuple[str, str]:
        """``(prefix, whole token)``; the token is ``tdm_<8 public>_<secret>``."""
        prefix = secrets.token_hex(4)
        return prefix, f"tdm_{prefix}_{secrets.token_urlsafe(24)}"
