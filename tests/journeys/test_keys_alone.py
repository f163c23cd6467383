"""The main job with keys alone: items written, rated, ranked, planned, and the plan accepted."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from journeys.stage import Stage

pytestmark = pytest.mark.journey


def go(page: Page, key: str, place: str) -> None:
    page.keyboard.press("g")
    page.keyboard.press(key)
    expect(page.get_by_role("heading", name=place, level=1)).to_be_visible()
    expect(page.locator("html[data-ready=true]")).to_be_attached()


def tab_to(target: Locator) -> None:
    """From the link that skips the frame, as far as it takes."""
    page = target.page
    expect(target).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    for _ in range(60):
        if target.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    expect(target).to_be_focused()


def rate(page: Page, title: str, levels: str) -> None:
    """Each digit answers the criterion one is at; the answer is saved before the next comes."""
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.locator("html[data-ready=true]")).to_be_attached()
    for count, level in enumerate(levels, start=1):
        page.keyboard.press(level)
        expect(page.get_by_role("radio", checked=True)).to_have_count(count)
        expect(page.locator("[aria-busy=true], .htmx-request")).to_have_count(0)


def test_the_main_job_takes_keys_alone(fresh: Stage) -> None:
    page = fresh.window(fresh.people.owner, "")
    expect(page.locator("html[data-ready=true]")).to_be_attached()
    keys = page.keyboard

    go(page, "b", "Backlog")
    keys.press("c")
    dialog = page.get_by_role("dialog", name="New item")
    title = dialog.get_by_label("Title")
    for name in ("Seat map on the phone", "Pay by instalments"):
        expect(title).to_be_focused()
        expect(title).to_have_value("")
        keys.type(name)
        keys.press("Enter")
        expect(page.get_by_text(f"“{name}” created.")).to_be_attached()
    keys.press("Escape")
    expect(page.locator("[data-row]")).to_have_count(2)
    expect(page.locator("html[data-ready=true]")).to_be_attached()

    go(page, "p", "Prioritise")
    keys.press("r")
    rate(page, "Seat map on the phone", "213")
    keys.press("j")
    rate(page, "Pay by instalments", "545")
    expect(page.get_by_text("2 of 2 rated, 0 left")).to_be_visible()

    # What is worth more leads; a row opens beside the list and closes again.
    go(page, "p", "Prioritise")
    rows = page.locator("[data-row]")
    expect(rows.first).to_contain_text("Pay by instalments")
    keys.press("j")
    expect(rows.first).to_be_focused()
    keys.press("Enter")
    peek = page.get_by_role("complementary", name="Peek")
    expect(peek.get_by_role("article", name=re.compile("Pay by instalments"))).to_be_visible()
    keys.press("Escape")
    expect(peek).to_be_hidden()

    go(page, "l", "Plan")
    tab_to(page.get_by_label("Name", exact=True))
    keys.type("Harbour")
    keys.press("Enter")
    solve = page.get_by_role("button", name="Solve plan")
    tab_to(solve)
    keys.press("Enter")
    expect(page.get_by_role("region", name="The plan, sprint by sprint")).to_be_visible()
    tab_to(page.get_by_role("button", name="Accept into the scenario"))
    keys.press("Enter")
    expect(page.get_by_text(re.compile("Accepted into .* by Petra Holm"))).to_be_visible()
