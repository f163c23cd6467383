from django.db import models

from tandem.accounts.models import Member
from tandem.backlog.models.item import Item


class Comment(models.Model):
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="comments")
    text = models.TextField()
    written_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    #: The author's name in the source, when the comment was imported.
    source_author = models.CharField(max_length=200, blank=True)
    written_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["written_at", "id"]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def author_name(self) -> str:
        return self.written_by.name if self.written_by else self.source_author or "Somebody"

    @property
    def product_id(self) -> int:
        return self.item.product_id
