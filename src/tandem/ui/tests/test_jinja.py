"""Our Jinja writes faster what Jinja writes."""

import gc
import weakref

import jinja2
import pytest
from django.template import engines
from django.utils import translation
from jinja2 import pass_context

ALIKE = [
    '{{ _("Backlog") }}',
    '{{ _("Hello %(name)s,", name=hostile) }}',
    "{% trans name=hostile %}Hello {{ name }},{% endtrans %}",
    '{{ _("100 %% sure") }}',
    '{% for each in [1, 2] %}{{ loop.index }}{{ _("Backlog") }}{{ seen() }}{% endfor %}',
    "{% set outer = 1 %}{% for each in rows %}{% set inner = each %}{{ seen() }}{% endfor %}",
    '{% autoescape false %}{{ _("Hello %(name)s,", name=hostile) }}{% endautoescape %}',
    (
        "{% macro box(words) %}<b>{{ words }}{{ caller() }}</b>{% endmacro %}"
        '{% call box(hostile) %}{{ _("Board") }}{{ rows.index(2) }}{% endcall %}'
    ),
    (
        "{% block content %}{% for each in rows %}{{ self.inner() }}{{ seen() }}{% endfor %}{% endblock %}"
        "{% block inner %}{{ hostile }}{% endblock %}"
    ),
    '{{ "%s"|format(hostile) }}{{ ",".join(rows|map("string")) }}{{ dict(a=hostile).a }}',
]


@pass_context
def seen(context):
    return " ".join(f"{name}={context.get(name)}" for name in ("each", "inner", "outer"))


@pytest.mark.parametrize("source", ALIKE)
@pytest.mark.parametrize("language", ["en", "de"])
def test_a_template_says_what_jinja_says(source, language):
    ours = engines["jinja2"].env
    theirs = jinja2.Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    theirs.install_gettext_callables(translation.gettext, translation.ngettext, newstyle=True)
    values = {"hostile": "<i>&'\"", "rows": [1, 2], "seen": seen}
    with translation.override(language):
        told = ours.from_string(source).render(values)
        assert told == theirs.from_string(source).render(values)
    assert told


def test_a_text_follows_the_language_from_one_answer_to_the_next():
    template = engines["jinja2"].env.from_string('{{ _("Backlog") }} {{ _("Board") }}')
    told = set()
    for language in ("en", "de", "en"):
        with translation.override(language):
            told.add((language, template.render()))
    assert len(told) == 2


class Shown:
    title = "Shown"


@pytest.mark.parametrize(
    "source",
    [
        "{% macro told() %}{{ row.title }}{% endmacro %}{{ told() }}",
        '{% include "a-part" %}{% from "a-part" import told with context %}{{ told() }}',
        '{% extends "a-frame" %}{% block content %}{{ super() }}{{ row.title }}{% endblock %}',
    ],
)
def test_nothing_that_was_shown_waits_for_a_collection(source):
    parts = {
        "a-part": "{% macro told() %}{{ row.title }}{% endmacro %}{{ told() }}",
        "a-frame": "{% block content %}{% macro told() %}{{ row.title }}{% endmacro %}{% endblock %}",
    }
    environment = engines["jinja2"].env.overlay(loader=jinja2.DictLoader(parts))
    template = environment.from_string(source)
    row = Shown()
    kept = weakref.ref(row)
    gc.disable()
    try:
        assert "Shown" in template.render(row=row)
        del row
        assert kept() is None
    finally:
        gc.enable()
