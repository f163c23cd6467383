"""Records, their plain form and their fingerprint."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

from tandem.core.importing.adapter import accounted
from tandem.core.importing.record import Comment, Criterion, Link, Record, Refusal, RowWarning
from tandem.core.importing.words import nearest, plain

FULL = Record(
    line=7,
    ref="WEB-1",
    title="Pay by card",
    aliases=("1001",),
    kind="story",
    labels=("money", "web"),
    created=datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
    due=date(2026, 2, 1),
    estimate=3.5,
    links=(Link("blocks", "WEB-2", "Blocks"),),
    comments=(Comment("Ana", datetime(2026, 1, 3, tzinfo=UTC), "Soon?"), Comment("", None, "Yes.")),
    criteria=(Criterion("It takes cards", True),),
    extra={"Sprint": ("One", "Two"), "Team": "Blue"},
)


def test_a_record_survives_a_json_column():
    assert Record.from_json(json.loads(json.dumps(FULL.as_json()))) == FULL


def test_unknown_names_in_json_are_left_out():
    assert Record.from_json(FULL.as_json() | {"colour": "red"}) == FULL


def test_the_fingerprint_ignores_the_line_and_nothing_else():
    assert replace(FULL, line=99).fingerprint() == FULL.fingerprint()
    assert replace(FULL, estimate=4.0).fingerprint() != FULL.fingerprint()
    assert replace(FULL, extra={}).fingerprint() != FULL.fingerprint()


def test_a_second_row_with_the_same_key_is_refused_naming_both_lines():
    first, second = Record(2, "A-1", "One"), Record(5, "A-1", "One again")
    assert list(accounted(iter([first, second]))) == [
        first,
        Refusal(5, "the key A-1 is in line 2 already; the second one is not taken"),
    ]


def test_a_row_without_a_title_is_refused():
    entries = [Record(2, "A-1", " "), RowWarning(None, "x")]
    assert list(accounted(iter(entries))) == [
        Refusal(2, "the title is empty"),
        RowWarning(None, "x"),
    ]


def test_names_compare_without_case_accents_and_punctuation():
    assert plain("Won’t  Do") == plain("wont_do") == "wont do"
    assert plain("Categoría de estado") == "categoria de estado"


def test_the_nearest_names_come_best_first():
    assert nearest("Sumary", ["Status", "Summary", "Σ Time Spent"])[0] == "Summary"
