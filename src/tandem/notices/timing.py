"""When a mail may go: at once, at the full hour or once a day, and never in quiet hours."""

import datetime

from tandem.notices.models import Digest, NoticeSetting

_MINUTE = datetime.timedelta(minutes=1)


def mail_due(setting: NoticeSetting, at: datetime.datetime) -> datetime.datetime:
    """The moment from which on what happened ``at`` is mailed."""
    local = at.astimezone(setting.zone)
    due = local
    if setting.digest == Digest.HOURLY:
        full = local.replace(minute=0, second=0, microsecond=0)
        due = (full.astimezone(datetime.UTC) + 60 * _MINUTE).astimezone(setting.zone)
    elif setting.digest == Digest.DAILY:
        due = _on(local, datetime.time(setting.daily_hour % 24), setting)
        if due <= local:
            due = _on(
                local + datetime.timedelta(days=1), due.timetz().replace(tzinfo=None), setting
            )
    return after_quiet(setting, due).astimezone(datetime.UTC)


def after_quiet(setting: NoticeSetting, at: datetime.datetime) -> datetime.datetime:
    """``at``, or the end of the quiet hours it lies in."""
    begin, end = setting.quiet_from, setting.quiet_until
    if begin is None or end is None or begin == end:
        return at
    local = at.astimezone(setting.zone)
    now = local.time().replace(tzinfo=None)
    if begin < end:
        quiet = begin <= now < end
        day = local
    else:
        # Over midnight.
        quiet = now >= begin or now < end
        day = local + datetime.timedelta(days=1) if now >= begin else local
    return _on(day, end, setting) if quiet else at


def _on(day: datetime.datetime, time: datetime.time, setting: NoticeSetting) -> datetime.datetime:
    """This hour of that day in the member's zone. An hour that the clocks pass over is the one
    after it: the way through UTC sees to that."""
    wanted = datetime.datetime.combine(day.date(), time, setting.zone)
    return wanted.astimezone(datetime.UTC).astimezone(setting.zone)
