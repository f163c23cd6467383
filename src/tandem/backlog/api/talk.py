"""Comments over the API: threads, reactions, and whom a comment names."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Status

from tandem.accounts.auth import caller
from tandem.backlog import operations as do
from tandem.backlog.api.reading import item_of
from tandem.backlog.api.schemas import (
    CommentIn,
    CommentOut,
    CommentPatch,
    ReactionName,
    ResolutionIn,
)
from tandem.backlog.models import Comment
from tandem.core.api import REFUSALS, PageOut, PageSize, RowId, page_out
from tandem.core.errors import Refused
from tandem.core.paging import keyset

router = Router(tags=["backlog"])


def _comment(request: HttpRequest, key: str, pk: int, *, deleted: bool = False) -> Comment:
    rows = Comment.objects.filter(item=item_of(request, key)).select_related("item")
    if not deleted:
        rows = rows.filter(deleted_at=None)
    found: Comment = get_object_or_404(rows, pk=pk)
    return found


@router.get("/items/{key}/comments", response={200: PageOut[CommentOut], **REFUSALS})
def comments(
    request: HttpRequest, key: str, after: str | None = None, limit: PageSize = 100
) -> Any:
    """Comments and replies, oldest first."""
    rows = Comment.objects.filter(item=item_of(request, key), deleted_at=None)
    rows = rows.select_related("written_by__user", "resolved_by__user")
    rows = rows.prefetch_related("named", "reactions__member__user")
    page = keyset(rows, ("written_at", "id"), after=after, limit=limit)
    return page_out(page, page.rows)


@router.post("/items/{key}/comments", response={201: CommentOut, **REFUSALS})
def comment_write(request: HttpRequest, key: str, body: CommentIn) -> Any:
    """Write a comment, or reply in a thread. ``@Name`` names members; up to 50 are told."""
    item = item_of(request, key)
    first = None
    if body.reply_to is not None:
        first = Comment.objects.filter(item=item, pk=body.reply_to).first()
        if first is None:
            raise Refused(
                _("%(key)s has no comment %(reply_to)s.")
                % {"key": item.key, "reply_to": body.reply_to},
                field="reply_to",
            )
    return Status(
        201, do.comment_write(by=caller(request), item=item, text=body.text, reply_to=first)
    )


@router.get("/items/{key}/comments/{pk}", response={200: CommentOut, **REFUSALS})
def comment(request: HttpRequest, key: str, pk: RowId) -> Any:
    """One comment."""
    return _comment(request, key, pk)


@router.patch("/items/{key}/comments/{pk}", response={200: CommentOut, **REFUSALS})
def comment_update(request: HttpRequest, key: str, pk: RowId, body: CommentPatch) -> Any:
    """Reword your comment; 409 when it does not say ``before`` any more."""
    comment = _comment(request, key, pk)
    do.comment_update(by=caller(request), comment=comment, **body.dict())
    comment.refresh_from_db()
    return comment


@router.delete("/items/{key}/comments/{pk}", response={204: None, **REFUSALS})
def comment_delete(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Delete your comment; it can be restored."""
    do.comment_delete(by=caller(request), comment=_comment(request, key, pk))
    return Status(204, None)


@router.post("/items/{key}/comments/{pk}/restore", response={200: CommentOut, **REFUSALS})
def comment_restore(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Bring your deleted comment back."""
    comment = _comment(request, key, pk, deleted=True)
    return do.comment_restore(by=caller(request), comment=comment)


@router.put("/items/{key}/comments/{pk}/resolution", response={200: CommentOut, **REFUSALS})
def comment_resolve(request: HttpRequest, key: str, pk: RowId, body: ResolutionIn) -> Any:
    """Resolve the thread this comment began, or open it again."""
    comment = _comment(request, key, pk, deleted=True)
    return do.comment_resolve(by=caller(request), comment=comment, resolved=body.resolved)


@router.put("/items/{key}/comments/{pk}/reactions/{kind}", response={200: CommentOut, **REFUSALS})
def comment_react(request: HttpRequest, key: str, pk: RowId, kind: ReactionName) -> Any:
    """React: agree, disagree, thanks, cheers, looking or done."""
    comment = _comment(request, key, pk)
    return do.comment_react(by=caller(request), comment=comment, kind=kind, on=True)


@router.delete(
    "/items/{key}/comments/{pk}/reactions/{kind}", response={200: CommentOut, **REFUSALS}
)
def comment_unreact(request: HttpRequest, key: str, pk: RowId, kind: ReactionName) -> Any:
    """Take your reaction back."""
    comment = _comment(request, key, pk)
    return do.comment_react(by=caller(request), comment=comment, kind=kind, on=False)
