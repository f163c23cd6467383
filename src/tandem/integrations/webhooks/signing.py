"""Signatures as of the Standard Webhooks specification, so that receivers find a library for it.

The signature is HMAC-SHA256 over ``<delivery>.<timestamp>.<body>``.
"""

import base64
import datetime
import hashlib
import hmac
import secrets

from django.conf import settings

from tandem.integrations.models import Webhook

PREFIX = "whsec_"


def new_salt() -> str:
    return secrets.token_hex(32)


def _key(salt: str) -> bytes:
    """The secret's bytes. They follow from the installation's secret, so that a copy of the
    database alone signs nothing."""
    return hmac.digest(settings.SECRET_KEY.encode(), f"tandem.webhook.{salt}".encode(), "sha256")


def secret_of(salt: str) -> str:
    """The secret as the receiver keeps it."""
    return PREFIX + base64.b64encode(_key(salt)).decode()


def signature(key: bytes, *, delivery: str, timestamp: int, body: bytes) -> str:
    signed = f"{delivery}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(
    webhook: Webhook, *, delivery: str, body: bytes, now: datetime.datetime
) -> dict[str, str]:
    """What proves who sent ``body``, and when. After a rotation both secrets sign for a while."""
    timestamp = int(now.timestamp())
    salts = [webhook.salt]
    if webhook.has_previous_secret(now):
        salts.append(webhook.previous_salt)
    return {
        "webhook-id": delivery,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(
            signature(_key(salt), delivery=delivery, timestamp=timestamp, body=body)
            for salt in salts
        ),
    }
