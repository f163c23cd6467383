"""How a member wants to be told."""

import zoneinfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from tandem.accounts.models import Member
from tandem.accounts.models.workspace import known_zone
from tandem.notices.models.notice import Reason


class Digest(models.TextChoices):
    NOW = "now", _("At once")
    HOURLY = "hourly", _("Every hour")
    DAILY = "daily", _("Once a day")


class Way(models.TextChoices):
    INBOX = "inbox", _("Inbox")
    MAIL = "mail", _("Mail")


#: What is mailed unless somebody says otherwise: what waits for them, not what they only watch.
_MAILED = {Reason.NAMED, Reason.ASKED, Reason.APPROVE, Reason.ASSIGNED, Reason.RATE}


class NoticeSetting(models.Model):
    """One row a member; without a row the defaults count."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="notice_setting")
    #: ``{"watching": {"mail": true}}``: only what differs from the defaults.
    switches = models.JSONField(default=dict, blank=True)
    digest = models.CharField(max_length=6, choices=Digest.choices, default=Digest.DAILY)
    #: The hour of the daily mail, in the member's zone.
    daily_hour = models.PositiveSmallIntegerField(default=8)
    #: No mail between these hours; both empty or equal: at any time.
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    #: Empty: the workspace's.
    time_zone = models.CharField(max_length=60, blank=True, validators=[known_zone])
    #: Unsubscribed: no mail at all until it is wanted again.
    mail_off = models.BooleanField(default=False)
    #: What one watches without saying so.
    watch_created = models.BooleanField(default=True)
    watch_commented = models.BooleanField(default=True)
    watch_assigned = models.BooleanField(default=True)
    watch_named = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"notices of {self.member}"

    def wants(self, reason: str, way: str) -> bool:
        if way == Way.MAIL and self.mail_off:
            return False
        chosen = self.switches.get(reason, {}).get(way)
        if chosen is not None:
            return bool(chosen)
        return way == Way.INBOX or reason in _MAILED

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone) if self.time_zone else self.member.workspace.zone
