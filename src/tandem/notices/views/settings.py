"""How one is told: which reasons by which way, when mail comes, what is watched by itself."""

import datetime
import zoneinfo
from typing import Any

from django.conf import settings as site
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.requests import MemberRequest
from tandem.core.errors import Refused
from tandem.notices import mail
from tandem.notices import operations as do
from tandem.notices.models import Digest, Reason, Way
from tandem.notices.queries import setting_of

WATCHED = (
    ("watch_created", N_("items I create")),
    ("watch_assigned", N_("items assigned to me")),
    ("watch_commented", N_("items I comment on")),
    ("watch_named", N_("items I am named on")),
)


def settings(request: MemberRequest) -> HttpResponse:
    """The settings; POST saves all of them."""
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            do.setting_update(by=request.member, **_sent(request))
        except Refused as error:
            refusal = error
        else:
            messages.success(request, _("Saved: you are told like this from now on."))
            return redirect("notices:settings", workspace=request.member.workspace.slug)
    setting = setting_of(request.member)
    values = {
        "setting": setting,
        "refusal": refusal,
        "typed": request.POST if refusal else {},
        "reasons": Reason.choices,
        "ways": Way.choices,
        "digests": Digest.choices,
        "watched": [(name, _(words)) for name, words in WATCHED],
        "zones": sorted(zoneinfo.available_timezones()),
        "mail_possible": mail.is_possible(),
        "has_server": bool(site.EMAIL_HOST),
        "slug": request.member.workspace.slug,
    }
    return render(
        request, "notices/settings.jinja", values, status=refusal.status if refusal else 200
    )


def _time(text: str, field: str) -> datetime.time | None:
    if not text.strip():
        return None
    try:
        return datetime.time.fromisoformat(text.strip())
    except ValueError:
        raise Refused(
            _("“%(time)s” is no time. Write it like 22:00.") % {"time": text[:20]}, field=field
        ) from None


def _sent(request: MemberRequest) -> dict[str, Any]:
    sent = request.POST
    hour = sent.get("daily_hour", "8")
    if not (hour.isascii() and hour.isdigit()) or len(hour) > 2:
        raise Refused(_("An hour is a number from 0 to 23."), field="daily_hour")
    return {
        "switches": {
            reason: {way: f"{reason}.{way}" in sent for way in Way.values}
            for reason in Reason.values
        },
        "digest": sent.get("digest", Digest.DAILY),
        "daily_hour": int(hour),
        "quiet_from": _time(sent.get("quiet_from", ""), "quiet_from"),
        "quiet_until": _time(sent.get("quiet_until", ""), "quiet_until"),
        "time_zone": sent.get("time_zone", "").strip(),
        "mail_off": "mail" not in sent,
        **{name: name in sent for name, _words in WATCHED},
    }
