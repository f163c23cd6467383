"""Any CSV through a column mapping, and story-point data."""

from datetime import UTC, date, datetime

import pytest

from tandem.core.importing.errors import ImportRefused
from tandem.core.importing.record import Criterion, Link
from tandem.core.importing.source import Source

from .reading import Reading, check, read, real


def test_columns_are_recognised_by_their_names():
    reading = read(
        "csv",
        "ID;Name;State;Tags;Owner;Points;Due date\n7;Pay;Doing;web, money;Ana <ana@x.example>;2,5;2026-02-01\n",
    )
    record = reading.record
    assert (record.ref, record.title, record.category) == ("7", "Pay", "started")
    assert record.labels == ("web", "money")
    assert (record.assignee, record.estimate) == ("Ana <ana@x.example>", 2.5)
    assert record.due == date(2026, 2, 1)


def test_any_mapping_is_possible():
    reading = read(
        "csv",
        "Was,Wozu,Wer\nPay,So that money comes,Ana\n",
        {"columns": {"Was": "title", "Wozu": "description", "Wer": "ignore"}},
    )
    assert (reading.record.title, reading.record.description) == ("Pay", "So that money comes")
    assert reading.record.extra == {}


def test_one_column_can_be_two_fields():
    text = "Closed Date;ID\n5/31/2023 8:04:10 AM;136197\n"
    record = read("csv", text, {"columns": {"ID": ["ref", "title"]}}).record
    assert (record.ref, record.title, record.category) == ("136197", "136197", "done")
    assert record.finished == datetime(2023, 5, 31, 8, 4, 10, tzinfo=UTC)


def test_an_unknown_column_is_refused_with_the_nearest_name():
    with pytest.raises(ImportRefused) as caught:
        read("csv", "Title,Notes\nA,b\n", {"columns": {"Titel": "title"}})
    assert "“Titel”" in caught.value.message
    assert "“Title”" in caught.value.message


def test_without_a_key_the_title_names_the_row_again_and_again():
    text = "Title,Notes\nPay,a\nShip,b\nPay,c\n"
    first, second = read("csv", text), read("csv", text)
    assert [r.ref for r in first.records] == [r.ref for r in second.records]
    assert len(first.by_ref) == 3
    assert first.warned("No column is the key")


def test_a_row_without_its_key_is_named_by_its_title():
    reading = read("csv", "ID,Title\n1,Pay\n,Ship\n")
    assert reading.records[1].ref.startswith("title:")
    assert reading.warned("Without a key: 1 row")


def test_a_blank_in_another_column_is_no_reason_to_refuse():
    assert len(read("csv", "ID,Title,State\n1,Pay,\n2,Ship,\n").records) == 2


def test_criteria_are_lines_and_ticks():
    reading = read(
        "csv",
        'Title,Acceptance criteria\nPay,"- [x] takes cards\n- [ ] sends a receipt\n3. is quick"\n',
    )
    assert reading.record.criteria == (
        Criterion("takes cards", True),
        Criterion("sends a receipt", False),
        Criterion("is quick", False),
    )


def test_tasks_beside_their_states_are_criteria():
    text = "Id,Title,Task,Task Status,Task,Task Status\n1,Pay,Draw,completed,Build,not completed\n"
    assert read("csv", text).record.criteria == (Criterion("Draw", True), Criterion("Build", False))


def test_links_are_read_from_their_columns():
    text = 'ID,Title,Blocked by,Related to,Duplicate of\nE-1,A,"E-2, E-3",E-4,E-5\n'
    assert set(read("csv", text).record.links) == {
        Link("blocked_by", "E-2"),
        Link("blocked_by", "E-3"),
        Link("relates", "E-4"),
        Link("duplicates", "E-5"),
    }


def test_unknown_kinds_can_be_mapped_and_only_to_kinds_there_are():
    text = "ID,Title,Type\n1,A,Ticket\n"
    assert read("csv", text).record.kind == "story"
    assert read("csv", text, {"kinds": {"Ticket": "bug"}}).record.kind == "bug"
    with pytest.raises(ImportRefused, match="Kinds are"):
        read("csv", text, {"kinds": {"Ticket": "task"}})


def test_a_windows_1252_file_is_read_with_a_warning():
    source = Source.from_bytes("ID;Titel\n1;Größe\n".encode("cp1252"))
    reading = Reading("csv", source)
    assert reading.record.title == "Größe"
    assert reading.warnings[0].line == 2


def test_rows_one_cell_short_are_read_as_linear_writes_them():
    text = "ID,Title,Status,Updated,Parent issue\n"
    text += (
        "E-1,A,Done,Tue May 14 2024 08:53:33 GMT+0000 (GMT)\nE-2,B,Todo,2024-05-14T08:53:33.000Z\n"
    )
    reading = read("csv", text)
    assert [record.updated for record in reading.records] == [
        datetime(2024, 5, 14, 8, 53, 33, tzinfo=UTC)
    ] * 2
    assert [warning.line for warning in reading.warnings] == [2]


def test_a_header_below_a_title_is_found_as_asana_sheets_have_it():
    text = "https://app.example/board,,,\n,,,\nTask ID,Name,Section/Column,Completed At\n9,Pay,Doing,\n,,,\n8,Ship,Somewhere,2026-01-02\n"
    reading = read("csv", text)
    assert [(r.ref, r.category) for r in reading.records] == [("9", "started"), ("8", "done")]
    assert reading.records[0].line == 4


def test_a_declined_row_is_dropped():
    assert read("csv", "ID,Title,State\n1,A,Rejected\n").record.category == "dropped"


def test_rows_of_an_import_template_find_their_parent_by_row_number():
    reading = Reading("csv", real("redmine_csv/import_subtasks.csv"))
    root, child = reading.records[0], reading.records[1]
    assert child.parent_ref in root.aliases
    assert not root.ref.startswith("1")


@pytest.mark.parametrize(
    ("path", "rows"),
    [
        ("azure_devops_csv/workitems.csv", 6),
        ("azure_devops_csv/Untitled query (1).csv", 2),
        ("redmine_csv/import_issues.csv", 3),
        ("redmine_csv/import_issues_utf8_with_bom.csv", 3),
        ("redmine_csv/import_issues_single_quotation.csv", 3),
        ("redmine_csv/import_dates.csv", 3),
        ("redmine_csv/import_issues_no_data_row.csv", 0),
        ("linear_plane/plane_to_linear/plane.csv", 1),
        ("linear_plane/plane_to_linear/linear.csv", 1),
        ("trello/wekan/CSV/board-import.csv", 25),
    ],
)
def test_exports_of_other_trackers_are_read(path, rows):
    reading = Reading("csv", real(path))
    assert (len(reading.records), len(reading.refusals)) == (rows, 0)


def test_azure_items_keep_person_kind_and_state():
    record = Reading("csv", real("azure_devops_csv/Untitled query (1).csv")).by_ref["215"]
    assert record.assignee.startswith("Dileep Kumar <")
    assert (record.kind_name, record.category) == ("Issue", "started")


def test_an_american_file_is_read_month_first():
    reading = Reading("csv", real("trello/wekan/CSV/board-import.csv"))
    assert reading.records[0].due == date(2020, 5, 6)
    assert reading.records[0].started == datetime(2020, 3, 20, tzinfo=UTC)


def test_a_row_too_long_is_refused_in_a_real_file():
    reading = Reading("csv", real("redmine_csv/import_issues_auto_mapping.csv"))
    assert [refusal.line for refusal in reading.refusals] == [2]


def test_a_row_without_subject_is_refused_in_a_real_file():
    reading = Reading("csv", real("redmine_csv/import_issues_with_relation_and_invalid_issues.csv"))
    assert (len(reading.records), [r.line for r in reading.refusals]) == (4, [4])


def test_the_key_is_the_title_where_nothing_else_is():
    reading = read("csv", "ID;Closed Date;Points\n136197;2026-01-05;3\n")
    assert (reading.record.ref, reading.record.title) == ("136197", "136197")


def test_finished_items_without_title_can_be_mapped_for_their_history():
    source = real("flowmetrics/ExampleFile.csv")
    reading = Reading("csv", source, {"columns": {"ID": ["ref", "title"]}})
    assert len(reading.records) == 266
    assert all(record.started for record in reading.records)
    assert (
        sum(record.category == "done" and record.finished is not None for record in reading.records)
        == 261
    )
    assert not reading.refusals


def test_story_points_are_read():
    reading = read(
        "storypoints-csv",
        'issuekey,title,description,storypoint\nB-1,One,NULL,3\nB-2,Two,"see {{x}}",13\n',
    )
    assert [(r.ref, r.estimate, r.description) for r in reading.records] == [
        ("B-1", 3.0, ""),
        ("B-2", 13.0, "see `x`"),
    ]


@pytest.mark.parametrize(
    ("name", "rows", "points"),
    [
        ("usergrid", 482, 1375),
        ("mulestudio", 732, 4682),
        ("duracloud", 666, 1417),
        ("bamboo", 521, 1260),
    ],
)
def test_the_four_story_point_projects_are_read(name, rows, points):
    reading = Reading("storypoints-csv", real(f"jira_storypoints/{name}.csv"))
    assert (len(reading.records), reading.refusals, reading.warnings) == (rows, [], [])
    assert sum(record.estimate for record in reading.records) == points


def test_the_check_keeps_a_file_without_title_alive_for_mapping():
    found = check("csv", "When;Points\n2026-01-01;3\n")
    assert "Map one column to “title”" in found.blocking
    assert {column.name for column in found.columns} == {"When", "Points"}
