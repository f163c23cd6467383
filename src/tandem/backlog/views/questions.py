"""Questions: ask, answer, open again."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tandem.accounts.models import Member
from tandem.accounts.permissions import require
from tandem.accounts.requests import ProductRequest
from tandem.backlog import operations as do
from tandem.backlog.forms import whole_number
from tandem.backlog.models import Comment, Item, Question
from tandem.backlog.views.answers import Editing, done, refused, show, with_item
from tandem.core.errors import Refused


@with_item
def questions(request: ProductRequest, item: Item) -> HttpResponse:
    """The questions; POST asks one."""
    if request.method != "POST":
        return show(request, item, "questions")
    try:
        do.question_ask(
            by=request.member,
            item=item,
            text=request.POST.get("text", ""),
            asked_of=_person(request),
        )
    except Refused as refusal:
        return refused(request, item, refusal, "questions", default_field="text")
    return done(request, item, "questions")


def _person(request: ProductRequest) -> Member | None:
    """Whom the form names; nobody: whoever knows."""
    pk = whole_number(request.POST.get("asked_of"))
    if pk is None:
        return None
    found = Member.objects.visible_to(request.member).select_related("user").filter(pk=pk).first()
    if found is None:
        raise Refused(_("That person is not in this workspace."), field="asked_of")
    return found


@require_POST
@with_item
def person(request: ProductRequest, item: Item, pk: int) -> HttpResponse:
    """Put an open question to somebody else."""
    found = Question.objects.filter(item_id=item.pk, pk=pk).first()
    if found is None:
        raise Http404
    found.item = item
    do.question_give(by=request.member, question=found, to=_person(request))
    return done(request, item, "questions")


@with_item
def answer(request: ProductRequest, item: Item, pk: int) -> HttpResponse:
    """The answer's form; POST saves the answer, with ``beside`` as one among others that settles
    nothing yet; ``reopen`` takes it away."""
    found = Question.objects.filter(item_id=item.pk, pk=pk).first()
    if found is None:
        raise Http404
    found.item = item
    if request.method != "POST":
        require(request.member, "question.answer")
        return show(request, item, "questions", editing=Editing("questions", subject=pk))
    text = "" if "reopen" in request.POST else request.POST.get("answer", "")
    try:
        if not text.strip() and "reopen" not in request.POST:
            raise Refused(_("Write the answer."), field="answer")
        if "beside" in request.POST:
            do.answer_write(by=request.member, question=found, text=text)
        else:
            do.question_answer(by=request.member, question=found, answer=text)
    except Refused as refusal:
        field = "answer" if refusal.field in (None, "text") else refusal.field
        told = Refused(refusal.message, field=field)
        told.status = refusal.status
        return refused(request, item, told, "questions", subject=pk)
    return done(request, item, "questions")


@require_POST
@with_item
def acceptance(request: ProductRequest, item: Item, pk: int, answer: int) -> HttpResponse:
    """This answer settles the question; with ``reopen`` it does not any more."""
    rows = Comment.objects.filter(item_id=item.pk, question_id=pk, pk=answer, deleted_at=None)
    found = rows.select_related("question").first()
    if found is None:
        raise Http404
    found.item = item
    accepted = "reopen" not in request.POST
    do.answer_accept(by=request.member, answer=found, accepted=accepted)
    return done(request, item, "questions")
