"""Numbers as people type them."""

import pytest
from django.utils import translation

from tandem.core import channel
from tandem.ui.numbers import read_number, typed


@pytest.mark.parametrize(
    ("text", "english", "german"),
    [
        ("2,5", 2.5, 2.5),
        ("2.5", 2.5, 2.5),
        (" 8 ", 8, 8),
        ("1.000,5", 1000.5, 1000.5),
        ("1,000.5", 1000.5, 1000.5),
        ("−3,25", -3.25, -3.25),
        # What a German page writes for a thousand is read as one.
        ("1.000", 1, 1000),
        ("12.345.678", None, 12345678),
        ("1.50", 1.5, 1.5),
        ("1.0,5", None, None),
        ("two", None, None),
    ],
)
def test_a_number_is_read_as_the_language_writes_it(text, english, german):
    for language, wanted in (("en", english), ("de", german)):
        with translation.override(language):
            if wanted is None:
                with pytest.raises(ValueError):
                    read_number(text)
            else:
                assert read_number(text) == wanted


def test_programs_mean_the_same_in_every_language():
    with translation.override("de"), channel.through("api"):
        assert read_number("1.125") == read_number(1.125) == 1.125
    with translation.override("de"):
        assert read_number(1.125) == 1.125


def test_a_field_shows_a_number_as_it_is_typed():
    assert typed(None) == ""
    assert typed(1234.5) == "1234.5"
    with translation.override("de"):
        assert typed(1234.5) == "1234,5"
        assert read_number(typed(0.125)) == 0.125
