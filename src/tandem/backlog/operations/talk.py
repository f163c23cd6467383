"""Comments: written, reworded, answered in threads, resolved, reacted to."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member
from tandem.accounts.permissions import require
from tandem.backlog.models import Comment, Item, Question, Reaction, ReactionKind
from tandem.backlog.people_named import names_kept
from tandem.backlog.texts import in_english, text_checked
from tandem.core import events
from tandem.core.errors import Conflict, PermissionRefused, Refused
from tandem.core.models import Event


def _thread_of(item: Item, reply_to: Comment | None) -> Comment | None:
    """The comment that begins the thread to be replied in."""
    if reply_to is None:
        return None
    if reply_to.item_id != item.pk:
        raise Refused(_("The comment you reply to is not on this item."), field="reply_to")
    first = reply_to.reply_to or reply_to
    if first.deleted_at is not None and not first.replies.filter(deleted_at=None).exists():
        raise Refused(_("The comment you reply to was deleted."), field="reply_to")
    return first


@transaction.atomic
def comment_write(*, by: Member, item: Item, text: str, reply_to: Comment | None = None) -> Comment:
    """A comment, or a reply in the thread of ``reply_to``; a reply opens a resolved thread again."""
    require(by, "comment.write")
    text = text_checked(text, _("A comment needs a text."))
    first = _thread_of(item, reply_to)
    comment = Comment.objects.create(
        item=item,
        text=text,
        written_by=by,
        written_at=timezone.now(),
        reply_to=first,
        question_id=first.question_id if first else None,
    )
    changes: dict[str, Any] = {"comment": [None, comment.text], "comment_id": comment.pk}
    named = names_kept(comment, by)
    if named:
        changes["named_ids"] = named
    events.record(by=by, verb="comment.written", obj=item, changes=changes)
    if first is not None and first.resolved_at is not None:
        comment_resolve(by=by, comment=first, resolved=False)
    return comment


def _locked(comment: Comment) -> Comment:
    rows = Comment.objects.select_for_update(of=("self",)).select_related("item")
    return rows.get(pk=comment.pk)


@transaction.atomic
def comment_update(
    *, by: Member, comment: Comment, text: str, before: str | None = None
) -> Event | None:
    """Its author's new wording; none if it says the same.

    ``before`` is the text the author started from: another wording in between is a conflict.
    """
    require(by, "comment.write")
    comment = _locked(comment)
    if comment.written_by_id != by.pk:
        raise PermissionRefused(_("Only its author may change a comment."))
    if comment.deleted_at is not None:
        raise Refused(_("This comment was deleted; bring it back first."), field="text")
    if before is not None and before != comment.text:
        raise Conflict(
            _("You changed this comment elsewhere since; compare before you save."), field="text"
        )
    was, text = comment.text, text_checked(text, _("A comment needs a text."))
    if text == was:
        return None
    comment.text, comment.edited_at = text, timezone.now()
    comment.save(update_fields=["text", "edited_at"])
    if comment.accepted and comment.question_id:
        Question.objects.filter(pk=comment.question_id).update(answer=text)
    changes: dict[str, Any] = {"comment": [was, text], "comment_id": comment.pk}
    named = names_kept(comment, by)
    if named:
        changes["named_ids"] = named
    return events.record(by=by, verb="comment.changed", obj=comment.item, changes=changes)


@transaction.atomic
def comment_delete(*, by: Member, comment: Comment) -> Event:
    """Out of sight; its replies stay, below a line that says something was here."""
    require(by, "comment.write")
    if comment.written_by_id != by.pk:
        raise PermissionRefused(_("Only its author may delete a comment."))
    if comment.accepted:
        raise Refused(_("This answer settles its question. Open the question again first."))
    comment.deleted_at = timezone.now()
    comment.save(update_fields=["deleted_at"])
    return events.record(
        by=by, verb="comment.deleted", obj=comment.item, changes={"comment_id": comment.pk}
    )


@transaction.atomic
def comment_restore(*, by: Member, comment: Comment) -> Comment:
    require(by, "comment.write")
    if comment.written_by_id != by.pk:
        raise PermissionRefused(_("Only its author may bring a comment back."))
    if comment.deleted_at is not None:
        comment.deleted_at = None
        comment.save(update_fields=["deleted_at"])
        events.record(by=by, verb="comment.restored", obj=comment.item)
    return comment


@transaction.atomic
def comment_resolve(*, by: Member, comment: Comment, resolved: bool = True) -> Comment:
    """Resolve the comment's thread, or open it again; whoever comments may."""
    require(by, "comment.write", comment.item)
    comment = _locked(comment)
    if comment.reply_to_id is not None:
        raise Refused(_("Only a whole thread is resolved, by the comment that began it."))
    if resolved == (comment.resolved_at is not None):
        return comment
    comment.resolved_at = timezone.now() if resolved else None
    comment.resolved_by = by if resolved else None
    comment.save(update_fields=["resolved_at", "resolved_by"])
    events.record(
        by=by,
        verb="comment.resolved" if resolved else "comment.reopened",
        obj=comment.item,
        changes={"comment_id": comment.pk},
    )
    return comment


@transaction.atomic
def comment_react(*, by: Member, comment: Comment, kind: str, on: bool | None = None) -> Comment:
    """React, or take the reaction back; without ``on`` the other of the two."""
    require(by, "comment.write", comment.item)
    if kind not in ReactionKind.values:
        raise Refused(
            _("%(kind)s is no reaction. There are: %(known)s.")
            % {"kind": kind[:20], "known": ", ".join(ReactionKind.values)},
            field="kind",
        )
    comment = _locked(comment)
    if comment.deleted_at is not None:
        raise Refused(_("This comment was deleted."))
    mine = Reaction.objects.filter(comment=comment, member=by, kind=kind)
    there = mine.exists()
    wanted = not there if on is None else on
    if wanted == there:
        return comment
    if wanted:
        Reaction.objects.create(comment=comment, member=by, kind=kind, at=timezone.now())
    else:
        mine.delete()
    label = in_english(ReactionKind(kind).label)
    events.record(
        by=by,
        verb="comment.reacted" if wanted else "comment.unreacted",
        obj=comment.item,
        changes={
            "reaction": [None, label] if wanted else [label, None],
            "comment_id": comment.pk,
        },
    )
    return comment
