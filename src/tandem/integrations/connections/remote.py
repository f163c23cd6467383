"""What a tracker is to a connection: pages of issues, one issue, changing one, and its calls. A new one is a subclass."""

import datetime
import hashlib
import hmac
import json
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import quote

from tandem.core.errors import Refused
from tandem.core.importing.record import Record, Refusal
from tandem.core.importing.source import Source
from tandem.core.outgoing.client import Answer, Client, NotSent
from tandem.core.version import version
from tandem.integrations.adapters import adapter_named
from tandem.integrations.models import Connection
from tandem_engine.words import said

#: The longest answer that is read: a page of a hundred issues with their texts.
ANSWER_BYTES = 32 * 1024 * 1024
PAGE = 100
#: Waits longer than this are shortened; the tracker says again when it is still too early.
LONGEST_WAIT = 3600


class Later(Exception):
    """Nothing is wrong that time does not mend. ``seconds`` is what the tracker asked for, or ``None``."""

    def __init__(self, reason: str, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.seconds = None if seconds is None else min(max(seconds, 1.0), LONGEST_WAIT)


class Stopped(Exception):
    """Only a person can mend this; the text says what and how."""


class Gone(Exception):
    """The issue is not there (any more), or not for this token."""


class NotTaken(Exception):
    """The tracker does not take this change of this issue; the text says why."""


@dataclass(frozen=True)
class PageOf:
    """Issues as the tracker gives them, and from where to go on (``None``: that was all)."""

    issues: list[dict[str, Any]]
    cursor: dict[str, Any] | None


@dataclass(frozen=True)
class Call:
    """What a tracker's call says: which issue to look at (empty: none), and the call's own number."""

    number: str
    delivery: str


class Remote(ABC):
    """One project of one tracker, spoken to with one token."""

    title: ClassVar[str]
    #: The format that reads the tracker's issues.
    adapter: ClassVar[str]
    usual_url: ClassVar[str]
    project_help: ClassVar[str]

    def __init__(self, connection: Connection, token: str, client: Client) -> None:
        self.connection = connection
        self.token = token
        self.client = client
        self._wait_until = 0.0

    # What a subclass says.

    @classmethod
    @abstractmethod
    def project_checked(cls, text: str) -> str:
        """The project as it is kept; refuses what cannot be one."""

    @abstractmethod
    def headers(self) -> dict[str, str]:
        """What signs a request in."""

    @abstractmethod
    def words(self) -> list[tuple[str, str]]:
        """Ask whether project and token are good; the tracker's statuses with their categories."""

    @abstractmethod
    def page(self, since: datetime.datetime | None, cursor: Mapping[str, Any]) -> PageOf:
        """Issues changed since then, the longest unchanged first, going on at ``cursor``."""

    @abstractmethod
    def one(self, number: str) -> dict[str, Any]:
        """One issue. Raises Gone."""

    @abstractmethod
    def change(self, number: str, *, title: str | None, status: str | None) -> dict[str, Any]:
        """Change what is not ``None``; the issue as it is then. Raises Gone and NotTaken."""

    @abstractmethod
    def number_of(self, issue: Mapping[str, Any]) -> str:
        """What the issue is called in addresses."""

    @classmethod
    @abstractmethod
    def call(
        cls, connection: Connection, secret: str, headers: Mapping[str, str], body: bytes
    ) -> Call | None:
        """The call, or ``None`` when it does not prove to be the tracker's. Headers in small letters."""

    def word(self, record: Record) -> str:
        """The record's status in the words of :meth:`words`."""
        return record.status_name

    # What it gets for nothing.

    def records(
        self, issues: Sequence[Mapping[str, Any]]
    ) -> Iterator[tuple[str, Record] | Refusal]:
        """The issues through the format's adapter, each with its number."""
        numbers = [self.number_of(issue) for issue in issues]
        if not issues:
            return
        source = Source.from_bytes(json.dumps(list(issues)).encode(), name=str(self.connection))
        for entry in adapter_named(self.adapter).read(source):
            if isinstance(entry, Record):
                yield numbers[entry.line - 1], entry
            elif isinstance(entry, Refusal):
                yield entry

    def ask(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, **query: Any
    ) -> Any:
        """The answer's JSON. Raises Later, Stopped, Gone or NotTaken for anything but success."""
        if time.time() < self._wait_until:
            raise Later(
                said("%(title)s's limit of requests is used up.", title=self.title),
                self._wait_until - time.time(),
            )
        given = "&".join(
            f"{quote(name)}={quote(str(value), safe='')}" for name, value in query.items()
        )
        url = f"{self.connection.base_url}{path}{'?' if given else ''}{given}"
        headers = {
            "accept": "application/json",
            "user-agent": f"Tandem/{version()}",
            **self.headers(),
        }
        sent = b""
        if body is not None:
            headers["content-type"] = "application/json"
            sent = json.dumps(body).encode()
        try:
            answer = self.client.request(method, url, headers=headers, body=sent, most=ANSWER_BYTES)
        except NotSent as reason:
            raise Later(reason.args[0]) from reason
        self._mind_the_limit(answer)
        return self._read(answer)

    def _mind_the_limit(self, answer: Answer) -> None:
        """Ask nothing more when the answer says that it was the last one for now."""
        told = answer.headers
        remaining = told.get("x-ratelimit-remaining") or told.get("ratelimit-remaining") or ""
        if remaining == "0":
            reset = told.get("x-ratelimit-reset") or told.get("ratelimit-reset") or ""
            self._wait_until = float(reset) if reset.isdigit() else time.time() + 60

    def _read(self, answer: Answer) -> Any:
        if 200 <= answer.status < 300:
            if not answer.whole:
                raise Later(
                    said(
                        "%(title)s answered with more than %(number)s MB.",
                        title=self.title,
                        number=ANSWER_BYTES // 1024 // 1024,
                    )
                )
            try:
                return json.loads(answer.body) if answer.body.strip() else None
            except ValueError as error:
                raise Later(
                    said("%(title)s answered with something that is no JSON.", title=self.title)
                ) from error
        detail = _said(answer.body)
        limited = (
            answer.status == 429
            or "retry-after" in answer.headers
            or self._wait_until > time.time()
        )
        if answer.status in (403, 429) and limited:
            seconds = answer.headers.get("retry-after", "")
            wait = (
                float(seconds) if seconds.isdigit() else max(self._wait_until - time.time(), 60.0)
            )
            raise Later(said("%(title)s's limit of requests is used up.", title=self.title), wait)
        if answer.status == 401:
            raise Stopped(
                said(
                    "%(title)s does not take the token: it was revoked, has ended, or is mistyped. Give a new one.",
                    title=self.title,
                )
            )
        if answer.status == 403:
            raise Stopped(
                said(
                    "%(title)s refuses what the token asks for%(detail)s. Give one that may read and write issues.",
                    title=self.title,
                    detail=detail,
                )
            )
        if answer.status in (404, 410):
            raise Gone(
                said(
                    "%(title)s knows nothing at this place%(detail)s.",
                    title=self.title,
                    detail=detail,
                )
            )
        if 300 <= answer.status < 400:
            raise Stopped(
                said(
                    "%(title)s sends the request elsewhere (%(status)s). Give the address it has now.",
                    title=self.title,
                    status=answer.status,
                )
            )
        if answer.status >= 500 or answer.status == 408:
            raise Later(
                said(
                    "%(title)s answered %(status)s%(detail)s.",
                    title=self.title,
                    status=answer.status,
                    detail=detail,
                )
            )
        raise NotTaken(
            said(
                "%(title)s answered %(status)s%(detail)s.",
                title=self.title,
                status=answer.status,
                detail=detail,
            )
        )


def _said(body: bytes) -> str:
    """What a tracker says about a refusal, on one short line."""
    try:
        found = json.loads(body)
    except ValueError:
        return ""
    text = (
        found.get("message") or found.get("errorMessages") or found.get("error")
        if isinstance(found, dict)
        else ""
    )
    line = " ".join(str(text[0] if isinstance(text, list) and text else text or "").split())[:120]
    return f": {line}" if line else ""


def hmac_proves(secret: str, body: bytes, given: str) -> bool:
    """Whether ``sha256=…`` is the signature of the body."""
    wanted = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted.encode(), given.encode())


def delivery_of(headers: Mapping[str, str], names: Sequence[str], body: bytes) -> str:
    """The call's own number, or one made of its body where the tracker gives none."""
    given = next((headers[name] for name in names if headers.get(name)), "")
    return given[:100] or hashlib.sha256(body).hexdigest()


def object_in(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def moment_of(text: str) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromisoformat(text)
    except ValueError:
        return None


def refuse_project(message: str) -> Refused:
    return Refused(message, field="project")


@dataclass
class Since:
    """Where a reading in the order of change goes on: after the last moment seen, or on its next page."""

    at: str
    page: int = 1
    seen: list[str] = field(default_factory=list)

    @classmethod
    def after(cls, since: str, page: int, moments: Sequence[str]) -> dict[str, Any] | None:
        """The cursor behind a page with these moments of change; ``None`` when it was the last."""
        if len(moments) < PAGE:
            return None
        last = moments[-1]
        # Going on by the moment loses nothing that changes meanwhile; pages only where all are of one moment.
        return {"since": since, "page": page + 1} if last == since else {"since": last, "page": 1}
