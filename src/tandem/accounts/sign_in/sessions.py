"""A person's sessions: where they are signed in, and ending that. Ending works at once."""

import datetime
from dataclasses import dataclass
from typing import Any

from allauth.usersessions.models import UserSession
from django.core.cache.backends.locmem import LocMemCache
from django.http import HttpRequest
from django.utils import timezone

from tandem.accounts.models import User
from tandem.accounts.sign_in import audit
from tandem.accounts.sign_in.origin import UNKNOWN, address_of, device_of, device_told

#: "Last seen" is written at most once in so many seconds for each session.
SEEN_SECONDS = 60
#: The sessions noted lately. In this process: the common cache may be a table, and looking there
#: at every request would cost what noting saves.
recently = LocMemCache("tandem-sessions-seen", {})


@dataclass(frozen=True)
class SessionLine:
    pk: int
    device: str
    address: str
    began_at: datetime.datetime
    seen_at: datetime.datetime
    is_this: bool


def _agent(request: HttpRequest) -> str:
    return str(request.META.get("HTTP_USER_AGENT", ""))[:200]


def begin(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    """A session has begun (the receiver of Django's ``user_logged_in``)."""
    key = request.session.session_key
    if not key:
        return
    recently.set(key, True, SEEN_SECONDS)
    UserSession.objects.update_or_create(
        session_key=key,
        defaults={"user": user, "ip": address_of(request), "user_agent": _agent(request)},
    )


def seen(request: HttpRequest) -> None:
    """Note that the session is in use; costs one write a minute."""
    key = request.session.session_key
    if not key or not recently.add(key, True, SEEN_SECONDS):
        return
    rows = UserSession.objects.filter(session_key=key)
    now = timezone.now()
    if not rows.update(last_seen_at=now, ip=address_of(request), user_agent=_agent(request)):
        begin(None, request, request.user)  # type: ignore[arg-type]


def sessions_of(user: User, current_key: str | None) -> list[SessionLine]:
    """The person's living sessions: this one first, then the last seen."""
    rows = UserSession.objects.purge_and_list(user)
    lines = [
        SessionLine(
            pk=row.pk,
            device=device_told(row.user_agent),
            address="" if row.ip == UNKNOWN else row.ip,
            began_at=row.created_at,
            seen_at=row.last_seen_at,
            is_this=row.session_key == current_key,
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (not line.is_this, -line.seen_at.timestamp()))


def session_end(*, user: User, session: UserSession, reason: str = "") -> None:
    """The session's next request finds nobody signed in."""
    device = device_of(session.user_agent)
    address = session.ip
    session.end()
    audit.tell(user, "session.ended", device=device, address=address, reason=reason)


def sessions_end(*, user: User, keep: str | None = None, reason: str = "") -> int:
    """End all of the person's sessions but ``keep``; returns how many ended."""
    rows = list(UserSession.objects.filter(user=user).exclude(session_key=keep or ""))
    for row in rows:
        row.end()
    if rows:
        audit.tell(user, "session.ended", count=len(rows), reason=reason)
    return len(rows)
