"""What every template of every app keeps to."""

import re
from pathlib import Path

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from markupsafe import Markup, escape

from tandem.ui.jinja import Once, shown

PACKAGE = Path(__file__).parent.parent.parent
TEMPLATES = sorted(PACKAGE.glob("*/templates/**/*.jinja"))
COMPONENTS = sorted((PACKAGE / "ui/templates/components").glob("*.jinja"))
MODULES = sorted((PACKAGE / "ui/static/ui/js").glob("*.js"))
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
SCRIPT = re.compile(r"<script\b([^>]*)>")


def name(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def of_each(paths):
    """One test of all the files, which names each that fails; a test a file costs more to start."""

    def of_all(check):
        def test():
            wrong = []
            for path in paths:
                try:
                    check(path)
                except AssertionError as error:
                    wrong.append(f"{name(path)}: {error}")
            assert paths
            assert not wrong, "\n".join(wrong)

        test.__name__, test.__doc__ = check.__name__, check.__doc__
        return test

    return of_all


def without_comments(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


def template_name(path: Path) -> str:
    return str(path).split("/templates/", 1)[1]


@of_each(TEMPLATES)
def test_it_can_be_read_by_jinja(path):
    assert engines["jinja2"].get_template(template_name(path)).template.name == template_name(path)


@of_each(TEMPLATES)
def test_it_has_no_style_attribute(path):
    assert not re.search(r"<[^>]*\sstyle\s*=", without_comments(path))
    assert "<style" not in without_comments(path)


@of_each(TEMPLATES)
def test_its_scripts_have_a_nonce_or_a_source_or_are_data(path):
    for attributes in SCRIPT.findall(without_comments(path)):
        assert "nonce=" in attributes or "src=" in attributes or "application/json" in attributes


@of_each(TEMPLATES)
def test_it_has_nothing_that_needs_eval(path):
    text = without_comments(path)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "event attributes"
    assert not re.search(r"\shx-on[:\s=-]", text), "hx-on"
    assert not re.search(r"hx-[a-z]+\s*=\s*[\"']\s*(js|javascript):", text), "js: values"
    assert not re.search(r"hx-trigger\s*=\s*[\"'][^\"']*\[", text), "filters in hx-trigger"


@of_each(TEMPLATES)
def test_it_asks_for_translations_of_its_own_words_alone(path):
    """What ``_`` is given is written out unescaped; ``x|translated`` is for words of others."""
    text = without_comments(path)
    assert not re.search(r"(?<![\w.])(_|n?p?gettext)\(\s*[^\s\"')]", text)
    assert not re.search(r"""(?<![\w.])_\(\s*("[^"]*"|'[^']*')\s*[~+]""", text)


@of_each(COMPONENTS)
def test_a_component_tells_its_inputs(path):
    text = path.read_text(encoding="utf-8")
    assert text.startswith("{#")
    told = text[: text.index("#}")]
    for macro in re.findall(r"\{% macro ([a-z]\w*)", text):
        assert macro in told, macro


@of_each(MODULES)
def test_a_module_says_what_it_does(path):
    assert path.read_text(encoding="utf-8").startswith("//")


def test_every_module_and_style_sheet_that_is_named_exists():
    for module in MODULES:
        for wanted in re.findall(
            r"""(?:from|import)\s*\(?["']\./([\w-]+\.js)["']""", module.read_text()
        ):
            assert (module.parent / wanted).is_file(), f"{module.name} wants {wanted}"
    styles = PACKAGE / "ui/static/ui/css"
    named = set(re.findall(r'url\("([\w-]+\.css)"\)', (styles / "main.css").read_text()))
    assert named == {path.name for path in styles.glob("*.css")} - {"main.css"}


@pytest.mark.parametrize(
    "value",
    [
        "a <b> & \"c\" 'd'",
        Markup("<b>&amp;</b>"),
        mark_safe("<i>it</i>"),
        gettext_lazy("It & <it>"),
        format_html("<p>{}</p>", "<"),
        None,
        7,
        ["<"],
        Once(RequestFactory().get("/")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_is_escaped_as_jinja_does(value):
    assert shown(value) == escape(value)
    made = engines["jinja2"].env.from_string(
        "{{ value }}|{% set a %}{{ value }}{% endset %}{{ a }}"
    )
    assert made.render(value=value) == f"{escape(value)}|{escape(value)}"
