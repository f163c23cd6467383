"""The sprite holds every icon that is named anywhere."""

import re
import runpy
from pathlib import Path

from tandem.ui import navigation, settings_pages

ROOT = Path(__file__).parents[4]
VENDOR = ROOT / "src/tandem/static/vendor"


def script():
    return runpy.run_path(str(ROOT / "scripts/assets.py"))


def test_it_finds_icons_in_templates_entries_and_the_shared_list():
    used = script()["icons_used"]()
    assert {"selector", "list-details", "bug", "circle-dashed"} <= used


def test_it_holds_every_icon_that_is_used():
    drawn = set(re.findall(r'<symbol id="([a-z0-9-]+)"', (VENDOR / "icons.svg").read_text()))
    missing = script()["icons_used"]() - drawn
    assert not missing, "run: python scripts/assets.py --icons"


def test_it_holds_the_icons_of_the_rail_and_of_the_settings_as_they_are_registered():
    drawn = set(re.findall(r'<symbol id="([a-z0-9-]+)"', (VENDOR / "icons.svg").read_text()))
    registered = [*navigation._entries.values(), *settings_pages._pages.values()]
    assert len(registered) > 10
    assert {each.icon for each in registered} - drawn == set()


def test_it_stands_beside_the_licences_of_what_is_copied():
    licences = (VENDOR / "LICENSES.txt").read_text()
    for package in ("@tabler/core", "@tabler/icons", "echarts", "htmx.org", "sortablejs"):
        assert f"\n{package} " in f"\n{licences}"
