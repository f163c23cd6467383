"""The bytes of an archive's attachments on their way into the store."""

import contextlib
import os
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from tandem.accounts.models import Workspace
from tandem.core.errors import Refused
from tandem.core.storing import store
from tandem.core.storing.sniff import HEAD, Sniffed, clean_name, sniff
from tandem.integrations.archive.reading import SHA256, Archive, refuse
from tandem_engine.words import said


class Attached:
    """What an import put into the store: the same bytes once."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        #: SHA-256 of bytes that were put into the store -> key, size and what they are.
        self._kept: dict[str, tuple[str, int, Sniffed]] = {}

    def keep(self, line: int, attachment: Any, workspace: Workspace) -> None:
        """The attachment's bytes into the store under a key of their own, looked at anew: an
        archive may be made by anybody."""
        if attachment.link:
            attachment.key = attachment.media = attachment.sha256 = ""
            attachment.shown = False
            if urlsplit(attachment.link).scheme not in ("http", "https"):
                raise refuse(
                    said(
                        "attachments.jsonl, line %(line)s: a link begins with http:// or https://.",
                        line=line,
                    )
                )
            return
        if not SHA256.fullmatch(attachment.sha256):
            raise refuse(
                said("attachments.jsonl, line %(line)s: “sha256” names no bytes.", line=line)
            )
        known = self._kept.get(attachment.sha256)
        if known is None:
            with tempfile.TemporaryDirectory(dir=settings.DATA) as folder:
                path = Path(folder) / "bytes"
                size = self._archive.attachment(attachment.sha256, path)
                with path.open("rb") as file:
                    sniffed = sniff(attachment.name, file.read(HEAD), whole=size <= HEAD)
                key = f"{workspace.pk}/{os.urandom(16).hex()}"
                store().put(key, path)
            known = self._kept[attachment.sha256] = (key, size, sniffed)
        attachment.key, attachment.size, sniffed = known
        attachment.media, attachment.shown = sniffed.media, sniffed.shown
        attachment.name = clean_name(attachment.name)
        attachment.excerpt = sniffed.excerpt.replace("\x00", "")

    def remove(self) -> None:
        """Nothing of an import that failed stays; what this misses is found by its age."""
        for key, *_rest in self._kept.values():
            with contextlib.suppress(Refused, OSError):
                store().remove(key)
