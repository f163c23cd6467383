"""A connection to a project of another tracker, its items, and what both sides changed."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from tandem.accounts.models import Member, Product
from tandem.backlog.models import Item
from tandem.ui.sayings import Saying


class ConnectionKind(models.TextChoices):
    GITHUB = "github", "GitHub"
    GITLAB = "gitlab", "GitLab"
    JIRA = "jira", "Jira"


class ConnectionState(models.TextChoices):
    ACTIVE = "active", _("Connected")
    PAUSED = "paused", _("Paused")
    #: By Tandem itself: only a person can mend what is wrong.
    STOPPED = "stopped", _("Stopped")


class Rule(models.TextChoices):
    """What happens when both sides changed the same field."""

    OURS = "ours", _("Tandem wins")
    THEIRS = "theirs", _("The other side wins")
    ASK = "ask", _("Ask")


class Way(models.TextChoices):
    BOTH = "both", _("Both ways")
    IN = "in", _("Only from there to here")
    OUT = "out", _("Only from here to there")
    OFF = "off", _("Not at all")


def _counting(rows: models.QuerySet[Any], by: str) -> Coalesce:
    counts = rows.order_by().values(by).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counts), 0)


class ConnectionQuerySet(models.QuerySet["Connection"]):
    def visible_to(self, member: Member) -> "ConnectionQuerySet":
        return self.filter(product__workspace_id=member.workspace_id, product__deleted_at=None)

    def counted(self) -> "ConnectionQuerySet":
        """With ``count``, ``waiting_count`` and ``open_conflicts``."""
        items = ConnectedItem.objects.filter(connection=OuterRef("pk"))
        asked = ConnectionConflict.objects.filter(
            connected__connection=OuterRef("pk"), decided_at=None
        )
        return self.annotate(
            count=_counting(items, "connection"),
            waiting_count=_counting(items.filter(waiting=True), "connection"),
            open_conflicts=_counting(asked, "connected__connection"),
        )

    def active(self) -> "ConnectionQuerySet":
        return self.filter(state=ConnectionState.ACTIVE, product__deleted_at=None)


class Connection(Saying, models.Model):
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="connections")
    kind = models.CharField(max_length=8, choices=ConnectionKind.choices)
    #: Where the tracker is: ``https://api.github.com``.
    base_url = models.CharField(max_length=300)
    #: ``owner/name``, ``group/project`` or a Jira project's key.
    project = models.CharField(max_length=200)
    #: With whose mail address the token signs in, where the tracker asks for both (Jira Cloud).
    account = models.CharField(max_length=200, blank=True)
    #: Enciphered; see ``connections.secrets``.
    token = models.TextField()
    #: The public part of the address the tracker calls; the secret follows from ``salt``.
    address_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    salt = models.CharField(max_length=64)
    state = models.CharField(
        max_length=8, choices=ConnectionState.choices, default=ConnectionState.ACTIVE
    )
    state_reason = models.CharField(max_length=300, blank=True)
    rule = models.CharField(max_length=6, choices=Rule.choices, default=Rule.ASK)
    title_way = models.CharField(max_length=4, choices=Way.choices, default=Way.BOTH)
    status_way = models.CharField(max_length=4, choices=Way.choices, default=Way.BOTH)
    #: The tracker's statuses: ``[[name, category], …]``; empty until first asked.
    words = models.JSONField(default=list, blank=True)
    #: ``{their status: number of our status}`` and ``{number of our status: their status}``.
    inwards = models.JSONField(default=dict, blank=True)
    outwards = models.JSONField(default=dict, blank=True)
    #: How far the present reading got, for going on after a stop.
    cursor = models.JSONField(default=dict, blank=True)
    #: Whether everything was read once.
    complete = models.BooleanField(default=False)
    #: Changes there up to here are known.
    known_until = models.DateTimeField(null=True, blank=True)
    last_sync_at = models.DateTimeField(null=True, blank=True)
    last_hook_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)
    #: What the sentences kept in English consist of, by these.
    said = models.JSONField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    #: Nothing is asked before; the next look comes then.
    next_at = models.DateTimeField(null=True, blank=True)
    #: While this lies ahead, a worker is at it.
    working_until = models.DateTimeField(null=True, blank=True)
    wake_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "kind", "base_url", "project"], name="one_connection_per_project"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.project}"

    @property
    def is_active(self) -> bool:
        return self.state == ConnectionState.ACTIVE

    @property
    def source(self) -> str:
        """As what its items are kept: the same as a file of that format, so that files and connection agree."""
        return "jira-json" if self.kind == ConnectionKind.JIRA else self.kind

    @property
    def progress_key(self) -> str:
        return f"connection-{self.pk}"


class ConnectedItem(Saying, models.Model):
    """An item and the issue it goes with; ``title`` and ``status`` are what both sides agreed on last."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="items")
    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="connected")
    ref = models.CharField(max_length=200)
    number = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    status = models.CharField(max_length=200)
    #: Changed here, and not told there yet.
    waiting = models.BooleanField(default=False)
    #: It is not there any more; the item stays.
    gone = models.BooleanField(default=False)
    error = models.CharField(max_length=300, blank=True)
    #: What the sentences kept in English consist of, by these.
    said = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "ref"], name="one_item_per_issue")
        ]
        indexes = [
            models.Index(
                fields=["connection"], condition=Q(waiting=True), name="connected_item_waiting"
            )
        ]

    def __str__(self) -> str:
        return self.ref


class ConnectionConflict(models.Model):
    """Both sides changed the same field since they last agreed, and a person is to decide."""

    connected = models.ForeignKey(ConnectedItem, on_delete=models.CASCADE, related_name="conflicts")
    field = models.CharField(
        max_length=10, choices=[("title", _("Title")), ("status", _("Status"))]
    )
    ours = models.CharField(max_length=300)
    theirs = models.CharField(max_length=300)
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    #: ``ours``, ``theirs``, or ``same`` when the sides came together by themselves.
    decision = models.CharField(max_length=6, blank=True)
    decided_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["connected", "field"],
                condition=Q(decided_at=None),
                name="one_open_conflict_per_field",
            )
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.connected_id}"


class ConnectionCall(models.Model):
    """A call of the tracker that something changed. Its number makes the same call count once."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="calls")
    delivery = models.CharField(max_length=100)
    number = models.CharField(max_length=60)
    at = models.DateTimeField(auto_now_add=True)
    done = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "delivery"], name="one_call_per_delivery")
        ]
        indexes = [
            models.Index(fields=["connection"], condition=Q(done=False), name="call_not_done")
        ]

    def __str__(self) -> str:
        return self.delivery
