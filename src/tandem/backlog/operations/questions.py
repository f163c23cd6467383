"""Questions on an item: asked, answered by one or more, settled by one answer, opened again."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member
from tandem.accounts.permissions import require
from tandem.backlog.models import Comment, Item, Question
from tandem.backlog.operations.talk import comment_update
from tandem.backlog.people_named import names_kept
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
    """Answers, or answers anew, and settles it so; an empty answer opens the question again."""
    require(by, "question.answer")
    if not answer.strip():
        return _opened(by, question)
    text = text_checked(answer, _("An answer needs a text."))
    row = question.answers.filter(accepted=True).first()
    if row is not None and row.written_by_id == by.pk:
        comment_update(by=by, comment=row, text=text)
        row.refresh_from_db()
    else:
        row = _answer(by, question, text)
    return _settled(by, question, row)


@transaction.atomic
def answer_write(*, by: Member, question: Question, text: str) -> Comment:
    """An answer beside others: the question stays open until one of them is accepted."""
    require(by, "question.answer")
    row = _answer(by, question, text_checked(text, _("An answer needs a text.")))
    changes: dict[str, Any] = {
        "question": [question.text, question.text],
        "answer": [None, row.text],
        "question_id": question.pk,
        "comment_id": row.pk,
    }
    named = names_kept(row, by)
    if named:
        changes["named_ids"] = named
    events.record(by=by, verb="question.suggested", obj=question.item, changes=changes)
    return row


@transaction.atomic
def answer_accept(*, by: Member, answer: Comment, accepted: bool = True) -> Question:
    """This answer settles its question, or does not any more: then the question is open again."""
    require(by, "question.answer", answer.item)
    question = answer.question
    if question is None or answer.reply_to_id is not None or answer.deleted_at is not None:
        raise Refused(_("Only an answer to a question is accepted."), field="answer")
    question.item = answer.item
    if not accepted:
        return _opened(by, question) if answer.accepted else question
    return question if answer.accepted else _settled(by, question, answer)


def _answer(by: Member, question: Question, text: str) -> Comment:
    return Comment.objects.create(
        item=question.item, question=question, text=text, written_by=by, written_at=timezone.now()
    )


def _settled(by: Member, question: Question, row: Comment) -> Question:
    before = question.answer
    question.answers.filter(accepted=True).exclude(pk=row.pk).update(accepted=False)
    if not row.accepted:
        row.accepted = True
        row.save(update_fields=["accepted"])
    question.answer, question.answered_by = row.text, row.written_by
    question.answered_at = timezone.now()
    question.save()
    _record(by, question, "question.answered", before)
    return question


def _opened(by: Member, question: Question) -> Question:
    before = question.answer
    question.answers.filter(accepted=True).update(accepted=False)
    question.answer, question.answered_by, question.answered_at = "", None, None
    question.save()
    _record(by, question, "question.reopened", before)
    return question


def _record(by: Member, question: Question, verb: str, before: str) -> None:
    events.record(
        by=by,
        verb=verb,
        obj=question.item,
        changes={
            "question": [question.text, question.text],
            "answer": [before, question.answer],
            "question_id": question.pk,
        },
    )
