"""Jira: issues of one project over REST, in Atlassian's cloud or on one's own server."""

import base64
import datetime
import re
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from tandem.integrations.adapters.vocabulary import category_name
from tandem.integrations.connections.remote import (
    PAGE,
    Call,
    Gone,
    NotTaken,
    PageOf,
    Remote,
    Stopped,
    delivery_of,
    hmac_proves,
    object_in,
    refuse_project,
)
from tandem.integrations.models import Connection
from tandem_engine.words import said

_KEY = re.compile(r"[A-Z][A-Z0-9_]{1,30}$")
_ISSUE = re.compile(r"[A-Z][A-Z0-9_]{1,30}-\d{1,9}$")


class Jira(Remote):
    title: ClassVar[str] = "Jira"
    adapter: ClassVar[str] = "jira-json"
    usual_url: ClassVar[str] = ""
    project_help: ClassVar[str] = "the project's key"

    @classmethod
    def project_checked(cls, text: str) -> str:
        key = text.strip().upper()
        if not _KEY.match(key):
            raise refuse_project(_("A Jira project is written by its key, like SEA."))
        return key

    @property
    def is_cloud(self) -> bool:
        host = urlsplit(self.connection.base_url).hostname or ""
        return host.endswith(".atlassian.net") or bool(self.connection.account)

    def headers(self) -> dict[str, str]:
        if not self.connection.account:
            return {"authorization": f"Bearer {self.token}"}
        both = f"{self.connection.account}:{self.token}".encode()
        return {"authorization": f"Basic {base64.b64encode(both).decode()}"}

    def words(self) -> list[tuple[str, str]]:
        """The statuses of all kinds of issues of the project."""
        try:
            kinds = self.ask("GET", f"/rest/api/2/project/{self.connection.project}/statuses")
        except Gone as gone:
            raise Stopped(
                said(
                    "There is no project %(project)s, or the token cannot see it.",
                    project=self.connection.project,
                )
            ) from gone
        found: dict[str, str] = {}
        for kind in kinds or []:
            for status in kind.get("statuses", []) if isinstance(kind, dict) else []:
                category = category_name(str(status.get("statusCategory", {}).get("key", "")))
                found.setdefault(str(status.get("name", ""))[:200], category or "open")
        return [(name, category) for name, category in found.items() if name]

    def page(self, since: datetime.datetime | None, cursor: Mapping[str, Any]) -> PageOf:
        jql = str(cursor.get("jql") or self._jql(since))
        query: dict[str, Any] = {"jql": jql, "fields": "*all", "expand": "changelog,names", "maxResults": PAGE}  # fmt: skip
        if self.is_cloud:
            if cursor.get("token"):
                query["nextPageToken"] = cursor["token"]
            found = self.ask("GET", "/rest/api/3/search/jql", **query)
            token = found.get("nextPageToken")
            following = {"jql": jql, "token": token} if token else None
        else:
            start = int(cursor.get("start") or 0)
            found = self.ask("GET", "/rest/api/2/search", startAt=start, **query)
            got = start + len(found.get("issues", []))
            more = got < int(found.get("total") or 0) and got > start
            following = {"jql": jql, "start": got} if more else None
        return PageOf(self._named(found), following)

    def _jql(self, since: datetime.datetime | None) -> str:
        # Jira reads moments in the zone of the token's person, in minutes: a day earlier is never too late.
        day = (since - datetime.timedelta(days=1)).strftime("%Y/%m/%d %H:%M") if since else ""
        only = f' AND updated >= "{day}"' if day else ""
        return f'project = "{self.connection.project}"{only} ORDER BY created ASC'

    def _named(self, found: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The issues, each with the names of custom fields that came with the answer."""
        rows = [row for row in found.get("issues", []) if isinstance(row, dict)]
        names = found.get("names")
        return [{**row, "names": names} if isinstance(names, dict) else row for row in rows]

    def one(self, number: str) -> dict[str, Any]:
        version = 3 if self.is_cloud else 2
        found: dict[str, Any] = self.ask(
            "GET", f"/rest/api/{version}/issue/{number}", fields="*all", expand="changelog,names"
        )
        return found

    def change(self, number: str, *, title: str | None, status: str | None) -> dict[str, Any]:
        path = f"/rest/api/2/issue/{number}"
        if title is not None:
            self.ask("PUT", path, {"fields": {"summary": title}})
        if status is not None:
            self._move(path, number, status)
        return self.one(number)

    def _move(self, path: str, number: str, status: str) -> None:
        offered = self.ask("GET", f"{path}/transitions").get("transitions", [])
        for each in offered:
            if each.get("to", {}).get("name") == status:
                self.ask("POST", f"{path}/transitions", {"transition": {"id": each["id"]}})
                return
        names = ", ".join(sorted({str(each.get("to", {}).get("name")) for each in offered}))
        raise NotTaken(
            said(
                "Jira offers no way to “%(status)s” from where %(number)s is. It offers: %(ways)s.",
                status=status,
                number=number,
                ways=names or said("none"),
            )
        )

    def number_of(self, issue: Mapping[str, Any]) -> str:
        return str(issue.get("key", ""))

    @classmethod
    def call(
        cls, connection: Connection, secret: str, headers: Mapping[str, str], body: bytes
    ) -> Call | None:
        if not hmac_proves(secret, body, headers.get("x-hub-signature", "")):
            return None
        issue = object_in(body).get("issue")
        key = str(issue.get("key", "")) if isinstance(issue, dict) else ""
        ours = bool(_ISSUE.match(key)) and key.rpartition("-")[0] == connection.project
        delivery = delivery_of(headers, ["x-atlassian-webhook-identifier"], body)
        return Call(key if ours else "", delivery)
