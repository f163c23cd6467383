"""Found in spite of a slip: in the palette, and on the page of what was found."""

import re

import pytest
from playwright.sync_api import expect

from journeys.stage import Stage
from tandem.core.index import words

pytestmark = pytest.mark.journey


def test_what_was_misspelt_is_found_opened_and_narrowed_by_kind(sample: Stage) -> None:
    with sample.turn:
        # On a running server the queue does this.
        words.learn()
    page = sample.window(sample.people.developer)
    page.goto(f"{sample.url}/w/{sample.people.workspace.slug}/search/?q=bokking")
    expect(page.locator("html[data-ready=true]")).to_be_attached()
    expect(page.get_by_text("Nobody wrote “bokking”.")).to_be_visible()
    kinds = page.get_by_role("navigation", name="Kinds")
    hits = page.get_by_role("list", name="Found").locator("[data-row]")
    expect(kinds.get_by_role("link", name="Everything")).to_have_attribute("aria-current", "true")
    expect(page.locator('[data-row^="item-"]').first).to_be_attached()

    narrower = kinds.get_by_role("link", name=re.compile("^Comments"))
    narrower.click()
    expect(narrower).to_have_attribute("aria-current", "true")
    expect(hits.first).to_be_visible()
    expect(page.locator('[data-row]:not([data-row^="comment-"])')).to_have_count(0)
    expect(page.locator("html[data-ready=true]")).to_be_attached()

    page.keyboard.press("Control+k")
    typing = page.get_by_role("combobox", name="Search pages, items, people and actions")
    expect(typing).to_be_focused()
    typing.fill("date pikcer")
    found = page.get_by_role("option", name="Replace the date picker")
    expect(found).to_be_visible()
    found.click()
    expect(page.get_by_role("article", name=re.compile("Replace the date picker"))).to_be_visible()
