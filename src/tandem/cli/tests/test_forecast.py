"""``tandem forecast``: in this process on the small world, and as people run it on a new folder."""

import datetime
import json
import sys

import pytest
from django.utils import timezone

from tandem.cli.main import main
from tandem.core.models import Event
from tandem.planning.tests.forecast_world import items_make, record_make

HEAD = "Summary,Issue key,Issue id,Issue Type,Status,Project key,Created\n"


@pytest.fixture
def record(world):
    items_make(world, 4)
    return record_make(world, today=timezone.localdate())


@pytest.fixture
def forecast(world, monkeypatch, capsys):
    """Runs the command for the world's product: exit code, output, errors."""
    monkeypatch.setattr("tandem.cli.base.migrate", lambda: None)

    def run(*words):
        place = ("--product", "FERRY", "--workspace", world.people.workspace.slug)
        monkeypatch.setattr(sys, "argv", ["tandem", "forecast", *place, *map(str, words)])
        try:
            main()
            code = 0
        except SystemExit as leaving:
            code = leaving.code
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def test_it_prints_one_documented_object_with_days(forecast, record):
    code, out, _ = forecast("--items", 10, "--json")
    assert code == 0
    answer = json.loads(out)
    assert list(answer["percentiles"]) == ["50", "70", "85", "95"]
    days = [datetime.date.fromisoformat(day) for day in answer["percentiles"].values()]
    assert days == sorted(days)
    assert (answer["method"], answer["seed"], answer["beyond"]) == ("steady", 0, None)
    assert answer["history"]["finished"] == sum(answer["history"]["counts"]) == len(record)
    assert Event.objects.get(verb="forecast.made").channel == "cli"


def test_how_many_prints_numbers_and_a_safer_answer_is_smaller(forecast, record):
    by = timezone.localdate() + datetime.timedelta(days=60)
    answer = json.loads(forecast("--by", by, "--json")[1])
    counts = list(answer["percentiles"].values())
    assert counts == sorted(counts, reverse=True)
    assert answer["by"] == by.isoformat()


def test_a_range_comes_before_the_record(forecast, record):
    answer = json.loads(forecast("--items", 10, "--range", 1, 2, "--json")[1])
    assert (answer["method"], answer["range"]) == ("range", [1, 2])
    assert answer["history"]["weeks"] == 0


def test_what_lies_beyond_the_horizon_is_null(forecast, record):
    answer = json.loads(forecast("--items", 9000, "--range", 0, 0.1, "--json")[1])
    assert set(answer["percentiles"].values()) == {None}
    assert answer["beyond"] > timezone.localdate().isoformat()


def test_without_json_it_reads_as_sentences(forecast, record):
    code, out, _ = forecast("--items", 10)
    assert code == 0
    assert "85 %  by " in out
    assert "complete weeks" in out


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--items", 3, "--by", "2099-01-01"),
        ("--items", "many"),
        ("--items", 2.5),
        ("--by", "soon"),
        ("--items", 3, "--range", 1),
        ("--items", 3, "--range", "a", "b"),
        ("--items", 3, "--speed", 9),
    ],
)
def test_wrong_usage_exits_with_two(forecast, record, words):
    code, out, err = forecast(*words)
    assert (code, out) == (2, "")
    assert err


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--items", 0), "at least one item"),
        (("--items", -4), "at least one item"),
        (("--by", "2020-01-01"), "after today"),
        (("--by", "2999-01-01"), "too far ahead"),
        (("--items", 3, "--range", 5, 2), "Swap the two"),
        (("--items", 3, "--range", "nan", 2), "no number"),
        (("--items", 3, "--range", 0, 0), "above zero"),
        (("--items", 3, "--seed", -1), "seed"),
    ],
)
def test_a_refusal_exits_with_one_and_says_why(forecast, record, words, reason):
    code, out, err = forecast(*words, "--json")
    assert (code, out) == (1, "")
    assert reason in err


def test_a_product_without_finished_items_asks_for_a_range(forecast):
    code, _, err = forecast("--items", 3)
    assert code == 1
    assert "give a range such as 2 to 5 items a week" in err
    assert json.loads(forecast("--items", 3, "--range", 2, 5, "--json")[1])["method"] == "range"


def test_an_empty_folder_gets_its_database_and_then_a_forecast(empty_installation, tmp_path):
    row = "One,NOVA-1,1,Story,To Do,NOVA,01/Jan/20 9:00 AM\n"
    (tmp_path / "jira.csv").write_text(HEAD + row, encoding="utf-8")
    ask = ("forecast", "--product", "NOVA", "--items", 3, "--range", 2, 5, "--json")
    bare, _, done = empty_installation.tandems(
        ask, ("import", "jira-csv", tmp_path / "jira.csv", "--product", "NOVA"), ask
    )
    assert (bare["code"], bare["out"]) == (1, "")
    assert "no product NOVA" in bare["err"]
    assert done["code"] == 0, done["err"]
    assert json.loads(done["out"])["percentiles"]["85"] > datetime.date.today().isoformat()
