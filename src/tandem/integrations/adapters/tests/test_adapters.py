"""All formats together: names, detection, and promises that hold for any bytes."""

import json
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tandem.core.importing.errors import ImportRefused
from tandem.core.importing.record import CATEGORIES, LINK_KINDS, Record, Refusal, RowWarning
from tandem.core.importing.source import Source
from tandem.integrations.adapters import adapter_for, adapter_named, adapters
from tandem.integrations.adapters.vocabulary import KINDS

from .reading import real


def test_the_formats_have_the_names_people_script_against():
    assert set(adapters()) == {
        "jira-csv", "storypoints-csv", "csv", "trello", "github", "linear-csv", "plane-csv", "azure-csv", "redmine-csv",
        "jira-json", "gitlab", "taiga",
    }  # fmt: skip
    assert all(a.title and a.description and a.extensions for a in adapters().values())


def test_an_unknown_format_is_refused_with_the_nearest_name():
    with pytest.raises(ImportRefused, match="“jira-csv”"):
        adapter_named("jira")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("Summary,Issue key,Issue Type\nA,A-1,Bug\n", "jira-csv"),
        ("\ufeffResumen;Clave de incidencia;Tipo de Incidencia\nA;A-1;Error\n", "jira-csv"),
        ("issuekey,title,description,storypoint\n", "storypoints-csv"),
        ("Title,Notes\nA,b\n", "csv"),
        (
            '{"labelNames": {}, "idOrganization": 1, "dateLastActivity": 1, "cards": [], "lists": []}',
            "trello",
        ),
        ('[{"number": 1, "title": "a", "state": "open"}]', "github"),
        (
            '{"expand": "names", "issues": [{"id": "1", "self": "x", "key": "A-1", "fields": {"summary": "a"}}]}',
            "jira-json",
        ),
        ('[{"id": 5, "iid": 1, "title": "a", "state": "opened"}]', "gitlab"),
        (
            '{"name": "Sea", "is_kanban_activated": true, "memberships": [], "us_statuses": []}',
            "taiga",
        ),
        ('{"repo": "a/b", "issues": [{"number": 1}]}', "github"),
    ],
)
def test_a_format_is_recognised_by_its_first_bytes(content, name):
    assert adapter_for(Source.from_bytes(content.encode())).name == name
    assert adapter_for(Source.from_bytes(("\ufeff" + content).encode("utf-16-le"))).name == name


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("jira_csv/cloud_en_46col_bom.csv", "jira-csv"),
        ("jira_csv/server_en_102col_ddmmyyyy.csv", "jira-csv"),
        ("jira_storypoints/bamboo.csv", "storypoints-csv"),
        ("trello/board_d_student_app.json", "trello"),
        ("trello/wekan/Trello/trello/trello-project100.json", "trello"),
        ("trello/nextcloud_deck/data-trelloJson.json", "trello"),
        ("github_issues/archive.json", "github"),
        ("azure_devops_csv/workitems.csv", "azure-csv"),
        ("redmine_csv/import_issues.csv", "redmine-csv"),
        ("linear_plane/plane_to_linear/plane.csv", "plane-csv"),
        ("linear_plane/plane_to_linear/linear.csv", "linear-csv"),
    ],
)
def test_real_files_are_recognised(path, name):
    assert adapter_for(real(path)).name == name


def test_a_file_of_no_format_is_refused():
    with pytest.raises(ImportRefused, match="No format recognises"):
        adapter_for(Source.from_bytes(b'{"owner": "admin"}'))


def promises_hold(name: str, data: bytes) -> None:
    """Reading gives sound entries or raises ImportRefused; a check counts the same rows."""
    with suppress(ImportRefused):
        source = Source.from_bytes(data)
        entries = list(adapter_named(name).read(source))
        records = [e for e in entries if isinstance(e, Record)]
        refusals = [e for e in entries if isinstance(e, Refusal)]
        assert all(isinstance(e, Record | Refusal | RowWarning) for e in entries)
        assert len({record.ref for record in records}) == len(records)
        for record in records:
            assert record.title.strip()
            assert record.kind in KINDS
            assert record.category in CATEGORIES
            assert all(link.kind in LINK_KINDS for link in record.links)
            assert Record.from_json(json.loads(json.dumps(record.as_json()))) == record
        check = adapter_named(name).check(source)
        assert (check.rows, check.records) == (len(records) + len(refusals), len(records))


@pytest.mark.parametrize("name", ["jira-csv", "storypoints-csv", "csv", "trello", "github"])
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(name, data):
    promises_hold(name, data)


HEADERS = ["Summary", "Issue key", "Status", "Labels", "Created", "Due date", "Story Points", "Comment", "Parent", "Description",
           "Inward issue link (Blocks)", "Acceptance criteria", "", "Title 2", "Subject", "#", "Related issues"]  # fmt: skip
cells = st.sampled_from(
    [
        "",
        "A-1",
        "Done",
        "7/9/2026",
        "24/Jun/26 5:39 PM",
        "3",
        "-1",
        "1e9",
        '"',
        "a\nb",
        "x;y;z",
        "\ufeff",
        "*b*",
        "|",
    ]
)


@pytest.mark.parametrize("name", ["jira-csv", "csv", "azure-csv", "redmine-csv"])
@settings(max_examples=60, deadline=None)
@given(
    header=st.lists(st.sampled_from(HEADERS), min_size=1, max_size=6),
    rows=st.lists(st.lists(cells, max_size=7), max_size=6),
)
def test_any_table_is_read_or_refused(name, header, rows):
    promises_hold(name, "\n".join(",".join(cells) for cells in [header, *rows]).encode())


NAMES = [
    "id",
    "name",
    "idList",
    "closed",
    "due",
    "labels",
    "cards",
    "lists",
    "actions",
    "data",
    "card",
    "old",
    "type",
    "date",
    "number",
    "title",
    "state",
    "user",
    "login",
    "body",
    "comments",
    "issues",
    "pulls",
    "repo",
    "checklists",
    "idCard",
    "checkItems",
    "pos",
    "value",
    "customFieldItems",
    "idMembers",
    "members",
    "listAfter",
    "html_url",
    "closed_at",
    "key",
    "fields",
    "summary",
    "status",
    "changelog",
    "histories",
    "items",
    "field",
    "created",
    "customfield_1",
    "iid",
    "ref",
    "subject",
    "role_points",
    "history",
    "diff",
    "labels",
    "content",
    "description",
]
VALUES = [
    "",
    "open",
    "closed",
    "2026-01-01",
    "updateCard",
    "complete",
    "\x00",
    "\ud800",
    "5a3be42bac574bdf5afd1456",
]
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 10**15)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(VALUES),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)
    ),
    max_leaves=25,
)
PARTS = ["actions", "members", "checklists", "customFields"]


@pytest.mark.parametrize("name", ["trello", "github", "jira-json", "gitlab", "taiga"])
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    entries=st.lists(json_values, max_size=4),
    rest=st.dictionaries(st.sampled_from(PARTS), json_values),
)
def test_any_json_is_read_or_refused(name, entries, rest):
    content = (
        entries
        if name not in ("trello", "taiga")
        else {"cards": entries, "lists": entries, "user_stories": entries, "tasks": entries, **rest}
    )
    promises_hold(name, json.dumps(content).encode())
