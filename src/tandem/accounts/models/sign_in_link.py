"""A link that does one thing, once: signs a person in, or lets them choose a password."""

import datetime
import secrets

from django.db import models

from tandem.accounts.models.invitation import hash_of
from tandem.accounts.models.member import Member
from tandem.accounts.models.user import User


class LinkPurpose(models.TextChoices):
    SIGN_IN = "sign_in", "Signs in"
    PASSWORD = "password", "Chooses a password"


class SignInLink(models.Model):
    """Only the secret's hash is kept. Choosing a password ends every other open link."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_in_links")
    purpose = models.CharField(max_length=10, choices=LinkPurpose.choices)
    secret_hash = models.CharField(max_length=64, unique=True)
    #: The administrator who made it; empty when it was asked for by mail or on the command line.
    made_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    #: Whether it went to the person's own mail address: using it shows that the address is theirs.
    mailed = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.user}"

    @staticmethod
    def new_secret() -> tuple[str, str]:
        """``(secret, hash)``; the secret goes into the link and nowhere else."""
        secret = secrets.token_urlsafe(24)
        return secret, hash_of(secret)

    def is_open(self, now: datetime.datetime) -> bool:
        return self.used_at is None and self.expires_at > now
