"""GitHub's issues in their shapes."""

import csv
import json
import sys
from datetime import UTC, datetime

import pytest

from tandem.core.importing.errors import ImportRefused

from .reading import Reading, read, real, source_of


def issue(number: int = 4, **fields) -> dict:
    return {
        "number": number,
        "title": "Pay",
        "state": "open",
        "html_url": f"https://github.com/club/sea/issues/{number}",
        "user": {"login": "ana"},
        "labels": [{"name": "web"}],
        "body": "By *card*\r\nsoon",
        "created_at": "2026-01-02T03:04:05Z",
        "closed_at": None,
    } | fields


def test_an_issue_of_the_rest_api_becomes_a_record():
    record = read(
        "github",
        [issue(assignees=[{"login": "ben"}, {"login": "cara"}], milestone={"title": "v1"})],
    ).record
    assert (record.ref, record.title, record.category) == ("club/sea#4", "Pay", "open")
    assert (record.description, record.labels) == ("By *card*\nsoon", ("web",))
    assert (record.reporter, record.assignee) == ("ana", "ben")
    assert record.created == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert record.extra == {"Assignees": ("ben", "cara"), "Milestone": "v1"}
    assert "#4" in record.aliases


@pytest.mark.parametrize(
    "content",
    [
        [issue(1), issue(2)],
        [[issue(1)], [issue(2)]],
        json.dumps([issue(1)]) + json.dumps([issue(2)]),
        json.dumps(issue(1)) + "\n" + json.dumps(issue(2)) + "\n",
        {"items": [issue(1), issue(2)]},
        {"repo": "club/sea", "issues": [issue(1), issue(2)], "pulls": []},
    ],
)
def test_pages_lines_and_archives_hold_the_same_issues(content):
    reading = read("github", content)
    assert [(r.line, r.ref) for r in reading.records] == [(1, "club/sea#1"), (2, "club/sea#2")]


def test_pull_requests_are_left_out_and_counted():
    reading = read("github", [issue(1), issue(2, pull_request={"url": "x"})])
    assert len(reading.records) == 1
    assert not reading.refusals
    assert reading.warned("Left out: 1 pull request.")


@pytest.mark.parametrize(
    ("fields", "category", "status"),
    [
        ({"state": "closed"}, "done", "closed"),
        ({"state": "closed", "state_reason": "completed"}, "done", "closed"),
        ({"state": "closed", "state_reason": "not_planned"}, "dropped", "closed: not planned"),
        ({"state": "CLOSED", "stateReason": "NOT_PLANNED"}, "dropped", "closed: not planned"),
        ({"state": "closed", "labels": ["wontfix"]}, "dropped", "closed"),
        ({"state": "open", "labels": ["wontfix"]}, "open", "open"),
        ({"state": "open", "state_reason": "reopened"}, "open", "open"),
    ],
)
def test_the_reason_for_closing_counts(fields, category, status):
    record = read("github", [issue(closed_at="2026-02-01T00:00:00Z", **fields)]).record
    assert (record.category, record.status) == (category, status)
    assert (record.finished is not None) == (category != "open")


def test_a_mapped_status_still_yields_to_a_label_that_gives_up():
    issues = [
        issue(1, state="closed", labels=["invalid"]),
        issue(2, state="closed", state_reason="not_planned"),
    ]
    mapping = {"statuses": {"closed": "done", "closed: not planned": "done"}}
    assert [r.category for r in read("github", issues, mapping).records] == ["dropped", "done"]


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"labels": ["bug"]}, "bug"),
        ({"labels": ["type: Bug"]}, "bug"),
        ({"labels": ["tech debt"]}, "debt"),
        ({"labels": ["enhancement"]}, "story"),
        ({"labels": [], "type": {"name": "Bug"}}, "bug"),
        ({"labels": []}, "story"),
    ],
)
def test_labels_and_types_say_the_kind(fields, kind):
    assert read("github", [issue(**fields)]).record.kind == kind


def test_the_command_line_tools_shape_is_read():
    record = read(
        "github",
        [
            {
                "number": 7,
                "title": "Pay",
                "state": "CLOSED",
                "author": {"login": "ana"},
                "createdAt": "2026-01-02T00:00:00Z",
                "closedAt": "2026-01-03T00:00:00Z",
                "url": "https://github.com/club/sea/issues/7",
                "comments": [
                    {
                        "author": {"login": "ben"},
                        "body": "Soon",
                        "createdAt": "2026-01-02T01:00:00Z",
                    }
                ],
            }
        ],
    ).record
    assert (record.ref, record.reporter, record.category) == ("club/sea#7", "ana", "done")
    assert record.comments[0].author == "ben"


def test_a_sub_issue_names_its_parent():
    parent = "https://api.github.com/repos/club/sea/issues/3"
    assert read("github", [issue(parent_issue_url=parent)]).record.parent_ref == "club/sea#3"


def test_what_is_no_issue_is_refused_at_its_position():
    reading = read("github", [issue(1), 5, {"title": "x"}, issue(1), issue(2, title=None)])
    assert [refusal.line for refusal in reading.refusals] == [2, 3, 4, 5]


@pytest.mark.parametrize("content", [{}, {"cards": []}, 3])
def test_it_refuses_what_holds_no_issues(content):
    with pytest.raises(ImportRefused, match="no GitHub issues"):
        read("github", content)


def test_an_empty_list_has_no_rows():
    assert read("github", []).records == []


def test_the_archive_of_a_repository_is_read():
    reading = Reading("github", real("github_issues/archive.json"))
    assert (len(reading.records), reading.refusals) == (42, [])
    assert sum(r.category == "done" for r in reading.records) == 14
    assert sum(len(r.comments) for r in reading.records) == 140
    assert reading.warned("Left out: 61 pull requests.")
    record = reading.by_ref["pcapng/pcapng#4"]
    assert (record.title, record.reporter) == ("Auto-Generate", "alagoutte")
    assert record.url == "https://github.com/pcapng/pcapng/issues/4"


def test_raw_answers_of_the_rest_api_are_read():
    source = real("devlake/github/e2e/raw_tables/_raw_github_api_issues.csv")
    csv.field_size_limit(sys.maxsize)
    with source.text() as stream:
        issues = [json.loads(row["data"]) for row in csv.DictReader(stream)]
    reading = Reading("github", source_of(issues))
    assert len(issues) == 42
    assert (len(reading.records), reading.refusals) == (26, [])
    assert reading.warned("Left out: 16 pull requests.")
    assert reading.by_ref["panjf2000/ants#5"].category == "done"
    assert reading.by_ref["panjf2000/ants#5"].finished is not None
