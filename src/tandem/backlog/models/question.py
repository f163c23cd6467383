"""A clarification asked on an item: open until answered."""

from django.db import models

from tandem.accounts.models import Member
from tandem.backlog.models.item import Item


class Question(models.Model):
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="questions")
    text = models.TextField()
    asked_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    #: Whose answer is wanted; none: whoever knows.
    asked_of = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "id"]
        indexes = [
            models.Index(
                fields=["item"], condition=models.Q(answered_at=None), name="question_open"
            ),
            models.Index(
                fields=["asked_of", "asked_at"],
                condition=models.Q(answered_at=None),
                name="question_asked_of",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def product_id(self) -> int:
        return self.item.product_id
