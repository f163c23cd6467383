"""Jira's CSV, in the shapes real exports have."""

from datetime import UTC, date, datetime

import pytest

from tandem.core.importing.errors import ImportRefused
from tandem.core.importing.record import Link

from .reading import Reading, check, read, real

HEAD = "Summary,Issue key,Issue id,Issue Type,Status,Status Category,Resolution,Created,Resolved"


def row(status: str, category: str = "", resolution: str = "", key: str = "A-1") -> str:
    resolved = "25/Jun/26 9:00 AM" if resolution else ""
    return f"Title,{key},1,Story,{status},{category},{resolution},24/Jun/26 5:39 PM,{resolved}"


def category(*fields: str) -> str:
    return read("jira-csv", f"{HEAD}\n{row(*fields)}\n").record.category


@pytest.mark.parametrize(
    ("status", "of_tracker", "expected"),
    [
        ("To Do", "To Do", "open"),
        ("Building", "In Progress", "started"),
        ("Shown to the club", "Done", "done"),
        ("Won't Do", "Done", "dropped"),  # the name wins over the category it sits in
        ("Won’t Do", "Done", "dropped"),
        ("Canceled", "Done", "dropped"),
        ("Done", "To Do", "done"),
        ("Irgendwas", "In Arbeit", "started"),
        ("Algo", "Listo", "done"),
        ("Cualquiera", "Por hacer", "open"),
        ("Quelque chose", "En cours", "started"),
        ("Qualquer", "Concluído", "done"),
        ("Fresh", "new", "open"),
        ("Going", "indeterminate", "started"),
        ("Nobody knows", "", "open"),
        ("In code review now", "", "started"),
        ("Not done", "", "open"),
    ],
)
def test_a_status_becomes_a_category(status, of_tracker, expected):
    assert category(status, of_tracker) == expected


def test_a_resolution_that_gives_up_is_dropped_though_the_status_is_done():
    assert category("Closed", "Done", "Won't Fix") == "dropped"
    assert category("Closed", "Done", "Done") == "done"
    assert category("In Progress", "In Progress", "Duplicate") == "started"


def test_a_mapped_status_wins_over_everything():
    reading = read(
        "jira-csv",
        f"{HEAD}\n{row('Won’t Do', 'Done')}\n",
        {"statuses": {"Won’t Do": {"category": "open", "name": "Later"}}},
    )
    assert (reading.record.category, reading.record.status) == ("open", "Later")
    assert reading.record.status_name == "Won’t Do"


def test_a_mapped_status_still_yields_to_a_resolution_that_gives_up():
    text = (
        f"{HEAD}\n{row('Closed', 'Done', 'Duplicate')}\n{row('Closed', 'Done', 'Fixed', 'A-2')}\n"
    )
    reading = read("jira-csv", text, {"statuses": {"Closed": "done"}})
    assert [record.category for record in reading.records] == ["dropped", "done"]


def test_only_finished_rows_have_a_date_of_finishing():
    assert read("jira-csv", f"{HEAD}\n{row('Done', 'Done', 'Done')}").record.finished == datetime(
        2026, 6, 25, 9, tzinfo=UTC
    )
    assert read("jira-csv", f"{HEAD}\n{row('To Do', 'To Do', 'Done')}").record.finished is None


def test_the_change_of_category_dates_what_has_no_resolution_date():
    text = "Summary,Issue key,Issue Type,Status,Resolved,Status Category Changed\nA,A-1,Bug,Done,,1/Feb/26 1:00 PM\n"
    assert read("jira-csv", text).record.finished == datetime(2026, 2, 1, 13, tzinfo=UTC)


def test_repeated_columns_are_several_values():
    reading = read(
        "jira-csv",
        "\ufeffSummary,Issue key,Labels,Labels,Labels,Sprint,Sprint\nA,A-1,web,,money,One,Two\n",
    )
    assert reading.record.labels == ("web", "money")
    assert reading.record.extra["Sprint"] == ("One", "Two")


def test_labels_joined_in_one_cell_are_several():
    assert read("jira-csv", 'Summary,Issue key,Labels\nA,A-1,"web, money b"\n').record.labels == (
        "web",
        "money",
        "b",
    )


@pytest.mark.parametrize(
    ("header", "link"),
    [
        ("Outward issue link (Blocks)", Link("blocks", "A-2", "Blocks")),
        ("Inward issue link (Blocks)", Link("blocked_by", "A-2", "Blocks")),
        ("Outward issue link (Duplicate)", Link("duplicates", "A-2", "Duplicate")),
        ("Inward issue link (Duplicate)", Link("duplicated_by", "A-2", "Duplicate")),
        ("Inward issue link (Cloners)", Link("relates", "A-2", "Cloners")),
        ("Outward issue link (Problem/Incident)", Link("relates", "A-2", "Problem/Incident")),
        ("Enlace de incidencia de salida (Blocks)", Link("blocks", "A-2", "Blocks")),
    ],
)
def test_issue_links_keep_their_direction(header, link):
    assert read("jira-csv", f"Summary,Issue key,{header}\nA,A-1,A-2\n").record.links == (link,)


def test_links_repeat_as_columns():
    text = (
        "Summary,Issue key,Inward issue link (Blocks),Inward issue link (Blocks)\nA,A-1,A-2,A-3\n"
    )
    assert [link.ref for link in read("jira-csv", text).record.links] == ["A-2", "A-3"]


@pytest.mark.parametrize(
    "header",
    ["Parent key", "Parent", "Custom field (Epic Link)", "Custom field (Parent Link)", "Parent id"],
)
def test_parents_stand_in_several_columns(header):
    assert read("jira-csv", f"Summary,Issue key,{header}\nA,A-1,A-9\n").record.parent_ref == "A-9"


def test_the_parents_key_is_preferred_to_its_number():
    text = "Summary,Issue key,Parent,Parent key\nA,A-1,91516,A-9\n"
    assert read("jira-csv", text).record.parent_ref == "A-9"


def test_a_number_of_the_row_is_an_alias_so_that_parents_can_be_found():
    text = "Summary,Issue key,Issue id,Parent id\nA,A-1,101,\nB,A-2,102,101\n"
    reading = read("jira-csv", text)
    assert reading.by_ref["A-2"].parent_ref in reading.by_ref["A-1"].aliases


@pytest.mark.parametrize(
    "header", ["Custom field (Story Points)", "Custom field (Story point estimate)", "Story Points"]
)
def test_story_points_have_two_names(header):
    assert read("jira-csv", f"Summary,Issue key,{header}\nA,A-1,3.0\n").record.estimate == 3.0


def test_the_column_with_points_counts_when_both_are_there():
    text = "Summary,Issue key,Custom field (Story Points),Custom field (Story point estimate)\nA,A-1,,5\nB,A-2,2,\n"
    assert [record.estimate for record in read("jira-csv", text).records] == [5.0, 2.0]


def test_seconds_and_custom_fields_are_kept():
    text = "Summary,Issue key,Original estimate,Custom field (Team),Custom field (Colour),Votes\nA,A-1,7200,Blue,,3\n"
    assert read("jira-csv", text).record.extra == {
        "Original estimate": "7200",
        "Custom field (Team)": "Blue",
    }


def test_comments_carry_date_author_and_text():
    text = (
        "Summary,Issue key,Assignee,Assignee Id,Comment,Comment,Comment\n"
        'A,A-1,Ana,712:1,24/Jun/26 5:39 PM;712:1;"*Soon*; very soon",16/Feb/17 3:29 PM;;Nobody,just text\n'
    ).replace('"*Soon*; very soon"', "*Soon*; very soon")
    first, second, third = read("jira-csv", text).record.comments
    assert (first.author, first.at, first.text) == (
        "Ana",
        datetime(2026, 6, 24, 17, 39, tzinfo=UTC),
        "**Soon**; very soon",
    )
    assert (second.author, second.text) == ("", "Nobody")
    assert (third.at, third.text) == (None, "just text")


def test_mentions_become_names():
    text = "Summary,Issue key,Reporter,Reporter Id,Description\nA,A-1,Ben,712:2,Ask [~accountid:712:2] or [~cara]\n"
    assert read("jira-csv", text).record.description == "Ask @Ben or @cara"


def test_attachments_are_kept_as_links():
    text = (
        "Summary,Issue key,Attachment,Attachment\n"
        "A,A-1,21/Aug/25 10:42 AM;712:1;plan.png;https://x.example/1,note\n"
    )
    assert read("jira-csv", text).record.extra["Attachment"] == (
        "[plan.png](https://x.example/1)",
        "note",
    )


LOCALISED = {
    "es": "Resumen,Clave de incidencia,ID de la incidencia,Tipo de Incidencia,Estado,Categoría de estado,Prioridad,"
    "Persona asignada,Informador,Creada,Descripción,Etiquetas,Campo personalizado (Story Points),Comentario",
    "de": "Zusammenfassung,Vorgangsschlüssel,Vorgangs-ID,Vorgangstyp,Status,Statuskategorie,Priorität,"
    "Zugewiesene Person,Autor,Erstellt,Beschreibung,Stichwörter,Benutzerdefiniertes Feld (Story Points),Kommentar",
    "fr": "Résumé,Clé de ticket,ID de ticket,Type de ticket,État,Catégorie d'état,Priorité,"
    "Personne assignée,Rapporteur,Création,Description,Étiquettes,Champ personnalisé (Story Points),Commentaire",
    "pt": "Resumo,Chave da item,ID da item,Tipo de item,Status,Categoria do status,Prioridade,"
    "Responsável,Relator,Criado,Descrição,Etiquetas,Campo personalizado (Story Points),Comentário",
}


@pytest.mark.parametrize("language", LOCALISED)
def test_localised_headers_are_understood(language):
    values = "Uno,P-7,10007,Error,En curso,En curso,High,Ana,Ben,11/abr/26 9:33 AM,Texto,web,5,hola"
    record = read("jira-csv", f"\ufeff{LOCALISED[language]}\n{values}\n").record
    assert (record.ref, record.title, record.kind, record.category) == (
        "P-7",
        "Uno",
        "bug",
        "started",
    )
    assert (record.assignee, record.reporter, record.priority) == ("Ana", "Ben", "High")
    assert record.created == datetime(2026, 4, 11, 9, 33, tzinfo=UTC)
    assert (record.aliases, record.description, record.labels) == (("10007",), "Texto", ("web",))
    assert record.estimate == 5.0
    assert record.comments[0].text == "hola"


def test_a_filtered_export_with_few_columns_is_read():
    record = read("jira-csv", "Issue key,Summary\nA-1,One\n").record
    assert (record.ref, record.title, record.kind, record.category) == (
        "A-1",
        "One",
        "story",
        "open",
    )


def test_without_a_title_it_asks_for_the_column():
    with pytest.raises(ImportRefused, match="No column is the title"):
        read("jira-csv", "Issue key,Issue Type\nA-1,Bug\n")
    found = check("jira-csv", "Issue key,Issue Type\nA-1,Bug\n")
    assert "No column is the title" in found.blocking
    assert [column.name for column in found.columns] == ["Issue key", "Issue Type"]


def test_day_and_month_are_settled_by_the_file():
    text = "Summary,Issue key,Created,Due date\nA,A-1,7/9/2026,7/9/2026\nB,A-2,16/02/2017 15:26,\n"
    reading = read("jira-csv", text)
    assert reading.by_ref["A-1"].due == date(2026, 9, 7)
    assert not reading.warnings


def test_undecidable_dates_are_asked_about():
    text = "Summary,Issue key,Created\nA,A-1,7/9/2026\n"
    assert not check("jira-csv", text).dates.certain
    assert read("jira-csv", text).warned("read both ways")
    decided = read("jira-csv", text, {"date_order": "mdy"})
    assert decided.record.created == datetime(2026, 7, 9, tzinfo=UTC)
    assert not decided.warnings


def test_an_unreadable_cell_is_kept_and_warned_about():
    text = "Summary,Issue key,Due date,Story Points\nA,A-1,whenever,large\n"
    reading = read("jira-csv", text)
    assert (reading.record.due, reading.record.estimate) == (None, None)
    assert reading.record.extra == {"Due date": "whenever", "Story Points": "large"}
    assert reading.warned("“whenever” is not a date")
    assert reading.warned("“large” is not a number")


def test_many_warnings_about_one_column_are_summed_up():
    rows = "\n".join(f"T{n},A-{n},whenever" for n in range(1, 31))
    reading = read("jira-csv", f"Summary,Issue key,Due date\n{rows}\n")
    assert len(reading.records) == 30
    assert reading.warned("10 more cells are not a date")


def test_every_row_is_accounted_for():
    text = "Summary,Issue key\nA,A-1\n,A-2\nC,A-1\nD,A-3,too,many\n\nE,A-4\n"
    reading = read("jira-csv", text)
    assert [record.ref for record in reading.records] == ["A-1", "A-4"]
    assert [(refusal.line, refusal.reason[:20]) for refusal in reading.refusals] == [
        (3, "the title is empty"),
        (4, "the key A-1 is in li"),
        (5, "the row has 4 cells "),
    ]


def test_the_check_shows_what_a_person_has_to_decide():
    text = (
        f"{HEAD},Assignee\n{row('Parked', 'To Do')},Ana\n{row('Done', 'Done', 'Done', 'A-2')},Ben\n"
    )
    found = check("jira-csv", text)
    assert [(s.name, s.count, s.becomes) for s in found.statuses] == [
        ("Done", 1, "done"),
        ("Parked", 1, "open"),
    ]
    assert [(k.name, k.becomes) for k in found.kinds] == [("Story", "story")]
    assert {person.name for person in found.people} == {"Ana", "Ben"}
    status = next(column for column in found.columns if column.name == "Status")
    assert (status.filled, status.samples, status.fields) == (2, ("Parked", "Done"), ("status",))
    assert (found.rows, found.records) == (2, 2)


def test_reading_with_the_checked_mapping_changes_nothing():
    text = f"{HEAD}\n{row('Done', 'Done', 'Won’t Fix')}\n"
    mapping = check("jira-csv", text).mapping.as_json()
    assert read("jira-csv", text, mapping).records == read("jira-csv", text).records


def test_cloud_export_with_46_columns_is_read():
    reading = Reading("jira-csv", real("jira_csv/cloud_en_46col_bom.csv"))
    assert (len(reading.records), len(reading.refusals), len(reading.warnings)) == (202, 0, 0)
    assert {record.kind for record in reading.records} == {"story", "bug"}
    record = reading.by_ref["KAN-205"]
    assert (record.line, record.title) == (2, "DAT-7: Retention: Payment Records")
    assert record.created == datetime(2026, 2, 26, 10, 15, tzinfo=UTC)
    assert record.rank == "0|i001bj:"


def test_cloud_export_with_comments_is_read():
    reading = Reading("jira-csv", real("jira_csv/cloud_en_56col_comments.csv"))
    assert len(reading.records) == 22
    assert sum(len(record.comments) for record in reading.records) == 17
    assert all(c.at and c.author.startswith("Person") for r in reading.records for c in r.comments)
    assert sum(record.category == "done" for record in reading.records) == 10
    assert sum("Attachment" in record.extra for record in reading.records) == 3
    assert reading.by_ref["TES-25"].extra["Sprint"] == "TES Sprint 1"


def test_cloud_export_with_95_columns_is_read():
    reading = Reading("jira-csv", real("jira_csv/cloud_en_95col_bom.csv"))
    assert len(reading.records) == 130
    counts = [sum(r.category == c for r in reading.records) for c in ("open", "started", "done")]
    assert counts == [62, 17, 51]
    assert all(r.finished for r in reading.records if r.category == "done")
    parents = [record.parent_ref for record in reading.records if record.parent_ref]
    assert len(parents) == 113
    assert all(parent.startswith("BSSEF25T9-") for parent in parents)
    assert "**Step 1: Start the System**" in reading.by_ref["BSSEF25T9-219"].description
    assert "`python manage.py migrate`" in reading.by_ref["BSSEF25T9-219"].description


def test_server_export_of_mostly_blank_rows_is_read():
    reading = Reading("jira-csv", real("jira_csv/server_en_102col_ddmmyyyy.csv"))
    assert reading.record.ref == "A-3367"
    assert reading.record.created == datetime(2017, 2, 16, 15, 26, tzinfo=UTC)
    assert reading.record.comments[0].at == datetime(2017, 2, 16, 15, 29, tzinfo=UTC)
    assert reading.warned("739 rows are blank")
