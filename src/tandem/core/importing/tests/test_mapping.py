"""Decisions about a file and their JSON form."""

import pytest

from tandem.core.importing.errors import ImportRefused
from tandem.core.importing.mapping import Mapping, StatusRule

WRITTEN = {
    "columns": {"Name": "title", "ID": ["ref", "alias"], "Junk": "ignore"},
    "statuses": {"Parked": "dropped", "Live": {"category": "done", "name": "Released"}},
    "kinds": {"Ticket": "story"},
    "date_order": "mdy",
    "time_zone": "Europe/Berlin",
    "delimiter": ";",
    "encoding": "utf-8",
}


def test_it_gives_back_what_people_wrote():
    assert Mapping.from_json(WRITTEN).as_json() == WRITTEN


def test_nothing_decided_is_nothing_written():
    assert Mapping().as_json() == {}
    assert Mapping.from_json({}) == Mapping()


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ([], "JSON object"),
        ({"colums": {}}, "columns"),
        ({"columns": []}, "JSON object from names"),
        ({"columns": {"A": "titel"}}, "“title”"),
        ({"columns": {"A": 3}}, "has to be text"),
        ({"statuses": {"A": "finished"}}, "open, started, done, dropped"),
        ({"statuses": {"A": {}}}, "has to be text"),
        ({"date_order": "dym"}, "dmy, mdy, ymd"),
        ({"time_zone": "Berlin"}, "no time zone"),
        ({"delimiter": 7}, "has to be text"),
    ],
)
def test_it_refuses_what_means_nothing_and_says_what_would(written, words):
    with pytest.raises(ImportRefused) as caught:
        Mapping.from_json(written)
    assert words in caught.value.message


def test_it_names_an_unknown_column_and_the_nearest_existing_one():
    with pytest.raises(ImportRefused) as caught:
        Mapping(columns={"Sumary": ("title",)}).validate(columns=["Summary", "Status", "Key"])
    assert "no column “Sumary”" in caught.value.message
    assert "“Summary”" in caught.value.message


def test_it_refuses_an_unknown_kind():
    with pytest.raises(ImportRefused, match="Kinds are: epic, story"):
        Mapping(kinds={"Ticket": "task"}).validate(kinds=["epic", "story"])


def test_a_decision_displaces_the_suggestion_for_the_same_field():
    suggested = Mapping(columns={"Title": ("title",), "Name": ("extra",), "Tags": ("labels",)})
    decided = Mapping(columns={"Name": ("title",), "Title": ("labels",)}).over(suggested)
    assert decided.columns == {"Title": ("labels",), "Name": ("title",), "Tags": ("labels",)}


def test_a_displaced_column_is_kept_as_it_is():
    decided = Mapping(columns={"Name": ("title",)}).over(Mapping(columns={"Title": ("title",)}))
    assert decided.columns["Title"] == ("extra",)


def test_decisions_stand_over_suggestions_everywhere():
    over = Mapping(statuses={"A": StatusRule("done")}, date_order="mdy").over(
        Mapping(
            statuses={"A": StatusRule("open"), "B": StatusRule("open")},
            date_order="dmy",
            time_zone="UTC",
        )
    )
    assert over.statuses == {"A": StatusRule("done"), "B": StatusRule("open")}
    assert (over.date_order, over.time_zone) == ("mdy", "UTC")
