"""Comments: read on, write, reply, change and delete one's own, resolve, react."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from tandem.accounts.requests import ProductRequest
from tandem.backlog import operations as do
from tandem.backlog import queries_talk as ask
from tandem.backlog.models import Comment, Item
from tandem.backlog.people_named import MOST, completions
from tandem.backlog.views.answers import Editing, Toast, context_of, done, refused, show, with_item
from tandem.core.errors import PermissionRefused, Refused


@with_item
def comments(request: ProductRequest, item: Item) -> HttpResponse:
    """The newest threads, with ``?comments=`` an earlier stretch; POST writes a comment."""
    if request.method != "POST":
        if request.htmx and request.GET.get("comments"):
            values = context_of(request, item, ("comments",))
            return render(request, "backlog/item/comment_rows.jinja", values)
        return show(request, item, "comments")
    return _write(request, item)


def _place(comment: Comment | None) -> str:
    """The part of the page a comment stands in: answers stand below their questions."""
    return "questions" if comment is not None and comment.question_id else "comments"


def _write(request: ProductRequest, item: Item, reply_to: Comment | None = None) -> HttpResponse:
    subject = reply_to.pk if reply_to else None
    try:
        written = do.comment_write(
            by=request.member, item=item, text=request.POST.get("text", ""), reply_to=reply_to
        )
    except Refused as refusal:
        return refused(
            request,
            item,
            refusal,
            "comments",
            subject=subject,
            what="reply" if reply_to else "",
            default_field="text",
            shown=_place(reply_to),
        )
    return done(request, item, _place(reply_to), toast=_left_out(written))


def _left_out(comment: Comment) -> Toast | None:
    if not comment.left_unnamed:
        return None
    return Toast(
        ngettext(
            "A comment tells at most %(most)s people: the %(count)s named last are not told.",
            "A comment tells at most %(most)s people: the %(count)s named last are not told.",
            comment.left_unnamed,
        )
        % {"most": MOST, "count": comment.left_unnamed}
    )


def _comment(item: Item, pk: int, *, deleted: bool = False) -> Comment:
    rows = Comment.objects.filter(item_id=item.pk, pk=pk)
    found = (rows if deleted else rows.filter(deleted_at=None)).first()
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
            raise PermissionRefused(_("Only its author may change a comment."))
        editing = Editing("comments", "text", subject=pk)
        return show(request, item, _place(found), editing=editing)
    sent = {name: request.POST.get(name, "").replace("\r\n", "\n") for name in ("text", "before")}
    try:
        event = do.comment_update(by=request.member, comment=found, **sent)
    except Refused as refusal:
        return refused(
            request,
            item,
            refusal,
            "comments",
            subject=pk,
            what="text",
            default_field="text",
            shown=_place(found),
        )
    toast = Toast(_("Comment changed."), event) if event else None
    return done(request, item, _place(found), toast=toast)


@require_POST
@with_item
def deletion(request: ProductRequest, item: Item, pk: int) -> HttpResponse:
    found = _comment(item, pk)
    event = do.comment_delete(by=request.member, comment=found)
    return done(request, item, _place(found), toast=Toast(_("Comment deleted."), event))


@with_item
def replies(request: ProductRequest, item: Item, pk: int) -> HttpResponse:
    """The form for a reply; POST writes it."""
    found = _comment(item, pk, deleted=True)
    if request.method != "POST":
        editing = Editing("comments", "reply", subject=pk)
        return show(request, item, _place(found), editing=editing)
    return _write(request, item, found)


@require_POST
@with_item
def resolution(request: ProductRequest, item: Item, pk: int) -> HttpResponse:
    """Resolve a thread; with ``reopen`` open it again."""
    found = _comment(item, pk, deleted=True)
    do.comment_resolve(by=request.member, comment=found, resolved="reopen" not in request.POST)
    return done(request, item, "comments")


@require_POST
@with_item
def reactions(request: ProductRequest, item: Item, pk: int) -> HttpResponse:
    """React, or take the same reaction back."""
    kind = request.POST.get("kind", "")
    found = _comment(item, pk)
    do.comment_react(by=request.member, comment=found, kind=kind)
    return done(request, item, _place(found))


@require_GET
@with_item
def thread(request: ProductRequest, item: Item, pk: int) -> HttpResponse:
    """One thread with all its replies; to a browser without htmx the whole page."""
    found = _comment(item, pk, deleted=True)
    if not request.htmx:
        return show(request, item, _place(found))
    whole = ask.thread_of(found.reply_to or found, request.member)
    values = context_of(request, item, (), threads=[whole])
    return render(request, "backlog/item/thread_alone.jinja", values)


@require_GET
@with_item
def wordings(request: ProductRequest, item: Item, pk: int) -> HttpResponse:
    """How a comment read before, wording by wording."""
    found = _comment(item, pk)
    values = context_of(request, item, ())
    values |= {"comment": found, "entries": ask.wordings_of(found)}
    part = "wordings" if request.htmx else "wordings_page"
    return render(request, f"backlog/item/{part}.jinja", values)


@require_GET
def people(request: ProductRequest) -> HttpResponse:
    """Whom ``@`` and what was typed behind it (``q``) may mean."""
    found = completions(request.member, request.GET.get("q", ""))
    return render(request, "backlog/item/people_options.jinja", {"options": found})
