"""What a member is told: one line for each thing, with the events behind it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tandem.accounts.models import Member, Product


class Reason(models.TextChoices):
    """Why somebody is told; the first that fits counts."""

    NAMED = "named", _("You are named")
    ASKED = "asked", _("You are asked")
    APPROVE = "approve", _("Your consent is asked for")
    ASSIGNED = "assigned", _("It is assigned to you")
    RATE = "rate", _("A rating session waits for you")
    ANSWERED = "answered", _("Your question")
    REPLIED = "replied", _("Your thread")
    WATCHING = "watching", _("You watch it")


#: The stronger reason first.
STRENGTH = {reason: place for place, reason in enumerate(Reason.values)}


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of(self, member: Member) -> "NoticeQuerySet":
        return self.filter(member=member)

    def unread(self) -> "NoticeQuerySet":
        return self.filter(unread__gt=0)


class Notice(models.Model):
    """One thing a member is told about; newer events make it unread again and lift it up."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="notices")
    product = models.ForeignKey(Product, null=True, on_delete=models.CASCADE, related_name="+")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    label = models.CharField(max_length=320)
    path = models.CharField(max_length=300)
    #: The strongest of what is unread.
    reason = models.CharField(max_length=10, choices=Reason.choices)
    unread = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "subject_kind", "subject_id"], name="one_notice_of_a_thing_each"
            )
        ]
        indexes = [
            models.Index(fields=["member", "-at", "-id"], name="notice_of_member"),
            models.Index(
                fields=["member", "-at", "-id"],
                condition=models.Q(unread__gt=0),
                name="notice_unread",
            ),
            models.Index(fields=["subject_kind", "subject_id"], name="notice_of_thing"),
        ]

    def __str__(self) -> str:
        return self.label


class NoticeEntry(models.Model):
    """One event a member is told of. The words are the event's; no copy of a text lies here."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="entries")
    event_id = models.BigIntegerField()
    reason = models.CharField(max_length=10, choices=Reason.choices)
    at = models.DateTimeField()
    is_read = models.BooleanField(default=False)
    #: Shown in the inbox; otherwise only mailed.
    in_inbox = models.BooleanField(default=True)
    #: A mail is due then; none: nothing is to be mailed, or it was.
    mail_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-event_id"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "event_id"], name="told_once_each")
        ]
        indexes = [
            models.Index(
                fields=["mail_at"],
                condition=models.Q(mail_at__isnull=False),
                name="notice_mail_due",
            ),
            models.Index(fields=["at"], name="notice_entry_age"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id}: event {self.event_id}"
