"""An invitation by link: works without mail. Only the link's hash is kept."""

import datetime
import hashlib
import secrets

from django.db import models

from tandem.accounts.models.member import Member, Role
from tandem.accounts.models.workspace import Workspace


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class Invitation(models.Model):
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=20, choices=Role.choices)
    email = models.EmailField(blank=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"invitation of {self.email or 'somebody'} as {self.get_role_display()}"

    @staticmethod
    def new_secret() -> str:
        return secrets.token_urlsafe(24)

    def is_open(self, now: datetime.datetime) -> bool:
        return self.accepted_by_id is None and self.withdrawn_at is None and self.expires_at > now
