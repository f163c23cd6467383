"""Initial readings of recorded answers, replayed by a server on loopback, beside what another tool made of them."""

from urllib.parse import unquote

import pytest

from tandem.backlog.models import Item
from tandem.integrations.adapters.tests.devlake import answers, table
from tandem.integrations.connections import operations as do
from tandem.integrations.connections.syncing import sync
from tandem.integrations.connections.tests.tracker import serving

SIZE = 7  # so that there are many pages


def listed(rows, moment):
    """A tracker that answers every list with these issues in the order of their change."""
    rows = sorted(rows, key=lambda row: row[moment])

    def answer(tracker, asked):
        if not asked.path.endswith("/issues"):
            return 200, {}, {"has_issues": True, "issues_enabled": True}
        since = unquote(asked.query.get("since") or asked.query.get("updated_after") or "")
        found = [row for row in rows if row[moment] >= since]
        page = int(asked.query["page"])
        return 200, {}, found[(page - 1) * SIZE : page * SIZE]

    return answer


def jira(rows):
    def answer(tracker, asked):
        if asked.path.endswith("/statuses"):
            found = [{"statuses": [row["fields"]["status"] for row in rows]}]
            return 200, {}, found
        start = int(asked.query.get("startAt") or 0)
        return 200, {}, {"issues": rows[start : start + SIZE], "total": len(rows), "startAt": start}

    return answer


@pytest.mark.parametrize(
    ("kind", "project", "raw", "expected", "title"),
    [
        ("github", "panjf2000/ants", "github/e2e/raw_tables/_raw_github_api_issues.csv",
         "github/e2e/snapshot_tables/_tool_github_issues.csv", "title"),
        ("gitlab", "gitlab-data/snowflake_spend", "gitlab/e2e/raw_tables/_raw_gitlab_api_issues.csv",
         "gitlab/e2e/snapshot_tables/_tool_gitlab_issues.csv", "title"),
        ("jira", "EE", "jira/e2e/raw_tables/_raw_jira_api_issues.csv",
         "jira/e2e/snapshot_tables/_tool_jira_issues.csv", "summary"),
    ],
)  # fmt: skip
def test_recorded_answers_are_read_page_by_page(
    world, monkeypatch, kind, project, raw, expected, title
):
    for place in ("remote", "github", "gitlab", "jira"):
        monkeypatch.setattr(f"tandem.integrations.connections.{place}.PAGE", SIZE)
    rows = answers(raw)
    wanted = {" ".join(row[title].split()).rstrip("\ufffd") for row in table(expected)}
    with serving(jira(rows) if kind == "jira" else listed(rows, "updated_at")) as tracker:
        made, _ = do.connection_make(
            by=world.owner, product=world.product, kind=kind, project=project, token="made-up",
            base_url=tracker.url,
        )  # fmt: skip
        sync(made.pk)
        made.refresh_from_db()
        pages = len(tracker.asked)
        sync(made.pk)  # nothing is due
    assert (made.complete, made.last_error, len(tracker.asked)) == (True, "", pages)
    assert pages > 2
    found = {
        title.rstrip("\ufffd")
        for title in Item.objects.of(world.product).values_list("title", flat=True)
    }
    assert wanted <= found
    assert made.items.count() == Item.objects.of(world.product).count()
