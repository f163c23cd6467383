"""The audit event: who did what to which row, before and after, through which channel."""

from django.db import models


class EventQuerySet(models.QuerySet["Event"]):
    def of(self, kind: str, object_id: int) -> "EventQuerySet":
        """The history of one row, newest first."""
        return self.filter(object_kind=kind, object_id=object_id).order_by("-id")

    def in_workspace(self, workspace_id: int) -> "EventQuerySet":
        return self.filter(workspace_id=workspace_id)


class Event(models.Model):
    """One change. Append-only; also the activity feed and the source of live updates.

    ``core`` knows no product nouns, so the rows are named by kind and number, not by keys.
    """

    workspace_id = models.BigIntegerField()
    product_id = models.BigIntegerField(null=True)
    member_id = models.BigIntegerField(null=True)
    member_name = models.CharField(max_length=200, blank=True)
    channel = models.CharField(max_length=12)
    verb = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    object_label = models.CharField(max_length=300, blank=True)
    #: ``{field: [before, after]}``; anything else an event must tell stands under its own name.
    changes = models.JSONField(default=dict)
    at = models.DateTimeField()

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["object_kind", "object_id", "-id"], name="event_of_object"),
            models.Index(fields=["workspace_id", "-id"], name="event_of_workspace"),
            models.Index(fields=["product_id", "-id"], name="event_of_product"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_label}"
