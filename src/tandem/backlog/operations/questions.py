"""Questions on an item: asked, answered, opened again."""

from django.db import transaction
from django.utils import timezone

from tandem.accounts.models import Member
from tandem.accounts.permissions import require
from tandem.backlog.models import Item, Question
from tandem.backlog.operations.talk import text_checked
from tandem.core import events


@transaction.atomic
def question_ask(*, by: Member, item: Item, text: str) -> Question:
    require(by, "question.ask")
    question = Question.objects.create(
        item=item, text=text_checked(text, "A question"), asked_by=by, asked_at=timezone.now()
    )
    events.record(
        by=by, verb="question.asked", obj=item, changes={"question": [None, question.text]}
    )
    return question


@transaction.atomic
def question_answer(*, by: Member, question: Question, answer: str) -> Question:
    """Answers, or answers anew; an empty answer opens the question again."""
    require(by, "question.answer")
    before = question.answer
    if answer.strip():
        question.answer = text_checked(answer, "An answer")
        question.answered_by, question.answered_at = by, timezone.now()
    else:
        question.answer, question.answered_by, question.answered_at = "", None, None
    question.save()
    events.record(
        by=by,
        verb="question.answered" if question.answer else "question.reopened",
        obj=question.item,
        changes={"question": [question.text, question.text], "answer": [before, question.answer]},
    )
    return question
