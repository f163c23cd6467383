"""Questions on an item: asked, answered, opened again."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member
from tandem.accounts.permissions import require
from tandem.backlog.models import Item, Question
from tandem.backlog.texts import text_checked
from tandem.core import events
from tandem.core.errors import Refused


@transaction.atomic
def question_ask(*, by: Member, item: Item, text: str, asked_of: Member | None = None) -> Question:
    """Ask whoever knows, or one member."""
    require(by, "question.ask")
    asked_of = _asked(by, asked_of)
    question = Question.objects.create(
        item=item,
        text=text_checked(text, _("A question needs a text.")),
        asked_by=by,
        asked_at=timezone.now(),
        asked_of=asked_of,
    )
    changes: dict[str, Any] = {
        "question": [None, question.text],
        "question_id": question.pk,
    }
    if asked_of is not None:
        changes["asked_of"] = [None, asked_of.name]
    events.record(by=by, verb="question.asked", obj=item, changes=changes)
    return question


def _asked(by: Member, asked_of: Member | None) -> Member | None:
    if asked_of is not None and asked_of.workspace_id != by.workspace_id:
        raise Refused(_("That person is not in this workspace."), field="asked_of")
    if asked_of is not None and not asked_of.may_act:
        raise Refused(
            _("%(name)s is not here any more. Ask somebody else.") % {"name": asked_of.name},
            field="asked_of",
        )
    return asked_of


@transaction.atomic
def question_give(*, by: Member, question: Question, to: Member | None) -> Question:
    """Put an open question to somebody else; ``None``: to whoever knows."""
    require(by, "question.ask", question.item)
    to = _asked(by, to)
    if question.answered_at is not None:
        raise Refused(_("This question is answered. Open it again first."), field="asked_of")
    if question.asked_of_id == (to and to.pk):
        return question
    before = question.asked_of
    question.asked_of = to
    question.save(update_fields=["asked_of"])
    events.record(
        by=by,
        verb="question.given",
        obj=question.item,
        changes={
            "asked_of": [before and before.name, to and to.name],
            "question_id": question.pk,
        },
    )
    return question


@transaction.atomic
def question_answer(*, by: Member, question: Question, answer: str) -> Question:
    """Answers, or answers anew; an empty answer opens the question again."""
    require(by, "question.answer")
    before = question.answer
    if answer.strip():
        question.answer = text_checked(answer, _("An answer needs a text."))
        question.answered_by, question.answered_at = by, timezone.now()
    else:
        question.answer, question.answered_by, question.answered_at = "", None, None
    question.save()
    events.record(
        by=by,
        verb="question.answered" if question.answer else "question.reopened",
        obj=question.item,
        changes={
            "question": [question.text, question.text],
            "answer": [before, question.answer],
            "question_id": question.pk,
        },
    )
    return question
