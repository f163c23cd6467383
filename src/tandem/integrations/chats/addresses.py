"""A chat's address is its key: kept so that a copy of the database alone opens no chat."""

from tandem.core.ciphers import decrypt, encrypt
from tandem.integrations.models import Webhook

_PURPOSE = b"tandem.chat.address"


def kept(address: str) -> str:
    return encrypt(address.strip(), _PURPOSE)


def address_of(chat: Webhook) -> str | None:
    """``None`` when the installation's key is another than the one it was enciphered with."""
    return decrypt(chat.chat_address, _PURPOSE)
