"""Linear, Plane, Azure Boards and Redmine: what their CSV files hold and the traps in them."""

from datetime import UTC, date, datetime

import pytest

from tandem.core.importing.record import Criterion, Link
from tandem.integrations.adapters import adapter_for

from .reading import Reading, check, read, real, source_of

LINEAR = (
    '"ID","Team","Title","Description","Status","Estimate","Priority","Creator","Assignee","Labels","Cycle Number",'
    '"Created","Started","Completed","Canceled","Archived","Due Date","Parent issue","Blocked by","Duplicate of"\n'
)


def test_a_linear_issue_keeps_its_relations_dates_and_lines():
    reading = read(
        "linear-csv",
        LINEAR
        + '"SEA-7","Sea","Pay, now","Two\nlines","Done","3","High","ana@sea.test","Ben","web, pay","2",'
        '"2026-01-05T09:00:00.000Z","Tue Jan 06 2026 10:00:00 GMT+0100 (CET)","2026-01-09T09:00:00.000Z","","","",'
        '"SEA-1","SEA-2, SEA-3","SEA-4"\n',
    )
    record = reading.record
    assert (record.ref, record.title, record.description) == ("SEA-7", "Pay, now", "Two\nlines")
    assert (record.category, record.estimate, record.labels) == ("done", 3, ("web", "pay"))
    assert record.started == datetime(2026, 1, 6, 9, tzinfo=UTC)
    assert record.finished == datetime(2026, 1, 9, 9, tzinfo=UTC)
    assert record.parent_ref == "SEA-1"
    assert record.links == (
        Link("blocked_by", "SEA-2"), Link("blocked_by", "SEA-3"), Link("duplicates", "SEA-4"),
    )  # fmt: skip


def test_a_linear_issue_archived_unfinished_is_given_up_and_a_finished_one_stays_done():
    rows = "".join(
        f'"SEA-{n}","Sea","T{n}","","{status}","","","","","","","","","","{gone}","2026-02-01","","","",""\n'
        for n, status, gone in ((1, "Todo", ""), (2, "Done", ""), (3, "Canceled", "2026-01-31"))
    )
    reading = read("linear-csv", LINEAR + rows)
    assert [r.category for r in reading.records] == ["dropped", "done", "dropped"]


PLANE = "Project,ID,Name,Description,State,Target Date,Priority,Assignee,Labels,Module Name,Created At,Archived At\n"


def test_a_planes_html_people_and_archive_are_read():
    reading = read(
        "plane-csv",
        PLANE + 'Sea,SEA-7,Pay,"<p>By <strong>card</strong></p><ul><li>fast</li></ul>",In Progress,'
        '"Thu, 24 Apr 2026 10:17:06 UTC+0000",urgent,"Ana N, Ben",web,,,"Fri, 25 Apr 2026 10:17:06 UTC+0000"\n'
        "Sea,SEA-7,Again,,Todo,,,,,,,\n",
    )
    record = reading.record
    assert record.description == "By **card**\n\n- fast"
    assert (record.assignee, record.extra["Assignees"]) == ("Ana N", ("Ana N", "Ben"))
    assert (record.category, record.due) == ("dropped", date(2026, 4, 24))
    assert "in line 2 already" in reading.refusals[0].reason


AZURE = "\ufeffID,Work Item Type,Title 1,Title 2,Title 3,Assigned To,State,Tags,Story Points,Original Estimate,Acceptance Criteria\n"


def test_an_azure_tree_gives_every_row_the_row_above_it_as_parent():
    reading = read(
        "azure-csv",
        AZURE + '"1","Epic","Ferries",,,,"New","","",,\n'
        '"2","Feature",,"Booking",,,"Active","","",,\n'
        '"3","User Story",,,"Pay","Ana N <ana@sea.test>","Removed","web; by, card","5","12","<ul><li>Card &amp; cash</li><li>Receipt</li></ul>"\n'
        '"4","Bug",,"Wrong total",,,"Closed","","",,\n'
        '"5","Epic","Harbour",,,,"New","","",,\n',
    )
    assert [r.parent_ref for r in reading.records] == ["", "1", "2", "1", ""]
    assert [r.kind for r in reading.records] == ["epic", "epic", "story", "bug", "epic"]
    pay = reading.by_ref["3"]
    assert (pay.labels, pay.category, pay.estimate) == (("web", "by, card"), "dropped", 5)
    assert pay.criteria == (Criterion("Card & cash"), Criterion("Receipt"))
    assert pay.extra == {"Original Estimate": "12"}
    assert reading.warned("Hours, not points: “Original Estimate”")
    assert check("azure-csv", AZURE + '"1","Epic","A",,,,"New","","",,\n').columns[2].fields == (
        "title",
    )


REDMINE = (
    "#;Projekt;Tracker;Übergeordnetes Ticket;Status;Priorität;Thema;Autor;Zugewiesen an;Kategorie;Beginn;Abgabedatum;"
    "Geschätzter Aufwand;Geschlossen;Zugehörige Tickets;Beschreibung\n"
)
ROWS = (
    '12;Fähre;Fehler;7;Erledigt;Hoch;"Prüfung; Kasse";Änne;Ben;Zahlung;07.08.2026;31.08.2026;1,50;09.08.2026 14:33;'
    '"Beziehung mit #3, Blockiert durch #4, Vorgänger von #5 (2 Tage)";"h1. Kasse\n\nSiehe ""hier"":https://sea.test/a."\n'
    "13;Fähre;Feature;12;Neu;Normal;Quittung;Änne;;;13.08.2026;;;;;\n"
)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_a_redmine_list_is_read_in_the_language_and_encoding_it_was_exported_in(encoding):
    from tandem.core.importing.source import Source

    source = Source.from_bytes((REDMINE + ROWS).encode(encoding))
    assert adapter_for(source).name == "redmine-csv"
    first, second = Reading("redmine-csv", source).records
    assert (first.ref, first.title, first.kind) == ("12", "Prüfung; Kasse", "bug")
    assert (first.reporter, first.labels, first.priority) == ("Änne", ("Zahlung",), "Hoch")
    assert (first.due, first.parent_ref) == (date(2026, 8, 31), "7")
    assert first.finished == datetime(2026, 8, 9, 14, 33, tzinfo=UTC)
    assert [(link.kind, link.ref) for link in first.links] == [
        ("relates", "3"), ("blocked_by", "4"), ("blocks", "5"),
    ]  # fmt: skip
    assert first.description.startswith("# Kasse")
    assert "[hier](https://sea.test/a" in first.description
    assert (first.estimate, first.extra["Geschätzter Aufwand"]) == (None, "1,50")
    assert second.parent_ref in (*first.aliases, first.ref)


def test_hours_are_an_estimate_when_a_person_says_so():
    mapping = {"columns": {"Geschätzter Aufwand": "estimate"}}
    reading = read("redmine-csv", REDMINE + ROWS, mapping)
    assert reading.by_ref["12"].estimate == 1.5
    assert not reading.warned("Hours")


def test_rows_for_redmines_importer_find_their_parent_by_its_place():
    content = (
        "tracker;subject;status;parent;estimated_hours\nbug;Root;new;;2\nbug;;new;;\n"
        "bug;Child;new;1;\nbug;Elsewhere;new;#1;\n"
    )
    reading = read("redmine-csv", content)
    root, child, elsewhere = reading.records
    assert (root.aliases, child.parent_ref, elsewhere.parent_ref) == (("1",), "1", "#1")
    assert child.aliases == ("3",)  # the row without a subject was the second


@pytest.mark.parametrize(
    ("path", "rows"),
    [
        ("linear_plane/plane_to_linear/linear.csv", [("Make smooth", "started", "", ())]),
        ("linear_plane/plane_to_linear/plane.csv", [("Make smooth", "started", "", ())]),
        ("azure_devops_csv/Untitled query (1).csv", [("sdfghjkl;'dfghjkl;", "started", "", ()), ("azure git issues", "started", "", ())]),
        ("redmine_csv/import_issues_utf8_with_bom.csv", [("First", "open", "", ()), ("Child 1", "open", "1", ()), ("Child of existing issue", "started", "#2", ())]),
        ("redmine_csv/import_issues_with_relation_and_invalid_issues.csv", [("Issue 1", "open", "", ()), ("Issue 2", "open", "", ("1",)), ("Issue 4", "open", "", ("3",)), ("Issue 5", "open", "", ())]),
        ("redmine_csv/import_subtasks_with_relations.csv", [("2nd Child", "open", "3", ("2",)), ("1st Child", "open", "3", ()), ("Parent", "open", "", ()), ("3rd Child", "open", "3", ("1",))]),
    ],
)  # fmt: skip
def test_real_tables_are_read_with_their_parents_and_relations(path, rows):
    source = real(path)
    reading = Reading(adapter_for(source).name, source)
    found = [
        (r.title, r.category, r.parent_ref, tuple(link.ref for link in r.links))
        for r in reading.records
    ]
    assert found == rows


def test_a_real_file_whose_row_is_wider_than_its_header_is_refused_row_by_row():
    reading = Reading("redmine-csv", real("redmine_csv/import_issues_auto_mapping.csv"))
    assert (len(reading.records), len(reading.refusals)) == (0, 1)


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("5 < 6 & so", "5 < 6 & so"),
        ("a &lt;b&gt; c", "a <b> c"),
        ("<div>One</div><div>Two<br>Three</div>", "One\nTwo\nThree"),
        ("<h2>Why</h2><p>x <a href='http://a.test/(b)'>y</a></p>", "## Why\n\nx [y](http://a.test/%28b%29)"),
        ("<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>", "1. a\n   - b\n2. c"),
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2|3</td></tr></table>", "| a | b |\n| --- | --- |\n| 1 | 2\\|3 |"),
        ("<p>a</p><script>alert(1)</script><style>b{}</style>", "a"),
        ("<pre>x\n  y</pre>", "```\nx\n  y\n```"),
        ("<p>open <b>never closed", "open **never closed"),
    ],
)  # fmt: skip
def test_html_becomes_markdown(html, markdown):
    assert (
        read("plane-csv", PLANE + f'Sea,S-1,T,"{html}",Todo,,,,,,,\n').record.description
        == markdown
    )


def test_a_million_open_tags_are_read_without_harm():
    assert adapter_for(source_of(PLANE)).name == "plane-csv"
    html = "<blockquote><ul><li>" * 20_000
    assert read("plane-csv", PLANE + f'Sea,S-1,T,"{html}",Todo,,,,,,,\n').records
