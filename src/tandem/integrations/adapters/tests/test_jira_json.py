"""Jira's API answers: shapes, texts in both formats, history, and what another tool made of the same answers."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from tandem.core.importing.errors import ImportRefused
from tandem.core.importing.record import Change, Link

from .devlake import answers, moment, table
from .reading import check, read

ANA = {"accountId": "1", "displayName": "Ana N"}


def issue(key: str = "SEA-7", histories=(), **fields) -> dict:
    return {
        "id": "10" + key.removeprefix("SEA-"),
        "key": key,
        "self": f"https://sea.test/rest/api/2/issue/{key}",
        "changelog": {"total": len(histories), "histories": list(histories)},
        "fields": {
            "summary": "Pay",
            "status": {"name": "Closed", "statusCategory": {"key": "done"}},
            "issuetype": {"name": "Bug"},
            "created": "2026-01-05T08:00:00.000+0100",
            "updated": "2026-01-20T08:00:00.000+0100",
        }
        | fields,
    }


def moved(at: str, before: str, after: str, author=ANA) -> dict:
    item = {"field": "status", "fromString": before, "from": "1", "toString": after, "to": "2"}
    return {
        "id": at,
        "author": author,
        "created": at,
        "items": [item, {"field": "Workflow", "to": "9"}],
    }


HISTORY = (
    moved("2026-01-09T12:00:00.000+0100", "Aground", "Closed"),
    moved("2026-01-07T12:00:00.000+0100", "To Do", "Aground", None),
)


def test_history_comes_oldest_first_and_gives_start_and_end():
    reading = read(
        "jira-json", {"issues": [issue(histories=HISTORY)]}, {"statuses": {"Aground": "started"}}
    )
    record = reading.record
    start, end = datetime(2026, 1, 7, 11, tzinfo=UTC), datetime(2026, 1, 9, 11, tzinfo=UTC)
    assert record.changes == (
        Change(start, "", "status", "To Do", "Aground", "started"),
        Change(end, "Ana N", "status", "Aground", "Closed", "done"),
    )
    assert (record.started, record.finished, record.kind) == (start, end, "bug")
    assert record.url == "https://sea.test/browse/SEA-7"


def test_a_status_nobody_knows_means_what_an_issue_in_it_says():
    other = issue("SEA-8", status={"name": "Aground", "statusCategory": {"key": "indeterminate"}})
    records = read("jira-json", [issue(histories=HISTORY), other]).by_ref
    assert records["SEA-7"].changes[0].category == "started"
    assert records["SEA-8"].finished is None


def test_relations_parents_points_and_people_are_read():
    fields = {
        "parent": {"key": "SEA-1"},
        "labels": ["web, fast", "web, fast"],
        "assignee": ANA,
        "customfield_10044": 5.0,
        "customfield_10050": {"value": "Deck"},
        "timeoriginalestimate": 5400,
        "issuelinks": [
            {
                "type": {"name": "Blocks", "inward": "is blocked by"},
                "inwardIssue": {"key": "SEA-2"},
            },
            {
                "type": {"name": "Duplicate", "outward": "duplicates"},
                "outwardIssue": {"key": "SEA-3"},
            },
        ],
    }
    answer = {
        "names": {"customfield_10044": "Story Points", "customfield_10050": "Where"},
        "issues": [issue(**fields)],
    }
    record = read("jira-json", answer).record
    assert (record.parent_ref, record.labels, record.assignee) == ("SEA-1", ("web, fast",), "Ana N")
    assert (record.estimate, record.extra["Where"]) == (5, "Deck")
    assert record.extra["Original estimate"] == "1.5 h"
    assert record.links == (
        Link("blocked_by", "SEA-2", "is blocked by"),
        Link("duplicates", "SEA-3", "duplicates"),
    )
    assert [(c.name, c.fields) for c in check("jira-json", answer).columns] == [
        ("Story Points", ("estimate",)),
        ("Where", ("extra",)),
    ]


def test_a_custom_field_is_mapped_by_its_key_and_a_wrong_one_is_refused():
    content = [issue(customfield_10044=-1), issue("SEA-8", customfield_10044="8")]
    reading = read("jira-json", content, {"columns": {"customfield_10044": "estimate"}})
    assert [r.estimate for r in reading.records] == [None, 8]
    assert reading.warned("not a number from 0")
    with pytest.raises(ImportRefused, match="customfield_10044"):
        read("jira-json", content, {"columns": {"customfield_10045": "estimate"}})


def test_texts_of_both_apis_become_markdown():
    said = {"type": "doc", "content": [
        {"type": "heading", "attrs": {"level": 2}, "content": [{"type": "text", "text": "Why"}]},
        {"type": "paragraph", "content": [
            {"type": "text", "text": "by ", "marks": [{"type": "strong"}]},
            {"type": "text", "text": "card", "marks": [{"type": "link", "attrs": {"href": "https://sea.test"}}]},
            {"type": "mention", "attrs": {"text": "@Ana"}}]},
        {"type": "bulletList", "content": [{"type": "listItem", "content": [
            {"type": "paragraph", "content": [{"type": "text", "text": "fast"}]}]}]},
        {"type": "taskList", "content": [{"type": "taskItem", "attrs": {"state": "DONE"}, "content": [{"type": "text", "text": "x"}]}]},
        {"type": "codeBlock", "content": [{"type": "text", "text": "a\nb"}]},
        {"type": "unheard", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "kept"}]}]},
    ]}  # fmt: skip
    records = read(
        "jira-json", [issue(description=said), issue("SEA-8", description="h2. Why\n*b*")]
    ).records
    assert records[0].description == (
        "## Why\n\n**by **[card](https://sea.test)@Ana\n\n- fast\n\n- [x] x\n\n```\na\nb\n```\n\nkept"
    )
    assert records[1].description == "## Why\n**b**"


def test_what_the_api_gave_only_in_part_is_told():
    cut = issue(
        histories=HISTORY, comment={"total": 60, "comments": [{"body": "Soon", "author": ANA}]}
    )
    cut["changelog"]["total"] = 140
    reading = read("jira-json", [cut, "not an issue", {"key": "SEA-9"}])
    assert reading.record.comments[0].text == "Soon"
    assert reading.warned("Not all history came along: 1 issue.")
    assert reading.warned("Not all comments came along: 1 issue.")
    assert len(reading.refusals) == 2


def test_recorded_issues_say_what_another_tool_read_in_them():
    reading = read("jira-json", {"issues": answers("jira/e2e/raw_tables/_raw_jira_api_issues.csv")},
                   {"columns": {"customfield_10024": "estimate"}})  # fmt: skip
    expected = table("jira/e2e/snapshot_tables/_tool_jira_issues.csv")
    assert not reading.refusals
    known = {row["issue_key"] for row in expected}
    found = {
        r.ref: (r.aliases, r.title.rstrip("\ufffd"), r.status_name, r.created, r.finished, r.updated, r.assignee, r.priority, r.parent_ref)
        for r in reading.records
        if r.ref in known
    }  # fmt: skip
    assert found == {
        row["issue_key"]: (
            (row["issue_id"],),
            row["summary"].strip(),
            row["status_name"],
            moment(row["created"]),
            # Where Jira says none, the last move into a done status is when.
            moment(row["resolution_date"])
            if row["resolution_date"] and reading.by_ref[row["issue_key"]].category == "done"
            else reading.by_ref[row["issue_key"]].finished,
            moment(row["updated"]),
            row["assignee_display_name"],
            row["priority_name"],
            row["parent_key"] or row["epic_key"],
        )
        for row in expected
    }
    points = {row["issue_key"]: float(row["story_point"] or 0) for row in expected}
    assert {k: reading.by_ref[k].estimate or 0 for k in known} == {
        k: max(v, 0) for k, v in points.items()
    }


def test_recorded_changelogs_say_what_another_tool_read_in_them():
    reading = read("jira-json", answers("jira/e2e/raw_tables/_raw_jira_api_issues.csv"))
    raw = "_raw_jira_api_issues"
    logs = {
        r["changelog_id"]: r
        for r in table("jira/e2e/snapshot_tables/_tool_jira_issue_changelogs.csv")
    }
    expected = Counter(
        (logs[row["changelog_id"]]["issue_id"], moment(logs[row["changelog_id"]]["created"]),
         logs[row["changelog_id"]]["author_display_name"], row["from_string"] or row["from_value"], row["to_string"] or row["to_value"])
        for row in table("jira/e2e/snapshot_tables/_tool_jira_issue_changelog_items.csv")
        if row["_raw_data_table"] == raw and row["field"] == "status"
    )  # fmt: skip
    found = Counter(
        (r.aliases[0], c.at, c.author, c.before, c.after)
        for r in reading.records
        for c in r.changes
        if c.field == "status"
    )
    assert sum(found.values()) > 100
    assert found == expected


def test_recorded_relations_say_what_another_tool_read_in_them():
    reading = read(
        "jira-json", answers("jira/e2e/raw_tables/_raw_jira_api_issue_relationships.csv")
    )
    expected = {
        (row["issue_key"], row["inward_issue_key"] or row["outward_issue_key"], row["inward"] if row["inward_issue_key"] else row["outward"])
        for row in table("jira/e2e/snapshot_tables/_tool_jira_issue_relationships.csv")
    }  # fmt: skip
    assert {(r.ref, link.ref, link.name) for r in reading.records for link in r.links} == expected
