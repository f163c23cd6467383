"""What signing in leaves to the background: notes of failures, and mail."""

import datetime
import logging

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from tandem.accounts import history_keeping
from tandem.accounts.models import LinkPurpose, Member, User
from tandem.accounts.sign_in.audit import Nobody
from tandem.core import channel, events
from tandem.core.jobs.schedules import scheduled

log = logging.getLogger("tandem.sign_in")


@task()
def failure_note(email: str, reason: str, address: str, device: str, at: str) -> None:
    """Record a failed sign-in wherever the address is a member's; else only the log has it."""
    log.info("failed sign-in: %s from %s", reason, address)
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        return
    with channel.through("page"):
        for member in Member.objects.active().filter(user=user).select_related("user"):
            events.record(
                by=Nobody(member.workspace_id),
                verb="member.sign_in_failed",
                obj=member,
                changes={"reason": reason, "address": address, "device": device},
                at=datetime.datetime.fromisoformat(at),
            )


@task()
def reset_mail(email: str, base: str) -> None:
    """Mail a password link, if somebody with this address is here."""
    from tandem.accounts.links import MAILED_LIFE, link_make

    user = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if user is None:
        return
    secret = link_make(user=user, purpose=LinkPurpose.PASSWORD, mailed=True)
    address = base.rstrip("/") + reverse("accounts:password-link", args=[secret])
    minutes = round(MAILED_LIFE.total_seconds() / 60)
    with translation.override(user.language or settings.LANGUAGE_CODE):
        subject = _("Choose a new password for Tandem")
        parts = (
            _("Hello %(name)s,") % {"name": user.name},
            _("somebody, probably you, asked for a new password for Tandem. Choose it here:"),
            address,
            _(
                "The link works once, for %(minutes)s minutes. If you did not ask, do nothing: "
                "your password stays as it is."
            )
            % {"minutes": minutes},
        )
    send_mail(
        subject=subject,
        message="\n\n".join(parts) + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        recipient_list=[user.email],
    )


@scheduled(cron="10 4 * * *")
@task()
def history_prune() -> None:
    """Delete the events that are older than their workspaces keep."""
    history_keeping.prune(timezone.now())
