"""Ratings that lose trust with age, and what that does to a score."""

import datetime
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem_engine.prioritisation import (
    ItemInputs,
    Rating,
    ScoringError,
    age_of,
    faded,
    fresh_share,
    is_stale,
    preset,
    rank,
)
from tandem_engine.prioritisation.quantiles import opinion_tables

TODAY = datetime.date(2026, 6, 1)


def rated(days_ago, **more):
    day = TODAY - datetime.timedelta(days=days_ago)
    return Rating("urgency", 4.0, "Petra", day, **more)


@pytest.mark.parametrize(
    ("age", "share"),
    [(0, 1.0), (60, 1.0), (90, 0.5**0.5), (120, 0.5), (180, 0.25), (660, 0.5**10)],
)
def test_the_share_halves_with_every_time_that_passes_after_the_first(age, share):
    assert fresh_share(age, 60) == pytest.approx(share, rel=1e-12)


def test_without_a_time_nothing_fades():
    old = rated(10_000)
    assert faded(old, today=TODAY, expires_after_days=None) is old
    assert not is_stale(old, today=TODAY, expires_after_days=None)


def test_a_fresh_rating_and_one_of_tomorrow_count_in_full():
    for days in (60, -1):
        assert faded(rated(days), today=TODAY, expires_after_days=60) == rated(days)
    assert age_of(rated(-1), TODAY) == 0
    assert age_of(Rating("urgency", 4.0, "Petra"), TODAY) == 0


def test_a_stale_rating_keeps_what_was_stated_and_fades_from_it_once():
    once = faded(rated(120, confidence=0.8), today=TODAY, expires_after_days=60)
    assert (once.confidence, once.stated_confidence) == (pytest.approx(0.4), 0.8)
    assert faded(once, today=TODAY, expires_after_days=60) == once
    assert once.trust == "confidence 40%, faded from 80% with age"


@pytest.mark.parametrize("days", [0, -3, float("nan"), float("inf")])
def test_it_refuses_a_time_that_is_none(days):
    with pytest.raises(ScoringError):
        fresh_share(10, days)


@settings(max_examples=25)
@given(st.integers(0, 2000), st.integers(0, 500), st.integers(1, 400))
def test_an_older_rating_never_says_more_about_its_criterion(age, more, after):
    scale = preset("value_effort").by_slug["urgency"].scale

    def table(days):
        # A range that reaches the scale's end at P90 already cannot get any wider there.
        said = faded(rated(days, low=3.0, high=4.6), today=TODAY, expires_after_days=after)
        opinion = (said.low, said.value, said.high, said.confidence)
        return opinion_tables([[opinion]], scale)[0][0]

    younger, older = table(age), table(age + more)
    middle = len(younger) // 2
    assert (older[:middle] <= younger[:middle] + 1e-9).all()
    assert (older[middle + 1 :] >= younger[middle + 1 :] - 1e-9).all()
    assert older[middle] == pytest.approx(younger[middle])


def test_in_the_end_the_whole_scale_counts_around_the_likely_value():
    said = faded(rated(60 * 40), today=TODAY, expires_after_days=60)
    model = preset("value_effort")
    worn, never = (
        rank(model, [ItemInputs("A", given)], seed=0).scores[0].value_lens
        for given in ((said,), (replace(said, confidence=0.0, stated_confidence=None),))
    )
    assert (worn.low, worn.high) == pytest.approx((never.low, never.high), abs=0.01)
