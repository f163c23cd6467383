"""The documentation's Python examples run as they stand, and its links lead somewhere."""

import doctest
import logging
import re
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.utils import CountHandler

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("docs/**/*.md"), ROOT / "README.md", ROOT / "AGENTS.md"])
EXAMPLES = [page for page in PAGES if ">>> " in page.read_text(encoding="utf-8")]


@pytest.mark.parametrize("page", EXAMPLES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_examples_of_a_page_print_what_they_say(page):
    outcome = doctest.testfile(
        str(page),
        module_relative=False,
        optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS,
    )
    assert outcome.attempted > 0
    assert outcome.failed == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_links_of_a_page_lead_to_files_that_are_there(page):
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text)
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert missing == []


def test_the_site_builds_with_every_page_in_its_rail(tmp_path):
    """Strictly: a page that is not in the rail, or a link or part that is not there, stops it."""
    logging.getLogger("mkdocs").addHandler(counter := CountHandler())
    config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(tmp_path), strict=True)
    build(config)
    assert counter.get_counts() == []
    assert "Krippendorff" in (tmp_path / "algorithms" / "agreement.html").read_text("utf-8")
    for taken in ("ui/css/tokens.css", "ui/img/favicon.svg", "search/search_index.json"):
        assert (tmp_path / taken).stat().st_size > 0


def test_every_setting_has_its_line():
    """``TANDEM_…`` names that the program reads, not those of the tests."""
    sources = (path for path in ROOT.glob("src/tandem/**/*.py") if "tests" not in path.parts)
    read = {
        name
        for path in sources
        for name in re.findall(r"\bTANDEM_[A-Z_]+[A-Z]\b", path.read_text(encoding="utf-8"))
        if not name.endswith("_FILE")
    }
    page = (ROOT / "docs/operating/settings.md").read_text(encoding="utf-8")
    assert {name for name in read if f"`{name}`" not in page} == set()


def test_each_test_that_proves_a_defence_is_there():
    """``SECURITY.md`` names a test for each defence; a test that is gone proves nothing."""
    page = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    files = [*ROOT.glob("tests/**/*.py"), *ROOT.glob("src/**/tests/*.py")]
    defined = {
        name for file in files for name in re.findall(r"def (test_\w+)", file.read_text("utf-8"))
    }
    named = set(re.findall(r"`(test_\w+)`", page))
    assert len(named) > 15
    assert named - defined == set()
    paths = re.findall(r"`((?:tests|src)/[\w./]+)`", page)
    assert [path for path in paths if not (ROOT / path).exists()] == []
