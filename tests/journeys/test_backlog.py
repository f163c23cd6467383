"""The backlog with the keyboard alone; the board with the mouse and with keys; one item's page."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from journeys.stage import Stage

pytestmark = pytest.mark.journey


def keys_of(page: Page) -> list[str]:
    """The keys of the rows or cards on the page, in their order."""
    keys: list[str] = page.locator("[data-row]").evaluate_all(
        "rows => rows.map((row) => row.dataset.row)"
    )
    return keys


def test_the_backlog_is_worked_with_the_keyboard_alone(sample: Stage) -> None:
    page = sample.window(sample.people.owner, "backlog/")
    expect(page.get_by_role("heading", name="Backlog", level=1)).to_be_visible()
    first, second, third = keys_of(page)[:3]
    keys = page.keyboard

    keys.press("j")
    expect(page.locator(f'[data-row="{first}"]')).to_be_focused()
    keys.press("j")
    expect(page.locator(f'[data-row="{second}"]')).to_be_focused()
    keys.press("k")
    expect(page.locator(f'[data-row="{first}"]')).to_be_focused()

    # Enter peeks, Esc closes, and the row has the keys again.
    keys.press("Enter")
    peek = page.get_by_role("complementary", name="Peek")
    expect(peek.get_by_role("article", name=re.compile(first))).to_be_visible()
    expect(page).to_have_url(re.compile(f"peek={first}"))
    keys.press("Escape")
    expect(peek).to_be_hidden()

    # Shift+J moves down, Shift+K up; the toast takes it back.
    expect(page.locator(f'[data-row="{first}"]')).to_be_focused()
    with page.expect_response(lambda answer: "/moves/" in answer.url):
        keys.press("Shift+J")
    assert keys_of(page)[:3] == [second, first, third]
    expect(page.get_by_role("button", name="Undo").last).to_be_visible()
    page.reload()
    assert keys_of(page)[:3] == [second, first, third]
    keys.press("j")
    keys.press("j")
    expect(page.locator(f'[data-row="{first}"]')).to_be_focused()
    # Ctrl+Z right after a move waits for the move to arrive.
    with page.expect_navigation():
        keys.press("Shift+K")
        assert keys_of(page)[:3] == [first, second, third]
        keys.press("Control+z")
    assert keys_of(page)[:3] == [second, first, third]

    # e edits the title in its row.
    keys.press("j")
    expect(page.locator(f'[data-row="{second}"]')).to_be_focused()
    keys.press("e")
    title = page.get_by_role("textbox", name=f"Title of {second}")
    expect(title).to_be_focused()
    title.fill("Ferries that know their own size")
    keys.press("Enter")
    row = page.locator(f'[data-row="{second}"]')
    expect(row.get_by_role("link", name="Ferries that know their own size")).to_be_visible()

    # c makes an item and stays for the next one; at the top, it is there at once.
    keys.press("c")
    dialog = page.get_by_role("dialog", name="New item")
    expect(dialog.get_by_label("Title")).to_be_focused()
    dialog.get_by_label("Place").select_option("top")
    dialog.get_by_label("Title").fill("Warn before the last ferry")
    keys.press("Enter")
    new = page.get_by_role("link", name="Warn before the last ferry")
    expect(new).to_be_attached()
    expect(dialog.get_by_label("Title")).to_have_value("")
    keys.press("Escape")
    expect(new).to_be_visible()

    # ? says which keys there are; Ctrl+K goes anywhere.
    keys.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Move the row down")
    keys.press("Escape")
    keys.press("Control+k")
    search = page.get_by_role("combobox", name="Search pages, items, people and actions")
    expect(search).to_be_focused()
    search.fill("last ferry")
    expect(page.get_by_role("option", name="Warn before the last ferry")).to_be_visible()
    search.fill("Forecast")
    expect(page.get_by_role("option", name="Forecast").first).to_be_visible()
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Forecast", level=1)).to_be_visible()


def drag(card: Locator, to: Locator) -> None:
    """Take a card with the mouse and let it go over the head of another column's cards."""
    page = card.page
    expect(to).to_have_attribute("data-reorder-state", "on")
    card.scroll_into_view_if_needed()
    a, b = card.bounding_box(), to.bounding_box()
    assert a
    assert b
    page.mouse.move(a["x"] + a["width"] / 2, a["y"] + 8)
    page.mouse.down()
    page.mouse.move(a["x"] + a["width"] / 2 + 12, a["y"] + 16, steps=4)
    page.mouse.move(b["x"] + b["width"] / 2, b["y"] + 20, steps=12)
    page.mouse.up()


def test_a_card_goes_to_another_column_by_mouse_and_by_key(sample: Stage) -> None:
    page = sample.window(sample.people.developer, "board/")
    columns = page.locator("[data-reorder-list]")
    expect(columns.nth(1)).to_be_visible()
    source, target = columns.nth(0), columns.nth(1)
    card = source.locator("[data-row]").first
    key = card.get_attribute("data-row")
    with page.expect_response(lambda answer: "/moves/" in answer.url) as moved:
        drag(card, target)
    assert moved.value.ok
    expect(target.locator(f'[data-row="{key}"]')).to_be_visible()

    # j walks the columns from the first card on; the moved one stands first in the second column.
    for _ in range(source.locator("[data-row]").count() + 1):
        page.keyboard.press("j")
    expect(page.locator(f'[data-row="{key}"]')).to_be_focused()
    with page.expect_response(lambda answer: "/moves/" in answer.url) as moved:
        page.keyboard.press("Shift+ArrowLeft")
    assert moved.value.ok
    expect(source.locator(f'[data-row="{key}"]')).to_be_focused()
    page.reload()
    expect(source.locator(f'[data-row="{key}"]')).to_be_visible()


def test_an_item_is_made_clear(sample: Stage) -> None:
    """Criteria plain and as Given/When/Then, a question answered by the other, a cycle refused."""
    listing = sample.window(sample.people.owner, "backlog/")
    one, two = keys_of(listing)[5:7]
    page = listing
    page.goto(sample.address(f"items/{one}/"))
    criteria = page.get_by_role("region", name="Acceptance criteria")
    before = criteria.get_by_role("checkbox").count()

    criteria.get_by_label("New criterion").fill("The price is shown before the seat is chosen")
    criteria.get_by_role("button", name="Add criterion").click()
    plain = criteria.get_by_role("checkbox", name="The price is shown before")
    expect(plain).to_be_visible()
    plain.click()
    expect(plain).to_be_checked()

    criteria.get_by_label("New criterion").fill(
        "Given a full ferry\nWhen a seat is asked for\nThen the next sailing is offered"
    )
    criteria.get_by_role("button", name="Add criterion").click()
    expect(criteria.get_by_role("checkbox")).to_have_count(before + 2)
    expect(criteria).to_contain_text("the next sailing is offered")

    # Broken steps stay in the field, and the message names the line.
    broken = "Given a full ferry\nWhat a seat is asked for"
    criteria.get_by_label("New criterion").fill(broken)
    criteria.get_by_label("Form", exact=True).select_option("gherkin")
    criteria.get_by_role("button", name="Add criterion").click()
    expect(criteria).to_contain_text(re.compile("line 2", re.IGNORECASE))
    expect(criteria.get_by_label("New criterion")).to_have_value(broken)
    expect(criteria.get_by_role("checkbox")).to_have_count(before + 2)

    questions = page.get_by_role("region", name="Questions")
    questions.get_by_label("New question").fill("Do dogs need a ticket?")
    questions.get_by_role("button", name="Ask", exact=True).click()
    expect(questions).to_contain_text("Do dogs need a ticket?")

    tariq = sample.window(sample.people.technical, f"items/{one}/")
    part = tariq.get_by_role("region", name="Questions")
    asked = part.get_by_role("listitem").filter(has_text="Do dogs need a ticket?")
    asked.get_by_role("link", name="Answer").click()
    tariq.get_by_label("Answer", exact=True).fill("Only above 30 kg.")
    tariq.get_by_role("button", name="Save answer").click()
    expect(asked).to_contain_text("Only above 30 kg.")

    def depend(key: str, other: str) -> Locator:
        page.goto(sample.address(f"items/{key}/"))
        part = page.get_by_role("region", name="Dependencies")
        part.get_by_label("How they belong together").select_option("blocks")
        part.get_by_label("The other item: key or part of a title").fill(other)
        part.get_by_role("button", name="Add", exact=True).click()
        return part

    expect(depend(one, two).get_by_role("link", name=two)).to_be_visible()
    refused = depend(two, one)
    expect(refused).to_contain_text(re.compile("circle|cycle", re.IGNORECASE))
    expect(refused).to_contain_text(f"{one}")
