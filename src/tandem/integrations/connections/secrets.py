"""The token, and the secret the tracker signs its calls with. Neither can be read from a copy of the database."""

import base64
import hmac
import secrets

from django.conf import settings

from tandem.core.ciphers import decrypt, encrypt
from tandem.integrations.models import Connection

_PURPOSE = b"tandem.connection.token"


def token_kept(token: str) -> str:
    return encrypt(token, _PURPOSE)


def token_of(connection: Connection) -> str | None:
    """``None`` when the installation's key is another than the one it was enciphered with."""
    return decrypt(connection.token, _PURPOSE)


def new_salt() -> str:
    return secrets.token_hex(32)


def call_secret(salt: str) -> str:
    """What the tracker keeps as its webhook's secret."""
    key = settings.SECRET_KEY.encode()
    made = hmac.digest(key, f"tandem.connection.{salt}".encode(), "sha256")
    return base64.urlsafe_b64encode(made).decode().rstrip("=")
