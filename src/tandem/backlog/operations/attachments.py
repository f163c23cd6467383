"""Attaching files to items and comments, and taking them off again."""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Workspace
from tandem.accounts.permissions import can, require
from tandem.backlog.models import Attachment, Comment, Item
from tandem.core import events
from tandem.core.errors import PermissionRefused, Refused
from tandem.core.models import Event
from tandem.core.storing import store
from tandem.core.storing.sniff import HEAD, Sniffed, clean_name, sniff
from tandem.core.storing.store import NoRoom, refusal_of
from tandem.ui.filters import number

MEGABYTE = 1024 * 1024
#: An item has no more; who has more keeps them elsewhere and links.
MOST = 500
UPLOADS = "uploads"


@dataclass(frozen=True)
class _Received:
    """An upload as a file of this machine, whole, measured and looked at."""

    path: Path
    size: int
    sha256: str
    sniffed: Sniffed


@contextlib.contextmanager
def _received(name: str, chunks: Iterable[bytes]) -> Iterator[_Received]:
    """The upload while inside; nothing of it stays, however it ends."""
    folder = Path(settings.DATA) / UPLOADS
    digest, size, head = hashlib.sha256(), 0, b""
    path = None
    try:
        folder.mkdir(exist_ok=True, mode=0o700)
        descriptor, found = tempfile.mkstemp(suffix=".part", dir=folder)
        path = Path(found)
        with os.fdopen(descriptor, "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > settings.ATTACHMENT_LIMIT:
                    raise Refused(
                        _(
                            "%(name)s is larger than %(most)s MB, the most an attachment may have here (TANDEM_ATTACHMENT_MB). Put it elsewhere and attach its link."
                        )
                        % {
                            "name": clean_name(name),
                            "most": settings.ATTACHMENT_LIMIT // MEGABYTE,
                        },
                        field="file",
                    )
                digest.update(chunk)
                if len(head) < HEAD:
                    head += chunk[: HEAD - len(head)]
                file.write(chunk)
        if not size:
            raise Refused(_("%(name)s is empty.") % {"name": clean_name(name)}, field="file")
        sniffed = sniff(name, head, whole=size <= HEAD)
        yield _Received(path, size, digest.hexdigest(), sniffed)
    except OSError as error:
        raise refusal_of(error) from error
    finally:
        if path is not None:
            path.unlink(missing_ok=True)


def attachment_add(
    *, by: Member, item: Item, name: str, chunks: Iterable[bytes], comment: Comment | None = None
) -> Attachment:
    """Keep a file on the item, or on a comment of one's own.

    What it is, is told by its bytes; a name that promises something else gets the right ending.
    Refuses an empty file, one that is too large, and one that no longer fits into the workspace.
    """
    require(by, "attachment.add", item)
    _comment_checked(by, item, comment)
    with _received(name, chunks) as received:
        fresh = f"{item.workspace_id}/{os.urandom(16).hex()}"
        # Before the rows: while bytes travel to a bucket nobody waits for a lock.
        store().put(fresh, received.path)
        try:
            with transaction.atomic():
                found, used = _attached(by, item, comment, received, fresh)
        except BaseException:
            _removed(fresh)
            raise
    if not used:
        _removed(fresh)
    return found


def _removed(key: str) -> None:
    """Best effort: what stays behind is found by its age (``tidy``)."""
    with contextlib.suppress(Refused, OSError):
        store().remove(key)


def _comment_checked(by: Member, item: Item, comment: Comment | None) -> None:
    if comment is None:
        return
    if comment.item_id != item.pk or comment.deleted_at is not None:
        raise Refused(_("That comment is not on this item (any more)."), field="comment")
    if comment.written_by_id != by.pk:
        raise PermissionRefused(_("Only its author may attach files to a comment."))


def _attached(
    by: Member, item: Item, comment: Comment | None, received: _Received, fresh: str
) -> tuple[Attachment, bool]:
    """The row, and whether the fresh bytes are needed: equal ones may be here already."""
    # One at a time in a workspace: equal bytes must not go while they come to be shared.
    Workspace.objects.select_for_update().get(pk=item.workspace_id)
    if Item.objects.filter(pk=item.pk, deleted_at=None).first() is None:
        raise Refused(
            _("%(key)s was deleted. Restore it to attach files.") % {"key": item.key}, field="file"
        )
    if Attachment.objects.of(item).count() >= MOST:
        raise Refused(_("An item has at most %(most)s attachments.") % {"most": MOST}, field="file")
    here = Attachment.objects.filter(item__workspace_id=item.workspace_id).exclude(key="")
    key = here.filter(sha256=received.sha256).values_list("key", flat=True).first()
    if key is None:
        kept = here.values("key", "size").distinct().aggregate(total=Sum("size"))["total"] or 0
        if kept + received.size > settings.ATTACHMENTS_LIMIT:
            raise NoRoom(
                _(
                    "The attachments of this workspace may have %(most)s MB together "
                    "(TANDEM_ATTACHMENTS_MB), and that is reached. Remove some, or ask whoever runs "
                    "this Tandem."
                )
                % {"most": number(settings.ATTACHMENTS_LIMIT // MEGABYTE)},
                field="file",
            )
    attachment = Attachment.objects.create(
        item=item,
        comment=comment,
        name=received.sniffed.name,
        media=received.sniffed.media,
        size=received.size,
        sha256=received.sha256,
        key=key or fresh,
        excerpt=received.sniffed.excerpt.replace("\x00", ""),
        shown=received.sniffed.shown,
        added_by=by,
        added_at=timezone.now(),
    )
    _told(by, "attachment.added", attachment, {"attachment": [None, attachment.name]})
    return attachment, key is None


@transaction.atomic
def attachment_link(*, by: Member, item: Item, link: str, name: str = "") -> Attachment:
    """Attach what lies elsewhere by its address (http or https)."""
    require(by, "attachment.add", item)
    link = link.strip()
    try:
        URLValidator(schemes=["http", "https"])(link)
    except ValidationError:
        raise Refused(_("A link begins with https:// or http://."), field="link") from None
    if len(link) > 2000:
        raise Refused(_("A link has at most 2,000 characters."), field="link")
    shown = (
        clean_name(name or urlsplit(link).path or link)
        if name or urlsplit(link).path.strip("/")
        else urlsplit(link).netloc
    )
    attachment = Attachment.objects.create(
        item=item, name=shown[:200], link=link, added_by=by, added_at=timezone.now()
    )
    _told(by, "attachment.added", attachment, {"attachment": [None, attachment.name]})
    return attachment


@transaction.atomic
def attachment_remove(*, by: Member, attachment: Attachment) -> Event:
    """Out of sight for 30 days, as the trash keeps things; ``attachment_restore`` brings it back.

    Whoever added it may, and whoever may change the item.
    """
    attachment = _locked(by, attachment)
    if attachment.deleted_at is not None:
        raise Refused(_("%(name)s was removed already.") % {"name": attachment.name})
    attachment.deleted_at = timezone.now()
    attachment.save(update_fields=["deleted_at"])
    return _told(by, "attachment.removed", attachment, {"attachment": [attachment.name, None]})


@transaction.atomic
def attachment_restore(*, by: Member, attachment: Attachment) -> Attachment:
    attachment = _locked(by, attachment)
    if attachment.deleted_at is not None:
        attachment.deleted_at = None
        attachment.save(update_fields=["deleted_at"])
        _told(by, "attachment.restored", attachment, {"attachment": [None, attachment.name]})
    return attachment


def _locked(by: Member, attachment: Attachment) -> Attachment:
    require(by, "attachment.add", attachment)
    if attachment.added_by_id != by.pk and not can(by, "item.edit"):
        raise PermissionRefused(
            _("Only who attached a file, or who may change the item, removes it.")
        )
    rows = Attachment.objects.select_for_update(of=("self",)).select_related("item__product")
    return rows.get(pk=attachment.pk)


def _told(by: Member, verb: str, attachment: Attachment, changes: dict[str, Any]) -> Event:
    return events.record(
        by=by,
        verb=verb,
        obj=attachment.item,
        changes={**changes, "attachment_id": attachment.pk},
    )
