"""Comments: read on, write, change and delete one's own."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from tandem.accounts.requests import ProductRequest
from tandem.backlog import operations as do
from tandem.backlog.models import Comment, Item
from tandem.backlog.views.answers import Editing, Toast, context_of, done, refused, show, with_item
from tandem.core.errors import PermissionRefused, Refused


@with_item
def comments(request: ProductRequest, item: Item) -> HttpResponse:
    """The newest comments, with ``?comments=`` an earlier stretch; POST writes one."""
    if request.method != "POST":
        if request.htmx and request.GET.get("comments"):
            values = context_of(request, item, ("comments",))
            return render(request, "backlog/item/comment_rows.jinja", values)
        return show(request, item, "comments")
    try:
        do.comment_write(by=request.member, item=item, text=request.POST.get("text", ""))
    except Refused as refusal:
        return refused(request, item, refusal, "comments", default_field="text")
    return done(request, item, "comments")


def _comment(item: Item, pk: int) -> Comment:
    found = Comment.objects.filter(item_id=item.pk, pk=pk, deleted_at=None).first()
    if found is None:
        raise Http404
    found.item = item
    return found


@with_item
def comment(request: ProductRequest, item: Item, pk: int) -> HttpResponse:
    """One comment's form, for its author; POST saves the new wording."""
    found = _comment(item, pk)
    if request.method != "POST":
        if found.written_by_id != request.member.pk:
            raise PermissionRefused("Only its author may change a comment.")
        return show(request, item, "comments", editing=Editing("comments", subject=pk))
    sent = {name: request.POST.get(name, "").replace("\r\n", "\n") for name in ("text", "before")}
    try:
        event = do.comment_update(by=request.member, comment=found, **sent)
    except Refused as refusal:
        return refused(request, item, refusal, "comments", subject=pk, default_field="text")
    toast = Toast("Comment changed.", event) if event else None
    return done(request, item, "comments", toast=toast)


@require_POST
@with_item
def deletion(request: ProductRequest, item: Item, pk: int) -> HttpResponse:
    event = do.comment_delete(by=request.member, comment=_comment(item, pk))
    return done(request, item, "comments", toast=Toast("Comment deleted.", event))
