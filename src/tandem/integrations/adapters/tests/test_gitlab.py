"""GitLab's issues, and what another tool made of the same answers; the same for GitHub's."""

from datetime import UTC, date, datetime

import pytest

from tandem.core.importing.errors import ImportRefused
from tandem.core.importing.record import Change, Link

from .devlake import answers, moment, table
from .reading import read


def issue(iid: int = 7, **fields) -> dict:
    return {
        "id": 900 + iid,
        "iid": iid,
        "project_id": 12,
        "title": "Pay",
        "state": "opened",
        "references": {"full": f"club/sea#{iid}"},
        "created_at": "2026-01-05T09:00:00.000Z",
    } | fields


def test_an_issue_becomes_a_record():
    record = read(
        "gitlab",
        [
            issue(
                labels=["type::bug", "web, fast", {"name": "web, fast"}],
                assignees=[{"name": "Ana N", "username": "ana"}, {"username": "ben"}],
                author={"name": "Cara"},
                weight=3,
                due_date="2026-02-01",
                milestone={"title": "v1"},
                time_stats={"time_estimate": 5400},
                web_url="https://git.test/club/sea/-/issues/7",
                notes=[
                    {"body": "Soon", "author": {"name": "Ben"}},
                    {"body": "closed", "system": True},
                ],
                issue_links=[
                    {"iid": 8, "link_type": "is_blocked_by", "references": {"full": "club/sea#8"}}
                ],
            )
        ],
    ).record
    assert (record.ref, record.aliases, record.kind) == ("club/sea#7", ("#7", "7", "907"), "bug")
    assert (record.labels, record.assignee) == (("type::bug", "web, fast"), "Ana N")
    assert (record.reporter, record.estimate, record.due) == ("Cara", 3, date(2026, 2, 1))
    assert [comment.text for comment in record.comments] == ["Soon"]
    assert record.links == (Link("blocked_by", "club/sea#8"),)
    assert record.extra == {
        "Assignees": ("Ana N", "ben"),
        "Milestone": "v1",
        "Time estimate": "1.5 h",
    }


@pytest.mark.parametrize(
    ("fields", "status", "category"),
    [
        ({}, "opened", "open"),
        ({"state": "closed"}, "closed", "done"),
        ({"state": "closed", "moved_to_id": 54114370}, "closed: moved", "dropped"),
        ({"state": "closed", "_links": {"closed_as_duplicate_of": "https://git.test/api/v4/projects/12/issues/3"}}, "closed: duplicate", "dropped"),
        ({"state": "closed", "labels": ["resolution::wontfix"]}, "closed", "dropped"),
    ],
)  # fmt: skip
def test_why_it_is_closed_counts(fields, status, category):
    record = read("gitlab", [[issue(**fields)]]).record
    assert (record.status, record.category) == (status, category)
    if "duplicate" in status:
        assert record.links == (Link("duplicates", "3"),)


def test_state_events_are_its_history_and_pages_are_joined():
    events = [
        {"created_at": "2026-01-09T09:00:00.000Z", "state": "reopened", "user": {"name": "Ben"}},
        {"created_at": "2026-01-07T09:00:00.000Z", "state": "closed", "user": {"name": "Ana"}},
    ]
    reading = read(
        "gitlab", [[issue(7, resource_state_events=events)], [issue(8), "no", {"title": "x"}]]
    )
    assert len(reading.records) == len(reading.refusals) == 2
    assert reading.by_ref["club/sea#7"].changes == (
        Change(datetime(2026, 1, 7, 9, tzinfo=UTC), "Ana", "status", "opened", "closed", "done"),
        Change(datetime(2026, 1, 9, 9, tzinfo=UTC), "Ben", "status", "closed", "opened", "open"),
    )


def test_something_else_is_refused():
    with pytest.raises(ImportRefused, match="no GitLab issues"):
        read("gitlab", [{"number": 1}])


def test_recorded_gitlab_issues_say_what_another_tool_read_in_them():
    raw = answers("gitlab/e2e/raw_tables/_raw_gitlab_api_issues.csv")
    users = {each["name"]: each["username"] for r in raw for each in (r["author"], *r["assignees"])}
    reading = read("gitlab", raw)
    expected = table("gitlab/e2e/snapshot_tables/_tool_gitlab_issues.csv")
    found = {
        (r.aliases[1], r.aliases[2], r.title, r.created, r.updated, users[r.reporter], users.get(r.assignee, ""), r.url)
        for r in reading.records
    }  # fmt: skip
    assert found == {
        (e["number"], e["gitlab_id"], " ".join(e["title"].split()), moment(e["gitlab_created_at"]), moment(e["gitlab_updated_at"]),
         e["creator_name"], e["assignee_name"], e["url"])
        for e in expected
    }  # fmt: skip
    done = {r.aliases[1]: r.finished for r in reading.records if r.finished}
    assert done == {e["number"]: moment(e["closed_at"]) for e in expected if e["closed_at"]}
    labels = table("gitlab/e2e/snapshot_tables/_tool_gitlab_issue_labels.csv")
    assert {(r.aliases[2], name) for r in reading.records for name in r.labels} == {
        (row["issue_id"], row["label_name"]) for row in labels
    }


def test_recorded_github_issues_say_what_another_tool_read_in_them():
    reading = read("github", answers("github/e2e/raw_tables/_raw_github_api_issues.csv"))
    expected = table("github/e2e/snapshot_tables/_tool_github_issues.csv")
    found = {
        r.aliases[1]: (" ".join(r.title.split()), r.created, r.updated, r.reporter, r.finished)
        for r in reading.records
    }
    assert found == {
        e["number"]: (" ".join(e["title"].split()), moment(e["github_created_at"]), moment(e["github_updated_at"]),
                      e["author_name"], moment(e["closed_at"]))
        for e in expected
    }  # fmt: skip
