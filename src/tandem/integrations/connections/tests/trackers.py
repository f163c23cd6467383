"""A small GitLab and a small Jira, beside the small GitHub of ``tracker``."""

import re
from typing import Any

from tandem.integrations.connections.tests.tracker import Answer, Asked, Tracker


def gitlab(tracker: Tracker, asked: Asked) -> Answer:
    headers = {"RateLimit-Remaining": tracker.limit_left, "RateLimit-Reset": "4102444800"}
    if asked.headers.get("private-token") != tracker.token:
        return 401, headers, {"message": "401 Unauthorized"}
    found = re.fullmatch(r"/api/v4/projects/club%2Fsea(/issues(?:/(\d+))?)?", asked.path)
    if not found:
        return 404, headers, {"message": "404 Project Not Found"}
    if not found[1]:
        return 200, headers, {"id": 12, "issues_enabled": True}
    if not found[2]:
        return 200, headers, _page(tracker, asked, "updated_after")
    issue = tracker.issues.get(found[2])
    if issue is None:
        return 404, headers, {"message": "404 Not found"}
    if asked.method == "PUT":
        event = asked.body.pop("state_event", "")
        issue.update(asked.body, updated_at=tracker.later())
        if event:
            issue["state"] = "closed" if event == "close" else "opened"
            issue["closed_at"] = issue["updated_at"] if event == "close" else None
    return 200, headers, issue


def _page(tracker: Tracker, asked: Asked, since: str) -> list[dict[str, Any]]:
    size, page = int(asked.query["per_page"]), int(asked.query["page"])
    rows = sorted(tracker.issues.values(), key=lambda row: str(row["updated_at"]))
    rows = [row for row in rows if row["updated_at"] >= asked.query.get(since, "")]
    return rows[(page - 1) * size : page * size]


def gitlab_issue(tracker: Tracker, iid: int, title: str, **fields: Any) -> None:
    tracker.issues[str(iid)] = {
        "id": 900 + iid, "iid": iid, "project_id": 12, "title": title, "state": "opened", "labels": [],
        "references": {"full": f"club/sea#{iid}"}, "created_at": "2026-02-01T10:00:00Z", "updated_at": tracker.later(),
    } | fields  # fmt: skip


STATUSES = {"To Do": "new", "Ahoy": "indeterminate", "QA": "indeterminate", "Done": "done"}


def jira(tracker: Tracker, asked: Asked) -> Answer:
    """A Jira of the cloud: pages by token, statuses by transitions, no way back from Done."""
    if asked.headers.get("authorization") != "Basic YW5hQHNlYS50ZXN0Omdvb2Q=":
        return 401, {}, {"errorMessages": ["Client must be authenticated"]}
    if asked.path == "/rest/api/2/project/SEA/statuses":
        rows = [{"name": name, "statusCategory": {"key": key}} for name, key in STATUSES.items()]
        return 200, {}, [{"name": "Story", "statuses": rows}]
    if asked.path == "/rest/api/3/search/jql":
        rows = list(tracker.issues.values())
        start = int(asked.query.get("nextPageToken", 0))
        more = {"nextPageToken": str(start + 1)} if start + 1 < len(rows) else {"isLast": True}
        return (
            200,
            {},
            {"issues": rows[start : start + 1], "names": {"customfield_7": "Story Points"}, **more},
        )
    found = re.fullmatch(r"/rest/api/[23]/issue/(SEA-\d+)(/transitions)?", asked.path)
    issue = tracker.issues.get(found[1]) if found else None
    if found is None or issue is None:
        return (
            404,
            {},
            {"errorMessages": ["Issue does not exist or you do not have permission to see it."]},
        )
    fields = issue["fields"]
    if found[2]:
        names = [] if fields["status"]["name"] == "Done" else list(STATUSES)
        offered = [{"id": str(place), "to": {"name": name}} for place, name in enumerate(names)]
        if asked.method == "POST":
            name = names[int(asked.body["transition"]["id"])]
            fields["status"] = {"name": name, "statusCategory": {"key": STATUSES[name]}}
            return 204, {}, None
        return 200, {}, {"transitions": offered}
    if asked.method == "PUT":
        fields.update(asked.body["fields"], updated=tracker.later())
        return 204, {}, None
    return 200, {}, issue | {"names": {"customfield_7": "Story Points"}}


def jira_issue(tracker: Tracker, number: int, title: str, status: str, **fields: Any) -> None:
    tracker.issues[f"SEA-{number}"] = {
        "id": str(100 + number), "key": f"SEA-{number}", "self": f"https://sea.test/rest/api/3/issue/{100 + number}",
        "fields": {
            "summary": title, "status": {"name": status, "statusCategory": {"key": STATUSES[status]}},
            "created": "2026-02-01T10:00:00.000+0000", "updated": tracker.later(), "issuetype": {"name": "Story"},
        } | fields,
    }  # fmt: skip
