"""One's own notices over the API."""

import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from pydantic import Field

from tandem.accounts.auth import caller
from tandem.core.api import REFUSALS, PageOut, PageSize, RowId
from tandem.core.rest.bodies import Body, one_of
from tandem.notices import operations as do
from tandem.notices import queries as ask
from tandem.notices.models import Digest, Notice, NoticeSetting

router = Router(tags=["notices"])


class LineOut(Schema):
    """``event``: the number of the event; ``did`` and ``quote`` as the inbox shows it."""

    event: int
    who: str
    did: str
    quote: str
    reason: str


class NoticeOut(Schema):
    """``path``: the page it is about. ``lines``: the newest three of what happened."""

    id: int
    label: str
    path: str
    reason: str
    unread: int
    at: datetime.datetime
    lines: list[LineOut]


def _clock(time: datetime.time | None) -> str | None:
    return None if time is None else f"{time:%H:%M}"


class SettingOut(Schema):
    """``switches``: ``{"watching": {"mail": true}}``, what differs from the defaults."""

    switches: dict[str, dict[str, bool]]
    digest: str
    daily_hour: int
    quiet_from: str | None
    quiet_until: str | None
    time_zone: str
    mail_off: bool
    watch_created: bool
    watch_commented: bool
    watch_assigned: bool
    watch_named: bool

    @staticmethod
    def resolve_quiet_from(row: NoticeSetting) -> str | None:
        return _clock(row.quiet_from)

    @staticmethod
    def resolve_quiet_until(row: NoticeSetting) -> str | None:
        return _clock(row.quiet_until)


#: An hour of one's own clock, as ``07:30``.
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class SettingPatch(Body):
    """Only what is sent changes."""

    switches: dict[str, dict[str, bool]] | None = None
    digest: Annotated[str, one_of(Digest.values)] | None = None
    daily_hour: Annotated[int, Field(ge=0, le=23)] | None = None
    quiet_from: Clock | None = None
    quiet_until: Clock | None = None
    time_zone: Annotated[str, Field(max_length=60)] | None = None
    mail_off: bool | None = None
    watch_created: bool | None = None
    watch_commented: bool | None = None
    watch_assigned: bool | None = None
    watch_named: bool | None = None


class ReadIn(Body):
    read: bool = True


class ReadAllOut(Schema):
    read: int


def _out(shown: ask.Shown) -> dict[str, Any]:
    notice = shown.notice
    return {
        "id": notice.pk,
        "label": notice.label,
        "path": notice.path,
        "reason": notice.reason,
        "unread": notice.unread,
        "at": notice.at,
        "lines": [
            {
                "event": each.event.pk,
                "who": each.words.who,
                "did": each.words.did,
                "quote": each.words.quote,
                "reason": each.reason,
            }
            for each in shown.lines
        ],
    }


@router.get("/notices", response={200: PageOut[NoticeOut], **REFUSALS})
def notices(
    request: HttpRequest, unread: bool = True, after: str | None = None, limit: PageSize = 50
) -> Any:
    """Your inbox, newest first; ``unread=false`` for all of it."""
    found = ask.inbox(caller(request), unread=unread, after=after, limit=limit)
    return {"items": [_out(each) for each in found.rows], "next": found.next_cursor}


@router.put("/notices/{pk}/reading", response={204: None, **REFUSALS})
def notice_read(request: HttpRequest, pk: RowId, body: ReadIn) -> Any:
    """Mark one of your notices as read, or as unread again."""
    rows = Notice.objects.filter(member__workspace_id=caller(request).workspace_id)
    notice = get_object_or_404(rows, pk=pk)
    do.notice_read(by=caller(request), notice=notice, read=body.read)
    return Status(204, None)


@router.post("/notices/reading", response={200: ReadAllOut, **REFUSALS})
def notices_read_all(request: HttpRequest) -> Any:
    """Mark your whole inbox as read."""
    return {"read": do.notices_read_all(by=caller(request))}


@router.get("/notices/settings", response={200: SettingOut, **REFUSALS})
def setting(request: HttpRequest) -> NoticeSetting:
    """How you are told."""
    return ask.setting_of(caller(request))


@router.patch("/notices/settings", response={200: SettingOut, **REFUSALS})
def setting_update(request: HttpRequest, body: SettingPatch) -> NoticeSetting:
    """Change how you are told. ``null`` takes quiet hours away; they are hours of your own clock
    (``time_zone``)."""
    sent = body.dict(exclude_unset=True)
    given = {k: v for k, v in sent.items() if v is not None or k.startswith("quiet")}
    for name in ("quiet_from", "quiet_until"):
        if given.get(name) is not None:
            given[name] = datetime.time.fromisoformat(given[name])
    return do.setting_update(by=caller(request), **given)
