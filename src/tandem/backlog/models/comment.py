"""What people say about an item: threads of one level, reactions, people named in the text."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tandem.accounts.models import Member
from tandem.backlog.models.item import Item
from tandem.backlog.models.question import Question


class Comment(models.Model):
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="comments")
    #: The comment that began the thread; a reply is never replied to itself.
    reply_to = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replies"
    )
    #: An answer to this question, or a reply to one: it stands there, not among the comments.
    question = models.ForeignKey(
        Question, null=True, blank=True, on_delete=models.CASCADE, related_name="answers"
    )
    #: The answer that settles its question.
    accepted = models.BooleanField(default=False)
    text = models.TextField()
    written_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    #: The author's name in the source, when the comment was imported.
    source_author = models.CharField(max_length=200, blank=True)
    written_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    #: The thread is resolved; only the comment that began it says so.
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    #: People named beyond the limit, who are not told; known right after writing only.
    left_unnamed = 0

    class Meta:
        ordering = ["written_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_at=None) | Q(reply_to=None), name="threads_are_resolved"
            ),
            models.UniqueConstraint(
                fields=["question"], condition=Q(accepted=True), name="one_answer_accepted"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def author_name(self) -> str:
        return (
            self.written_by.name if self.written_by else self.source_author or gettext("Somebody")
        )

    @property
    def product_id(self) -> int:
        return self.item.product_id


class Named(models.Model):
    """A member named in a comment with ``@``, by what was written there."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="named")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    written = models.CharField(max_length=254)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "member"], name="named_once_each")
        ]

    def __str__(self) -> str:
        return f"@{self.written}"


class ReactionKind(models.TextChoices):
    """Few and fixed, each with a plain meaning; ``ICONS`` draws them."""

    AGREE = "agree", _("Agree")
    DISAGREE = "disagree", _("Disagree")
    THANKS = "thanks", _("Thanks")
    CHEERS = "cheers", _("Well done")
    LOOKING = "looking", _("I am looking at it")
    DONE = "done", _("Done")


class Reaction(models.Model):
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reactions")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=ReactionKind.choices)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "member", "kind"], name="one_reaction_of_a_kind_each"
            )
        ]

    def __str__(self) -> str:
        return str(ReactionKind(self.kind).label)
