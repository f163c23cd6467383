"""Dates as trackers print them."""

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tandem.core.importing.dates import DateEvidence, DateReader, OrderFinding
from tandem.core.importing.errors import ImportRefused

AT_1739 = datetime(2026, 6, 24, 17, 39, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "24/Jun/26 5:39 PM",  # Jira Cloud, by far the commonest
        "24/Jun/26 5:39\u202fPM",  # with the narrow space newer locale data print
        "24/jun/26 5:39 PM",  # Spanish, Portuguese
        "24/juin/26 5:39 PM",  # French
        "24/jun./26 5:39 p. m.",
        "24. Juni 2026 17:39",  # German
        "24 de junio de 2026 17:39",
        "Jun 24, 2026 5:39 PM",
        "June 24, 2026 at 5:39 PM",
        "24-Jun-2026 17:39",
        "24/06/2026 17:39",  # Server
        "24.06.2026 17:39",
        "2026-06-24 17:39",
        "2026-06-24T17:39:00Z",
        "2026-06-24T17:39:00.000+0000",
        "2026-06-24T19:39:00+02:00",
        "2026-06-24 17:39:00 UTC",
        "Wed Jun 24 2026 17:39:00 GMT+0000 (GMT)",  # JavaScript, in Linear's exports
        "Wed Jun 24 2026 19:39:00 GMT+0200 (Central European Summer Time)",
        "Wed, 24 Jun 2026 17:39:00 UTC+0000",  # Plane
        "Wed, 24 Jun 2026 17:39:00 +0000",  # RFC 2822
        "Wed, 24 Jun 2026 13:39:00 EDT",
        "1782322740",
        "1782322740000",
        "20260624T173900Z",
    ],
)
def test_it_reads_the_same_moment_from(text):
    assert DateReader("dmy").moment(text) == AT_1739


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("11/ene/26", 1), ("11/févr./26", 2), ("11/fev/26", 2), ("11/Mär/26", 3), ("11/Mrz/26", 3), ("11/abr/26 9:33 AM", 4),
        ("11/avr./26", 4), ("11/Mai/26", 5), ("11/maio/26", 5), ("11/juil./26", 7), ("11/ago/26", 8), ("11/août/26", 8),
        ("11/sept/26", 9), ("11/set/26", 9), ("11/Okt/26", 10), ("11/out/26", 10), ("11/dic/26", 12), ("11/déc./26", 12),
        ("11/Dez/26", 12),
    ],
)  # fmt: skip
def test_it_reads_localised_month_names(text, month):
    moment = DateReader().moment(text)
    assert (moment.year, moment.month, moment.day) == (2026, month, 11)


@pytest.mark.parametrize(
    "text",
    [
        "", "soon", "May", "29:10.8", "31/02/2024", "0/1/2024", "99/99/99", "1/1/1", "12/13/14/15", "24/Foo/26",
        "14/May/24 13:00 PM", "14/May/24 0:10 AM", "2026-02-01 25:00", "2026-02-01 10:00 Nowhere", "123", "1" * 200, "24/Jun/26 x",
        "9999999999999", "2026-06-24T17:39:00+99:00", "0000-00-00",
    ],
)  # fmt: skip
def test_it_refuses_what_is_no_date(text):
    with pytest.raises(ValueError, match="not a date"):
        DateReader().moment(text)


def test_midnight_and_noon_are_the_twelfth_hours():
    reader = DateReader()
    assert reader.moment("18/Sep/25 12:00 AM").hour == 0
    assert reader.moment("18/Sep/25 12:00 PM").hour == 12


def test_two_digit_years_turn_at_seventy():
    reader = DateReader()
    assert reader.moment("1/Jan/69").year == 2069
    assert reader.moment("1/Jan/70").year == 1970


def test_clocks_without_a_zone_are_read_in_the_given_one():
    reader = DateReader("dmy", "America/New_York")
    assert reader.moment("24/Jun/26 1:39 PM") == AT_1739
    assert reader.moment("2026-06-24T17:39:00Z") == AT_1739
    assert reader.day("2026-06-25T01:00:00Z") == date(2026, 6, 24)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "", "a" * 300])
def test_it_refuses_an_unknown_time_zone(zone):
    with pytest.raises(ImportRefused, match="no time zone"):
        DateReader("dmy", zone)


def test_it_refuses_an_unknown_order():
    with pytest.raises(ImportRefused, match="order of dates"):
        DateReader("dym")


def test_the_order_decides_what_the_digits_leave_open():
    assert DateReader("dmy").day("7/9/2026") == date(2026, 9, 7)
    assert DateReader("mdy").day("7/9/2026") == date(2026, 7, 9)
    assert DateReader("ymd").day("26/7/9") == date(2026, 7, 9)
    assert DateReader("mdy").day("7.9.2026") == date(2026, 9, 7)


def evidence(*texts: str) -> OrderFinding:
    found = DateEvidence()
    for text in texts:
        found.see(text)
    return found.decide()


def test_one_part_above_twelve_settles_the_file():
    assert evidence("7/9/2026", "16/02/2017 15:26") == OrderFinding("dmy", True, 1, "7/9/2026", 0)
    assert evidence("1/4/2023 2:51:06 PM", "5/31/2023").order == "mdy"


def test_without_such_a_part_the_person_has_to_be_asked():
    assert evidence("7/9/2026", "1/2/2026") == OrderFinding("dmy", False, 2, "7/9/2026", 0)


def test_dates_that_read_one_way_settle_nothing_and_ask_nothing():
    assert evidence("24/Jun/26", "2026-02-03", "3.4.2026", "5/5/2026", "hello").certain


def test_contradicting_dates_are_counted():
    finding = evidence("16/02/2017", "17/02/2017", "04/15/2015")
    assert (finding.order, finding.against) == ("dmy", 1)


@given(st.text(max_size=40))
def test_any_text_is_a_moment_in_utc_or_a_value_error(text):
    with suppress(ValueError):
        assert DateReader().moment(text).tzinfo is UTC


@given(st.datetimes(datetime(1900, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC)))
def test_iso_moments_are_read_back(moment):
    assert DateReader().moment(moment.isoformat()) == moment
