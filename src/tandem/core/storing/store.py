"""What a store can do."""

import datetime
import errno
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.utils.translation import gettext as _

from tandem.core.errors import Refused

#: Bytes read at a time.
BLOCK = 256 * 1024


class NoRoom(Refused):
    """The disk, or the bucket, takes no more."""

    status = 507


class Gone(Refused):
    """The bytes are not where they were put, or the store does not answer."""

    status = 503


@dataclass(frozen=True)
class Kept:
    key: str
    size: int
    changed_at: datetime.datetime


class Store(Protocol):
    """``put`` leaves the whole file or nothing; ``read`` raises ``Gone``; ``remove`` may repeat."""

    def put(self, key: str, source: Path) -> None: ...
    def read(self, key: str) -> Iterator[bytes]: ...
    def remove(self, key: str) -> None: ...
    def size(self, key: str) -> int | None: ...
    def kept(self) -> Iterator[Kept]: ...


def refusal_of(error: OSError) -> Refused:
    """A full or read-only disk in words, for who uploads and for who can do something about it."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return NoRoom(_("The disk of this Tandem is full. Nothing was kept; tell whoever runs it."))
    return NoRoom(
        _("The file cannot be kept: %(reason)s. Tell whoever runs this Tandem.")
        % {"reason": error.strerror}
    )
