"""Of the style sheet that others wrote, pages load what they may match."""

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
VENDOR = ROOT / "src/tandem/static/vendor"
PACKAGE = ROOT / "node_modules/@tabler/core/dist/css/tabler.min.css"


@pytest.fixture(scope="module")
def trim():
    return runpy.run_path(str(ROOT / "scripts/trim_css.py"))


@pytest.fixture(scope="module")
def needed(trim):
    whole, _, _ = PACKAGE.read_text("utf-8").partition("/*# sourceMapping")
    return trim["trimmed"](whole, trim["known_in"](ROOT / "src/tandem"))


SHEET = (
    '@charset "UTF-8";:root{--a:1}.btn,.carousel .btn,.btn:not(.carousel){color:red}'
    '.carousel:hover,.carousel>*{x:"}{"}@media (min-width:1px){.carousel{a:b}.btn-big{c:d}}'
    "@media print{.carousel{a:b}}@font-face{font-family:x}@keyframes turn{from{a:b}}"
    ":is(.btn,.carousel) a,p:where(.btn)[data-x='a,b']{e:f}.w-25\\.5{g:h}"
)


def test_a_selector_stays_if_all_its_classes_may_be_written(trim):
    known = {"btn", "btn-big", "w-25.5"}.__contains__
    assert trim["trimmed"](SHEET, known) == (
        '@charset "UTF-8";:root{--a:1}.btn,.btn:not(.carousel){color:red}'
        "@media (min-width:1px){.btn-big{c:d}}@font-face{font-family:x}@keyframes turn{from{a:b}}"
        ":is(.btn,.carousel) a,p:where(.btn)[data-x='a,b']{e:f}.w-25\\.5{g:h}"
    )


def test_a_name_counts_as_written_whole_or_put_together(trim, tmp_path):
    (tmp_path / "a.jinja").write_text("""<i class="card {{ 'btn-' ~ kind }}">""")
    (tmp_path / "a.py").write_text('kind = "ghost"\nsize = "small"')
    known = trim["known_in"](tmp_path)
    assert all(known(name) for name in ("card", "btn-ghost", "btn-ghost-small"))
    assert not any(known(name) for name in ("card-body", "btn-facebook", "btn-ghost-huge"))


def test_the_sheet_at_hand_has_every_class_that_is_needed(trim, needed):
    there = (VENDOR / "tabler.min.css").read_text("utf-8")
    missing = set(trim["CLASS"].findall(needed)) - set(trim["CLASS"].findall(there))
    assert not missing, "run: python scripts/assets.py"


def test_nothing_is_styled_by_what_anything_around_it_is_focused(needed):
    """``:focus-within *`` has a browser style a whole table anew for each step through it."""
    assert ":focus-within) *" not in needed
    assert ":focus-within *" not in needed
