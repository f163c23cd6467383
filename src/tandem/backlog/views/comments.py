"""Comments: read on, write, delete one's own."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from tandem.accounts.requests import ProductRequest
from tandem.backlog import operations as do
from tandem.backlog.models import Comment, Item
from tandem.backlog.views.answers import Toast, context_of, done, refused, show, with_item
from tandem.core.errors import Refused


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


@require_POST
@with_item
def deletion(request: ProductRequest, item: Item, pk: int) -> HttpResponse:
    comment = Comment.objects.filter(item_id=item.pk, pk=pk, deleted_at=None).first()
    if comment is None:
        raise Http404
    comment.item = item
    event = do.comment_delete(by=request.member, comment=comment)
    return done(request, item, "comments", toast=Toast("Comment deleted.", event))
