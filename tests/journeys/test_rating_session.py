"""A rating session of two people in two browsers, live, blind until revealed, by keyboard alone."""

import re
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from journeys.browser import Trouble
from journeys.stage import PATIENCE, WIDE
from support.installation import Installation
from support.postgres import free_port
from tandem.accounts.operations import product_create
from tandem.accounts.sample import people_make
from tandem.backlog.operations import item_create
from tandem.prioritisation.operations import model_create, session_create

pytestmark = pytest.mark.journey


@pytest.fixture
def hall(transactional_db: None, tmp_path: Path) -> Iterator[tuple[str, str, dict[str, str]]]:
    """A server that can stream (the tests' own cannot), on a copy of a small product with a live
    session: its address, the session's path, and who is signed in with which cookie."""
    people = people_make()
    product = product_create(by=people.admin, key="PIER", name="Pier")
    items = [item_create(by=people.owner, product=product, title=f"Quay {n}") for n in (1, 2)]
    model = model_create(by=people.owner, product=product, preset="value_effort")
    session = session_create(
        by=people.owner,
        product=product,
        name="Quays",
        items=items,
        pace="live",
        model=model,
        criteria=["urgency", "feasibility"],
        members=[people.technical],
    )
    cookies = {}
    for member in (people.owner, people.technical):
        client = Client()
        client.force_login(member.user)
        cookies[member.name] = client.cookies[settings.SESSION_COOKIE_NAME].value
    connection.ensure_connection()
    with sqlite3.connect(tmp_path / "tandem.sqlite3") as copy:
        connection.connection.backup(copy)
    port = free_port()
    made = Installation(tmp_path)
    server = subprocess.Popen(
        [sys.executable, "-m", "tandem", "serve", "--port", str(port)],
        env=made.environment | {"TANDEM_SECRET_KEY": settings.SECRET_KEY},
    )
    try:
        yield (
            f"http://127.0.0.1:{port}",
            f"/w/{people.workspace.slug}/PIER/prioritise/sessions/{session.pk}/",
            cookies,
        )
    finally:
        server.terminate()
        server.wait(timeout=30)


def window(browser: Browser, url: str, path: str, cookie: str, trouble: Trouble, who: str) -> Page:
    context = browser.new_context(viewport=WIDE, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": url}])
    page = context.new_page()
    trouble.watch(page, who)
    page.goto(url + path)
    expect(page.locator("#session[data-live-state=on]")).to_be_visible()
    return page


def is_up(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=5):
            return True
    except OSError:
        return False


def test_two_rate_blind_and_see_the_cards_turn_together(
    hall: tuple[str, str, dict[str, str]], chromium: Browser, trouble: Trouble
) -> None:
    url, path, cookies = hall
    while not is_up(url):
        time.sleep(0.05)
    (petra_name, petra_cookie), (tomas_name, tomas_cookie) = cookies.items()
    petra = window(chromium, url, path, petra_cookie, trouble, petra_name)
    tomas = window(chromium, url, path, tomas_cookie, trouble, tomas_name)

    # Each answers their own criterion with a digit; the other sees that, and not what.
    petra.keyboard.press("4")
    expect(petra.get_by_text("Saved")).to_be_visible()
    tomas.keyboard.press("2")
    expect(tomas.get_by_text("Saved")).to_be_visible()
    raters = petra.get_by_role("region", name="Raters")
    expect(raters.get_by_role("listitem").filter(has_text=tomas_name)).to_contain_text("1 of 2")
    assert "Feasibility" not in petra.locator("#session-main").inner_text()
    expect(tomas.locator("svg.strip")).to_have_count(0)

    # The cards turn in both windows.
    petra.keyboard.press("v")
    for page in (petra, tomas):
        strips = page.locator("svg.strip")
        expect(strips).to_have_count(2)
        expect(strips.first).to_have_attribute("aria-label", re.compile(f"{petra_name} 4"))
        expect(strips.last).to_have_attribute("aria-label", re.compile(f"{tomas_name} 2"))

    # A value that is nobody's needs a reason.
    final = petra.get_by_label("Final value").first
    final.focus()
    petra.keyboard.press("ControlOrMeta+a")
    petra.keyboard.type("3")
    petra.keyboard.press("Enter")
    expect(petra.get_by_text("Nobody gave 3. Say why it is the right one.")).to_be_visible()
    petra.keyboard.press("Tab")
    while petra.evaluate("() => document.activeElement?.name") != "urgency-reason":
        petra.keyboard.press("Tab")
    petra.keyboard.type("The port opens later")
    petra.keyboard.press("Enter")
    for page in (petra, tomas):
        expect(page.get_by_text("Settled and locked")).to_be_visible()
        expect(page.locator("#session-main")).to_contain_text("The port opens later")

    # On to the next item, in both windows.
    expect(petra.locator("#session[data-live-state=on]")).to_be_visible()
    petra.keyboard.press("j")
    for page in (petra, tomas):
        expect(page.get_by_role("heading", name="Quay 2")).to_be_visible()
    for page in (petra, tomas):
        page.context.close()
