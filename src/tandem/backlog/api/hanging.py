"""What hangs on an item, over the API: criteria, questions and dependencies."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Status

from tandem.accounts.auth import caller
from tandem.accounts.models import Member
from tandem.backlog import operations as do
from tandem.backlog.api.reading import item_of
from tandem.backlog.api.schemas import (
    AcceptedIn,
    AnswerIn,
    CommentOut,
    CriterionIn,
    CriterionOut,
    CriterionPatch,
    DependencyIn,
    DependencyOut,
    PersonIn,
    QuestionIn,
    QuestionOut,
    TextIn,
    WatchOut,
    dependencies_of,
)
from tandem.backlog.models import Criterion, Dependency, Item, Question
from tandem.backlog.queries_item_past import watchers_of
from tandem.core.api import REFUSALS, RowId
from tandem.core.errors import Refused

router = Router(tags=["backlog"])


@router.get("/items/{key}/criteria", response={200: list[CriterionOut], **REFUSALS})
def criteria(request: HttpRequest, key: str) -> Any:
    """The item's acceptance criteria in their order."""
    return item_of(request, key).criteria.all()


@router.get("/items/{key}/criteria/{pk}", response={200: CriterionOut, **REFUSALS})
def criterion(request: HttpRequest, key: str, pk: RowId) -> Any:
    """One acceptance criterion."""
    return get_object_or_404(Criterion, item=item_of(request, key), pk=pk)


@router.post("/items/{key}/criteria", response={201: CriterionOut, **REFUSALS})
def criterion_add(request: HttpRequest, key: str, body: CriterionIn) -> Any:
    """Add an acceptance criterion; Given/When/Then is recognised and parsed."""
    row = item_of(request, key)
    return Status(
        201, do.criterion_add(by=caller(request), item=row, text=body.text, form=body.form)
    )


@router.patch("/items/{key}/criteria/{pk}", response={200: CriterionOut, **REFUSALS})
def criterion_change(request: HttpRequest, key: str, pk: RowId, body: CriterionPatch) -> Any:
    """Reword or check a criterion."""
    criterion = get_object_or_404(Criterion, item=item_of(request, key), pk=pk)
    with transaction.atomic():
        if body.text is not None:
            criterion = do.criterion_update(by=caller(request), criterion=criterion, text=body.text)
        if body.met is not None:
            criterion = do.criterion_check(by=caller(request), criterion=criterion, met=body.met)
    return criterion


@router.delete("/items/{key}/criteria/{pk}", response={204: None, **REFUSALS})
def criterion_remove(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Remove a criterion."""
    criterion = get_object_or_404(Criterion, item=item_of(request, key), pk=pk)
    do.criterion_remove(by=caller(request), criterion=criterion)
    return Status(204, None)


@router.get("/items/{key}/questions", response={200: list[QuestionOut], **REFUSALS})
def questions(request: HttpRequest, key: str) -> Any:
    """The item's questions, oldest first."""
    rows = Question.objects.filter(item=item_of(request, key)).select_related(
        "asked_by__user", "asked_of__user"
    )
    return rows.order_by("pk")


@router.post("/items/{key}/questions", response={201: QuestionOut, **REFUSALS})
def question_ask(request: HttpRequest, key: str, body: QuestionIn) -> Any:
    """Ask a question, of one member or of whoever knows."""
    person = _person(request, body.asked_of)
    item = item_of(request, key)
    return Status(
        201, do.question_ask(by=caller(request), item=item, text=body.text, asked_of=person)
    )


def _person(request: HttpRequest, pk: int | None) -> Member | None:
    if pk is None:
        return None
    found = Member.objects.visible_to(caller(request)).select_related("user").filter(pk=pk).first()
    if found is None:
        raise Refused(
            _("There is no member %(pk)s in this workspace.") % {"pk": pk}, field="asked_of"
        )
    return found


@router.put("/items/{key}/questions/{pk}/person", response={200: QuestionOut, **REFUSALS})
def question_give(request: HttpRequest, key: str, pk: RowId, body: PersonIn) -> Any:
    """Put an open question to somebody else; ``null``: to whoever knows."""
    question = get_object_or_404(Question, item=item_of(request, key), pk=pk)
    person = _person(request, body.asked_of)
    return do.question_give(by=caller(request), question=question, to=person)


@router.get("/items/{key}/watch", response={200: WatchOut, **REFUSALS})
def watch(request: HttpRequest, key: str) -> Any:
    """Whether you watch the item, and who does."""
    found = watchers_of(item_of(request, key), caller(request))
    return {"watching": found.mine, "watchers": found.names}


@router.put("/items/{key}/watch", response={204: None, **REFUSALS})
def item_watch(request: HttpRequest, key: str) -> Any:
    """Watch the item: you are told what happens to it."""
    do.item_watch(by=caller(request), item=item_of(request, key), on=True)
    return Status(204, None)


@router.delete("/items/{key}/watch", response={204: None, **REFUSALS})
def item_unwatch(request: HttpRequest, key: str) -> Any:
    """Watch the item no more, whatever happens there."""
    do.item_watch(by=caller(request), item=item_of(request, key), on=False)
    return Status(204, None)


@router.put("/items/{key}/questions/{pk}/answer", response={200: QuestionOut, **REFUSALS})
def question_answer(request: HttpRequest, key: str, pk: RowId, body: AnswerIn) -> Any:
    """Answer a question; an empty answer opens it again."""
    question = get_object_or_404(Question, item=item_of(request, key), pk=pk)
    return do.question_answer(by=caller(request), question=question, answer=body.answer)


@router.get("/items/{key}/questions/{pk}/answers", response={200: list[CommentOut], **REFUSALS})
def answers(request: HttpRequest, key: str, pk: RowId) -> Any:
    """The answers to a question and the replies to them, oldest first; one may be accepted."""
    question = get_object_or_404(Question, item=item_of(request, key), pk=pk)
    rows = question.answers.filter(deleted_at=None).order_by("written_at", "pk")
    rows = rows.select_related("written_by__user", "resolved_by__user")
    return rows.prefetch_related("named", "reactions__member__user")[:500]


@router.post("/items/{key}/questions/{pk}/answers", response={201: CommentOut, **REFUSALS})
def answer_write(request: HttpRequest, key: str, pk: RowId, body: TextIn) -> Any:
    """Add an answer beside others. The question stays open until one is accepted; reply to an
    answer as to any comment, with `reply_to`."""
    question = get_object_or_404(Question, item=item_of(request, key), pk=pk)
    return Status(201, do.answer_write(by=caller(request), question=question, text=body.text))


@router.put("/items/{key}/questions/{pk}/accepted", response={200: QuestionOut, **REFUSALS})
def answer_accept(request: HttpRequest, key: str, pk: RowId, body: AcceptedIn) -> Any:
    """Say which answer settles the question; `null` opens it again."""
    question = get_object_or_404(Question, item=item_of(request, key), pk=pk)
    rows = question.answers.filter(deleted_at=None).select_related("question", "item")
    if body.answer is None:
        return do.question_answer(by=caller(request), question=question, answer="")
    row = rows.filter(pk=body.answer, reply_to=None).first()
    if row is None:
        raise Refused(
            _("This question has no answer %(number)s.") % {"number": body.answer}, field="answer"
        )
    return do.answer_accept(by=caller(request), answer=row)


@router.get("/items/{key}/dependencies", response={200: list[DependencyOut], **REFUSALS})
def dependencies(request: HttpRequest, key: str) -> Any:
    """What the item depends on and what depends on it."""
    return dependencies_of(item_of(request, key))


@router.post("/items/{key}/dependencies", response={201: DependencyOut, **REFUSALS})
def dependency_add(request: HttpRequest, key: str, body: DependencyIn) -> Any:
    """This item blocks / relates to / duplicates another; a circle is refused and shown."""
    row = item_of(request, key)
    other = Item.objects.with_keys(row.product, [body.to]).first()
    if other is None:
        raise Refused(_("There is no item %(to)s.") % {"to": body.to}, field="to")
    other.product = row.product
    return Status(
        201, do.dependency_add(by=caller(request), from_item=row, to_item=other, kind=body.kind)
    )


@router.delete("/items/{key}/dependencies/{pk}", response={204: None, **REFUSALS})
def dependency_remove(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Remove a dependency."""
    dependency = get_object_or_404(Dependency, from_item=item_of(request, key), pk=pk)
    do.dependency_remove(by=caller(request), dependency=dependency)
    return Status(204, None)
