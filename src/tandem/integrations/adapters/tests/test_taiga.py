"""Taiga's dump: four lists with one numbering, points by role, diffs by number or name."""

from datetime import UTC, datetime

import pytest

from tandem.core.importing.errors import ImportRefused
from tandem.core.importing.record import Change

from .reading import check, read

ANA = ["ana@sea.test", "Ana N"]


def dump(**parts) -> dict:
    return {
        "name": "Sea",
        "is_kanban_activated": True,
        "us_statuses": [
            {"name": "New", "is_closed": False},
            {"name": "Aground", "is_closed": False},
            {"name": "Out", "is_closed": True},
            {"name": "Old", "is_archived": True, "is_closed": False},
        ],
        "issue_statuses": [
            {"name": "Ready for test", "is_closed": True},
            {"name": "Rejected", "is_closed": True},
        ],
        "task_statuses": [{"name": "New", "is_closed": False}],
        "points": [
            {"name": "?", "value": None},
            {"name": "1/2", "value": 0.5},
            {"name": "8", "value": 8},
        ],
    } | parts


def story(ref: int = 7, **fields) -> dict:
    return {
        "ref": ref,
        "subject": "Pay",
        "status": "New",
        "created_date": "2026-01-05T09:00:00+0000",
    } | fields


def test_stories_tasks_issues_and_epics_stand_in_their_hierarchy():
    reading = read(
        "taiga",
        dump(
            epics=[{"ref": 1, "subject": "Ferries", "status": "New", "related_user_stories": [
                {"user_story": 7, "source_project_slug": None}, {"user_story": 3, "source_project_slug": "other"}]}],
            user_stories=[story(7, tags=["web, fast"], backlog_order=2), story(8, status="Old", backlog_order=1)],
            tasks=[story(9, subject="Button", user_story=7)],
            issues=[story(10, type="Bug", status="Ready for test", priority="High", finished_date="2026-01-09T09:00:00+0000"),
                    story(11, type="Question", status="Rejected"), {"subject": "x"}, "y"],
            wiki_pages=[{"slug": "home"}],
        ),
    )  # fmt: skip
    by_ref = reading.by_ref
    assert {ref: r.parent_ref for ref, r in by_ref.items() if r.parent_ref} == {"7": "1", "9": "7"}
    assert [by_ref[ref].kind for ref in ("1", "7", "9", "10", "11")] == [
        "epic",
        "story",
        "story",
        "bug",
        "story",
    ]
    assert [by_ref[ref].category for ref in ("7", "8", "10", "11")] == [
        "open",
        "dropped",
        "done",
        "dropped",
    ]
    assert by_ref["7"].labels == ("web, fast",)
    assert by_ref["1"].rank < by_ref["8"].rank < by_ref["7"].rank
    assert len(reading.refusals) == 2
    assert reading.warned("Left out: 1 wiki page.")


@pytest.mark.parametrize(
    ("points", "estimate"), [(["8", "1/2"], 8.5), (["8", "?"], 8), (["?", "?"], None), ([], None)]
)
def test_points_are_the_sum_of_what_the_roles_say(points, estimate):
    roles = [{"role": str(place), "points": name} for place, name in enumerate(points)]
    assert read("taiga", dump(user_stories=[story(role_points=roles)])).record.estimate == estimate


def test_history_gives_moves_and_comments_with_their_people():
    history = [
        {"created_at": "2026-01-09T09:00:00+0000", "user": [None, "Gone"], "diff": {"status": [2, 3]},
         "values": {"status": {"2": "Aground", "3": "Out"}}, "comment": ""},
        {"created_at": "2026-01-07T09:00:00+0000", "user": ANA, "diff": {"status": ["New", "Aground"], "assigned_to": [None, ANA[0]]},
         "comment": "Off we go"},
        {"created_at": "2026-01-08T09:00:00+0000", "user": ANA, "diff": {}, "comment": "Oops", "delete_comment_date": "2026-01-08"},
    ]  # fmt: skip
    content = dump(user_stories=[story(status="Out", assigned_to=ANA[0], history=history)])
    record = read("taiga", content, {"statuses": {"Aground": "started"}}).record
    first, second = datetime(2026, 1, 7, 9, tzinfo=UTC), datetime(2026, 1, 9, 9, tzinfo=UTC)
    assert record.changes == (
        Change(first, "Ana N", "status", "New", "Aground", "started"),
        Change(first, "Ana N", "assignee", "", "Ana N"),
        Change(second, "Gone", "status", "Aground", "Out", "done"),
    )
    assert (record.started, record.finished, record.assignee) == (
        first,
        second,
        "Ana N <ana@sea.test>",
    )
    assert [(c.author, c.text) for c in record.comments] == [("Ana N", "Off we go")]
    assert check("taiga", content).records == 1


def test_something_else_is_refused():
    with pytest.raises(ImportRefused, match="no Taiga dump"):
        read("taiga", {"name": "Sea"})
