"""Attachments over the API."""

import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from ninja import File, Form, Router, Schema, Status, UploadedFile
from pydantic import Field

from tandem.accounts.auth import caller
from tandem.backlog import operations as do
from tandem.backlog.api.reading import item_of
from tandem.backlog.models import Attachment, Comment
from tandem.core.api import REFUSALS, PageOut, PageSize, Problem, RowId, page_out
from tandem.core.paging import keyset
from tandem.core.rest.bodies import Body
from tandem.core.storing.serving import served

router = Router(tags=["backlog"])
#: What is too large for the disk, the workspace or the store that is away.
NO_ROOM = {503: Problem, 507: Problem}


class AttachmentOut(Schema):
    """``media``: what the bytes are. ``link``: where it leads, for what lies elsewhere."""

    id: int
    name: str
    media: str
    size: int
    sha256: str
    excerpt: str
    link: str
    comment: int | None = None
    added_by: str
    added_at: datetime.datetime

    @staticmethod
    def resolve_comment(row: Attachment) -> int | None:
        return row.comment_id

    @staticmethod
    def resolve_added_by(row: Attachment) -> str:
        return row.added_by.name if row.added_by else ""


class LinkIn(Body):
    link: str
    name: str = ""


def _found(request: HttpRequest, key: str, pk: int) -> Attachment:
    item = item_of(request, key)
    found: Attachment = get_object_or_404(Attachment.objects.of(item), pk=pk)
    found.item = item
    return found


@router.get("/items/{key}/attachments", response={200: PageOut[AttachmentOut], **REFUSALS})
def attachments(
    request: HttpRequest, key: str, after: str | None = None, limit: PageSize = 100
) -> Any:
    """Attachments, oldest first."""
    rows = Attachment.objects.of(item_of(request, key)).select_related("added_by__user")
    page = keyset(rows, ("added_at", "id"), after=after, limit=limit)
    return page_out(page, page.rows)


@router.post("/items/{key}/attachments", response={201: AttachmentOut, **REFUSALS, **NO_ROOM})
def attachment_add(
    request: HttpRequest,
    key: str,
    file: File[UploadedFile],
    comment: Annotated[int | None, Form(), Field(ge=1, le=2**63 - 1)] = None,
) -> Any:
    """Attach a file (multipart) to the item, or to your own ``comment`` on it. Its type is told by
    its bytes; a name that promises something else gets the right ending."""
    item = item_of(request, key)
    told = None
    if comment is not None:
        told = get_object_or_404(Comment, item=item, pk=comment, deleted_at=None)
    return Status(
        201,
        do.attachment_add(
            by=caller(request), item=item, name=file.name or "", chunks=file.chunks(), comment=told
        ),
    )


@router.post("/items/{key}/links", response={201: AttachmentOut, **REFUSALS})
def attachment_link(request: HttpRequest, key: str, body: LinkIn) -> Any:
    """Attach what lies elsewhere by its address."""
    return Status(
        201,
        do.attachment_link(
            by=caller(request), item=item_of(request, key), link=body.link, name=body.name
        ),
    )


@router.get("/items/{key}/attachments/{pk}", response={200: AttachmentOut, **REFUSALS})
def attachment(request: HttpRequest, key: str, pk: RowId) -> Any:
    """One attachment, without its bytes."""
    return _found(request, key, pk)


@router.get(
    "/items/{key}/attachments/{pk}/content",
    response={200: None, 302: None, 503: Problem, **REFUSALS},
)
def attachment_content(request: HttpRequest, key: str, pk: RowId) -> HttpResponseBase:
    """The bytes, to be saved; a link leads to its address."""
    found = _found(request, key, pk)
    if found.link:
        return HttpResponseRedirect(found.link)
    return served(
        request,
        key=found.key,
        name=found.name,
        media=found.media,
        size=found.size,
        etag=found.etag,
        inline=False,
    )


@router.delete("/items/{key}/attachments/{pk}", response={204: None, **REFUSALS})
def attachment_remove(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Remove it: it lies in the trash for 30 days."""
    do.attachment_remove(by=caller(request), attachment=_found(request, key, pk))
    return Status(204, None)


@router.post("/items/{key}/attachments/{pk}/restore", response={200: AttachmentOut, **REFUSALS})
def attachment_restore(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Bring a removed one back."""
    item = item_of(request, key)
    found = get_object_or_404(Attachment, item=item, pk=pk)
    return do.attachment_restore(by=caller(request), attachment=found)
