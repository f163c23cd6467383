"""An answer of the API kept under its ``Idempotency-Key``, to be given again to a retry."""

from django.db import models


class KeptAnswer(models.Model):
    """``status`` 0: the first request is still being worked on."""

    member_id = models.BigIntegerField()
    key = models.CharField(max_length=200)
    #: A mark of what the caller's token may, method and path: ``- POST /api/v1/products/WEB/items``.
    route = models.CharField(max_length=500)
    #: Of what was sent, so that another request under the same key is noticed.
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    content_type = models.CharField(max_length=100, blank=True)
    body = models.TextField(blank=True)
    made_at = models.DateTimeField(db_index=True)

    objects = models.Manager["KeptAnswer"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member_id", "route", "key"], name="one_answer_per_key")
        ]

    def __str__(self) -> str:
        return f"{self.route} ({self.key})"
