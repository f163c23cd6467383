"""The audit event: who did what to which row, before and after, through which channel."""

from typing import Any, NoReturn

from django.db import models


class AppendOnly(Exception):
    """Something tried to change or delete events past ``core.forgetting``: a mistake of ours."""

    def __init__(self) -> None:
        super().__init__("The history is append-only; what may be forgotten is core.forgetting's.")


class EventQuerySet(models.QuerySet["Event"]):
    """Reads and adds. Whatever else a queryset can do to rows it refuses."""

    def _refuse(self, *args: Any, **named: Any) -> NoReturn:
        raise AppendOnly

    update = bulk_update = delete = _refuse
    # What Django itself calls: ``Model.save`` of a row that exists, and cascades.
    _update = _raw_delete = _refuse

    def bulk_create(self, objs: Any, *args: Any, **named: Any) -> list["Event"]:
        if named.get("update_conflicts"):
            raise AppendOnly
        return super().bulk_create(objs, *args, **named)

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
        # Also what Django does by itself goes through the queryset that refuses.
        base_manager_name = "objects"
        indexes = [
            # With the workspace in it: without, SQLite walks all that happened in the workspace.
            models.Index(
                fields=["object_kind", "object_id", "workspace_id", "-id"], name="event_of_object"
            ),
            models.Index(fields=["workspace_id", "-id"], name="event_of_workspace"),
            models.Index(fields=["product_id", "-id"], name="event_of_product"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_label}"

    def save(self, *args: Any, **named: Any) -> None:
        """Only ever inserts: a row that exists, or whose number is taken, is left as it is."""
        if not self._state.adding or args:
            raise AppendOnly
        super().save(**{**named, "force_insert": True})

    def delete(self, *args: Any, **named: Any) -> NoReturn:
        raise AppendOnly
