"""GitHub: issues of one repository over REST."""

import datetime
import re
from collections.abc import Mapping
from typing import Any, ClassVar

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
    hmac_proves,
    object_in,
    refuse_project,
)
from tandem.integrations.models import Connection
from tandem_engine.words import said

OPEN, CLOSED, GIVEN_UP = "open", "closed", "closed: not planned"
_WORDS = [(OPEN, "open"), (CLOSED, "done"), (GIVEN_UP, "dropped")]


class GitHub(Remote):
    title: ClassVar[str] = "GitHub"
    adapter: ClassVar[str] = "github"
    usual_url: ClassVar[str] = "https://api.github.com"
    project_help: ClassVar[str] = "owner/name"

    @classmethod
    def project_checked(cls, text: str) -> str:
        text = text.strip().removeprefix("https://github.com/").removesuffix(".git").strip("/")
        if not re.fullmatch(r"[\w.-]{1,100}/[\w.-]{1,100}", text) or ".." in text:
            raise refuse_project(_("A repository is written owner/name."))
        return text

    def headers(self) -> dict[str, str]:
        return {
            "authorization": f"Bearer {self.token}",
            "accept": "application/vnd.github+json",
            "x-github-api-version": "2022-11-28",
        }

    def words(self) -> list[tuple[str, str]]:
        try:
            found = self.ask("GET", f"/repos/{self.connection.project}")
        except Gone as gone:
            raise Stopped(
                said(
                    "There is no repository %(project)s, or the token cannot see it.",
                    project=self.connection.project,
                )
            ) from gone
        if isinstance(found, dict) and found.get("has_issues") is False:
            raise Stopped(
                said(
                    "The repository %(project)s has its issues switched off.",
                    project=self.connection.project,
                )
            )
        return list(_WORDS)

    def page(self, since: datetime.datetime | None, cursor: Mapping[str, Any]) -> PageOf:
        start = str(cursor.get("since") or (since.strftime("%Y-%m-%dT%H:%M:%SZ") if since else ""))
        number = int(cursor.get("page") or 1)
        query: dict[str, Any] = {"since": start} if start else {}
        found = self.ask(
            "GET", f"/repos/{self.connection.project}/issues",
            state="all", sort="updated", direction="asc", per_page=PAGE, page=number, **query,
        )  # fmt: skip
        rows = [row for row in found or [] if isinstance(row, dict)]
        following = Since.after(start, number, [str(row.get("updated_at", "")) for row in rows])
        return PageOf([row for row in rows if "pull_request" not in row], following)

    def one(self, number: str) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("GET", f"/repos/{self.connection.project}/issues/{number}")
        return found

    def change(self, number: str, *, title: str | None, status: str | None) -> dict[str, Any]:
        body: dict[str, str] = {} if title is None else {"title": title}
        if status is not None:
            body |= {
                OPEN: {"state": "open"},
                CLOSED: {"state": "closed", "state_reason": "completed"},
            }.get(status, {"state": "closed", "state_reason": "not_planned"})
        path = f"/repos/{self.connection.project}/issues/{number}"
        found: dict[str, Any] = self.ask("PATCH", path, body)
        return found

    def number_of(self, issue: Mapping[str, Any]) -> str:
        return str(issue.get("number", ""))

    def word(self, record: Record) -> str:
        # A label like “wontfix” gives up what is closed; GitHub itself knows no such status.
        if record.status_name.startswith("closed"):
            return GIVEN_UP if record.status_name != CLOSED else CLOSED
        return OPEN

    @classmethod
    def call(
        cls, connection: Connection, secret: str, headers: Mapping[str, str], body: bytes
    ) -> Call | None:
        if not hmac_proves(secret, body, headers.get("x-hub-signature-256", "")):
            return None
        said = object_in(body)
        issue, repository = said.get("issue"), said.get("repository")
        number = ""
        if headers.get("x-github-event") == "issues" and isinstance(issue, dict):
            name = repository.get("full_name") if isinstance(repository, dict) else ""
            if str(name).lower() == connection.project.lower():
                number = str(issue.get("number", ""))
        return Call(
            number if number.isdigit() else "", delivery_of(headers, ["x-github-delivery"], body)
        )
