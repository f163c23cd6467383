"""Comments and questions on an item."""

from django.db import transaction
from django.utils import timezone

from tandem.accounts.models import Member
from tandem.accounts.permissions import require
from tandem.backlog.models import Comment, Item, Question
from tandem.core import events
from tandem.core.errors import Conflict, PermissionRefused, Refused
from tandem.core.models import Event

LONGEST = 50_000


def _text(text: str, what: str) -> str:
    text = text.strip().replace("\x00", "")
    if not text:
        raise Refused(f"{what} needs a text.", field="text")
    if len(text) > LONGEST:
        raise Refused(f"At most {LONGEST} characters; this has {len(text)}.", field="text")
    return text


@transaction.atomic
def comment_write(*, by: Member, item: Item, text: str) -> Comment:
    require(by, "comment.write")
    comment = Comment.objects.create(
        item=item, text=_text(text, "A comment"), written_by=by, written_at=timezone.now()
    )
    events.record(
        by=by, verb="comment.written", obj=item, changes={"comment": [None, comment.text]}
    )
    return comment


@transaction.atomic
def comment_update(
    *, by: Member, comment: Comment, text: str, before: str | None = None
) -> Event | None:
    """Its author's new wording; none if it says the same.

    ``before`` is the text the author started from: another wording in between is a conflict.
    """
    require(by, "comment.write")
    comment = (
        Comment.objects.select_for_update(of=("self",)).select_related("item").get(pk=comment.pk)
    )
    if comment.written_by_id != by.pk:
        raise PermissionRefused("Only its author may change a comment.")
    if comment.deleted_at is not None:
        raise Refused("This comment was deleted; bring it back first.", field="text")
    if before is not None and before != comment.text:
        raise Conflict(
            "You changed this comment elsewhere since; compare before you save.", field="text"
        )
    was, text = comment.text, _text(text, "A comment")
    if text == was:
        return None
    comment.text, comment.edited_at = text, timezone.now()
    comment.save(update_fields=["text", "edited_at"])
    return events.record(
        by=by,
        verb="comment.changed",
        obj=comment.item,
        changes={"comment": [was, text], "comment_id": comment.pk},
    )


@transaction.atomic
def comment_delete(*, by: Member, comment: Comment) -> Event:
    require(by, "comment.write")
    if comment.written_by_id != by.pk:
        raise PermissionRefused("Only its author may delete a comment.")
    comment.deleted_at = timezone.now()
    comment.save(update_fields=["deleted_at"])
    return events.record(
        by=by, verb="comment.deleted", obj=comment.item, changes={"comment_id": comment.pk}
    )


@transaction.atomic
def comment_restore(*, by: Member, comment: Comment) -> Comment:
    require(by, "comment.write")
    if comment.written_by_id != by.pk:
        raise PermissionRefused("Only its author may bring a comment back.")
    if comment.deleted_at is not None:
        comment.deleted_at = None
        comment.save(update_fields=["deleted_at"])
        events.record(by=by, verb="comment.restored", obj=comment.item)
    return comment


@transaction.atomic
def question_ask(*, by: Member, item: Item, text: str) -> Question:
    require(by, "question.ask")
    question = Question.objects.create(
        item=item, text=_text(text, "A question"), asked_by=by, asked_at=timezone.now()
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
        question.answer = _text(answer, "An answer")
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
