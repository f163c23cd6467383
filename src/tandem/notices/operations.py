"""Every write of notices by people: what is read, and how one is told. A person's own reading is
no part of the workspace's history; how they are told is."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tandem.accounts.models import Member
from tandem.accounts.permissions import require
from tandem.core import events, live
from tandem.core.errors import Elsewhere, PermissionRefused, Refused
from tandem.notices.models import Notice, NoticeEntry, NoticeSetting, Reason, Way
from tandem.notices.queries import setting_of

_PLAIN = (
    "digest", "daily_hour", "quiet_from", "quiet_until", "time_zone", "mail_off",
    "watch_created", "watch_commented", "watch_assigned", "watch_named",
)  # fmt: skip


@transaction.atomic
def notice_read(*, by: Member, notice: Notice, read: bool = True) -> Notice:
    """Mark one's notice as read, or its newest event as unread again."""
    require(by, "notice.keep")
    rows = Notice.objects.select_for_update(of=("self",)).select_related("member")
    row = rows.filter(pk=notice.pk).first()
    if row is None or row.member.workspace_id != by.workspace_id:
        raise Elsewhere()
    if row.member_id != by.pk:
        raise PermissionRefused(_("This notice is somebody else's."))
    entries = row.entries.filter(in_inbox=True)
    if read:
        entries.filter(is_read=False).update(is_read=True)
        row.unread = 0
    elif row.unread == 0:
        newest = entries.first()
        if newest is not None:
            NoticeEntry.objects.filter(pk=newest.pk).update(is_read=False)
            row.unread = 1
    row.save(update_fields=["unread"])
    live.pulse("notice", member_id=by.pk)
    return row


@transaction.atomic
def notices_read_all(*, by: Member) -> int:
    """Mark everything in one's inbox as read; returns how many things that were."""
    require(by, "notice.keep")
    rows = Notice.objects.of(by).unread()
    NoticeEntry.objects.filter(notice__in=rows, is_read=False).update(is_read=True)
    count = rows.update(unread=0)
    live.pulse("notice", member_id=by.pk)
    return count


def _switches(given: Mapping[str, Mapping[str, bool]]) -> dict[str, dict[str, bool]]:
    for reason, ways in given.items():
        if reason not in Reason.values:
            raise Refused(
                _("%(reason)s is no reason. Reasons: %(reasons)s.")
                % {"reason": reason[:20], "reasons": ", ".join(Reason.values)},
                field="switches",
            )
        for way in ways:
            if way not in Way.values:
                raise Refused(
                    _("%(way)s is no way to be told. Ways: %(ways)s.")
                    % {"way": way[:20], "ways": ", ".join(Way.values)},
                    field="switches",
                )
    return {reason: dict(ways) for reason, ways in given.items() if ways}


@transaction.atomic
def setting_update(*, by: Member, **fields: Any) -> NoticeSetting:
    """Any of: switches, digest, daily_hour, quiet_from, quiet_until, time_zone, mail_off, watch_…"""
    require(by, "notice.keep")
    setting = setting_of(by)
    changes: dict[str, Any] = {}
    if "switches" in fields:
        fields["switches"] = {**setting.switches, **_switches(fields["switches"])}
    for name in (*_PLAIN, "switches"):
        if name in fields and getattr(setting, name) != fields[name]:
            changes[name] = [getattr(setting, name), fields[name]]
            setattr(setting, name, fields[name])
    if setting.daily_hour > 23:
        raise Refused(_("An hour is a number from 0 to 23."), field="daily_hour")
    if (setting.quiet_from is None) != (setting.quiet_until is None):
        raise Refused(_("Quiet hours need both a beginning and an end."), field="quiet_until")
    try:
        setting.full_clean(exclude=["member"])
    except ValidationError as error:
        name, said = next(iter(error.message_dict.items()))
        raise Refused(said[0], field=name) from error
    if changes:
        setting.save()
        events.record(
            by=by,
            verb="member.told_otherwise",
            obj=by,
            changes={
                name: [str(each) for each in value] if name.startswith("quiet") else value
                for name, value in changes.items()
            },
        )
    return setting
