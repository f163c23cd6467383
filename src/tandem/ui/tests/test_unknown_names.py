"""Names that nobody gave a template, while building."""

import pytest
from jinja2 import UndefinedError

from tandem.ui.jinja import environment


@pytest.mark.parametrize(
    "text",
    [
        "{{ nobody }}",
        "{% if nobody %}x{% endif %}",
        "{{ ''.titel }}",
        "{% for a in b %}{% endfor %}",
    ],
)
def test_an_unknown_name_fails_where_it_is_shown_or_asked(settings, text):
    settings.STRICT_TEMPLATES = True
    with pytest.raises(UndefinedError):
        environment().from_string(text).render()


def test_a_key_that_a_dict_lacks_is_nothing(settings):
    settings.STRICT_TEMPLATES = True
    text = "{{ typed.name }}{% if typed.name %}x{% endif %}{{ ([]|first) or 'none' }}"
    assert environment().from_string(text).render({"typed": {}}) == "none"
