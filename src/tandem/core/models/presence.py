from django.db import models


class Presence(models.Model):
    """One open page of a member, and what it shows; gone when nothing is heard of it for a while."""

    line = models.CharField(max_length=32, primary_key=True)
    member_id = models.BigIntegerField()
    product_id = models.BigIntegerField()
    #: ``item:42``, ``backlog`` or ``board``.
    place = models.CharField(max_length=40)
    seen_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["product_id", "place"], name="presence_at_place")]

    def __str__(self) -> str:
        return self.place
