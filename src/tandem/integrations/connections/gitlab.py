"""GitLab: issues of one project over REST, on gitlab.com or one's own server."""

import datetime
import hmac
import re
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import quote

from django.utils.translation import gettext as _

from tandem.core.importing.record import Record
from tandem.integrations.connections.remote import (
    PAGE,
    Call,
    Gone,
    PageOf,
    Remote,
    Since,
    Stopped,
    delivery_of,
    object_in,
    refuse_project,
)
from tandem.integrations.models import Connection
from tandem_engine.words import said

OPENED, CLOSED = "opened", "closed"


class GitLab(Remote):
    title: ClassVar[str] = "GitLab"
    adapter: ClassVar[str] = "gitlab"
    usual_url: ClassVar[str] = "https://gitlab.com"
    project_help: ClassVar[str] = "group/project"

    @classmethod
    def project_checked(cls, text: str) -> str:
        text = re.sub(r"^https?://[^/]+/", "", text.strip()).removesuffix(".git").strip("/")
        if not re.fullmatch(r"[\w.-]+(?:/[\w.-]+){1,20}|\d{1,12}", text) or ".." in text:
            raise refuse_project(_("A GitLab project is written group/project, or as its number."))
        return text

    @property
    def path(self) -> str:
        return f"/api/v4/projects/{quote(self.connection.project, safe='')}"

    def headers(self) -> dict[str, str]:
        return {"private-token": self.token}

    def words(self) -> list[tuple[str, str]]:
        try:
            found = self.ask("GET", self.path)
        except Gone as gone:
            raise Stopped(
                said(
                    "There is no project %(project)s, or the token cannot see it.",
                    project=self.connection.project,
                )
            ) from gone
        if isinstance(found, dict) and found.get("issues_enabled") is False:
            raise Stopped(
                said(
                    "The project %(project)s has its issues switched off.",
                    project=self.connection.project,
                )
            )
        return [(OPENED, "open"), (CLOSED, "done")]

    def page(self, since: datetime.datetime | None, cursor: Mapping[str, Any]) -> PageOf:
        start = str(cursor.get("since") or (since.strftime("%Y-%m-%dT%H:%M:%SZ") if since else ""))
        number = int(cursor.get("page") or 1)
        query: dict[str, Any] = {"updated_after": start} if start else {}
        found = self.ask(
            "GET", f"{self.path}/issues",
            scope="all", order_by="updated_at", sort="asc", per_page=PAGE, page=number, **query,
        )  # fmt: skip
        rows = [row for row in found or [] if isinstance(row, dict)]
        following = Since.after(start, number, [str(row.get("updated_at", "")) for row in rows])
        return PageOf(rows, following)

    def one(self, number: str) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("GET", f"{self.path}/issues/{number}")
        return found

    def change(self, number: str, *, title: str | None, status: str | None) -> dict[str, Any]:
        body: dict[str, str] = {} if title is None else {"title": title}
        if status is not None:
            body["state_event"] = "reopen" if status == OPENED else "close"
        found: dict[str, Any] = self.ask("PUT", f"{self.path}/issues/{number}", body)
        return found

    def number_of(self, issue: Mapping[str, Any]) -> str:
        return str(issue.get("iid", ""))

    def word(self, record: Record) -> str:
        return CLOSED if record.status_name.startswith(CLOSED) else OPENED

    @classmethod
    def call(
        cls, connection: Connection, secret: str, headers: Mapping[str, str], body: bytes
    ) -> Call | None:
        # GitLab sends the secret itself instead of a signature.
        given = headers.get("x-gitlab-token", "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return None
        said = object_in(body)
        about, project = said.get("object_attributes"), said.get("project")
        number = ""
        if said.get("object_kind") in ("issue", "work_item") and isinstance(about, dict):
            known = project if isinstance(project, dict) else {}
            names = {str(known.get("path_with_namespace", "")).lower(), str(known.get("id", ""))}
            if connection.project.lower() in names:
                number = str(about.get("iid", ""))
        delivery = delivery_of(headers, ["x-gitlab-event-uuid", "idempotency-key"], body)
        return Call(number if number.isdigit() else "", delivery)
