"""A webhook, or a chat target: where a workspace's events are told, and what became of each delivery."""

import datetime
import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tandem.accounts.models import Member, Product, Workspace
from tandem.core.models import Event
from tandem.ui.sayings import Saying

#: How long the answer's beginning is kept, in characters.
ANSWER_KEPT = 4096


class WebhookState(models.TextChoices):
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    #: By Tandem itself, because the receiver kept failing.
    DISABLED = "disabled", _("Stopped")


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def visible_to(self, member: Member) -> "WebhookQuerySet":
        return self.filter(workspace_id=member.workspace_id, chat_address="")

    def chats_visible_to(self, member: Member) -> "WebhookQuerySet":
        return self.filter(workspace_id=member.workspace_id).exclude(chat_address="")

    def active(self) -> "WebhookQuerySet":
        return self.filter(state=WebhookState.ACTIVE)


class Webhook(Saying, models.Model):
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="webhooks")
    #: Only this product's events; none: everything of the workspace.
    product = models.ForeignKey(
        Product, null=True, blank=True, on_delete=models.CASCADE, related_name="webhooks"
    )
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=2000)
    #: Only a chat target has one: enciphered, and ``url`` then says the service's name alone.
    chat_address = models.TextField(blank=True, default="")
    #: ``item.created`` or ``item.*``; empty: every event.
    kinds = models.JSONField(default=list, blank=True)
    #: The secret follows from this and the installation's own secret: it is not kept itself.
    salt = models.CharField(max_length=64)
    previous_salt = models.CharField(max_length=64, blank=True)
    #: Until then deliveries carry the signature of the secret before, too.
    previous_until = models.DateTimeField(null=True, blank=True)
    state = models.CharField(
        max_length=8, choices=WebhookState.choices, default=WebhookState.ACTIVE
    )
    state_reason = models.CharField(max_length=300, blank=True)
    #: What the sentences kept in English consist of, by these.
    said = models.JSONField(null=True, blank=True)
    created_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    next_sequence = models.PositiveBigIntegerField(default=1)
    #: Attempts that failed since the last one that did not.
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    #: While this lies ahead, a worker is sending.
    sending_until = models.DateTimeField(null=True, blank=True)
    #: When a job is due that sends.
    wake_at = models.DateTimeField(null=True, blank=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["workspace", "state"], name="webhook_of_workspace")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.state == WebhookState.ACTIVE

    @property
    def is_chat(self) -> bool:
        return bool(self.chat_address)

    def wants(self, event: Event) -> bool:
        if self.product_id is not None and event.product_id != self.product_id:
            return False
        noun = event.verb.partition(".")[0]
        return not self.kinds or event.verb in self.kinds or f"{noun}.*" in self.kinds

    def has_previous_secret(self, now: datetime.datetime) -> bool:
        return bool(self.previous_salt) and bool(self.previous_until and now < self.previous_until)


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")


class WebhookDelivery(Saying, models.Model):
    """One event for one webhook: what was sent, and what came of the last attempt."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    sequence = models.PositiveBigIntegerField()
    #: The audit event; none for a test.
    event_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=60)
    body = models.TextField()
    state = models.CharField(
        max_length=9, choices=DeliveryState.choices, default=DeliveryState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    #: The next attempt is due then.
    next_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    #: The HTTP status of the last answer; none: no answer came.
    status = models.PositiveSmallIntegerField(null=True)
    duration_ms = models.PositiveIntegerField(null=True)
    answer = models.TextField(blank=True)
    error = models.CharField(max_length=500, blank=True)
    #: What the sentences kept in English consist of, by these.
    said = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["-sequence"]
        constraints = [
            models.UniqueConstraint(
                fields=["webhook", "event_id"], name="one_delivery_of_an_event_each"
            ),
            models.UniqueConstraint(fields=["webhook", "sequence"], name="webhook_sequence"),
        ]
        indexes = [
            models.Index(
                fields=["webhook", "next_at"],
                condition=models.Q(state="waiting"),
                name="webhook_delivery_due",
            ),
            models.Index(fields=["created_at"], name="webhook_delivery_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.sequence}"
