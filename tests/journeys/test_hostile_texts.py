"""Every page with hostile texts in every field: nothing of them runs, and no policy is broken."""

from collections.abc import Callable

import pytest
from django.db import transaction

from access.knocking import Knock
from access.scene import Scene, make_scene
from access.table import PAGES
from journeys.hostile import spoil
from journeys.stage import Stage
from tandem.accounts.sample import People

pytestmark = pytest.mark.journey

#: What of the texts became part of the page, or ran.
HARMED = """
() => [
  ...[...document.querySelectorAll("x-evil")].map((each) => `<x-evil> in ${each.parentElement.outerHTML.slice(0, 200)}`),
  ...[...document.querySelectorAll("[onerror], [href^='javascript:' i], [src='x']")].map((each) => each.outerHTML.slice(0, 200)),
  ...(window.evil ? ["a script ran"] : []),
  ...(document.body.textContent.includes("49</a>") ? ["a text was taken for a template"] : []),
]
"""
#: Everything that shows more when it is touched: tips, dialogs, menus, details, peeks.
TOUCH = """
async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  for (const each of document.querySelectorAll("[data-tip]")) {
    each.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
    each.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
    each.dispatchEvent(new FocusEvent("focusin", { bubbles: true }));
  }
  for (const each of document.querySelectorAll("details")) each.open = true;
  for (const each of document.querySelectorAll("[data-dialog-open], [popovertarget]")) {
    each.click();
    await frame();
    for (const open of document.querySelectorAll("dialog[open]")) open.close();
  }
  await frame();
}
"""


def whole_pages(scene: Scene, caller: str) -> list[str]:
    """The address of every page and part of one that the caller gets as HTML."""
    found = []
    for name, doors in PAGES.items():
        for door in doors:
            knock = Knock(name, door, scene.ours, {})
            if door.method != "GET" or (caller == "nobody" and not door.open):
                continue
            with transaction.atomic():
                answer = knock.ask(scene, caller)
                transaction.set_rollback(True)
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                query = "&".join(
                    f"{k}={knock.word(v[1:]) if v[:1] == '@' else v}" for k, v in door.query.items()
                )
                found.append(f"{knock.address()}?{query}" if query else knock.address())
    return found


def test_no_hostile_text_runs_on_any_page(stage_of: Callable[[People, str], Stage]) -> None:
    scene = make_scene()
    spoiled = spoil()
    assert {
        "backlog.Item.title",
        "accounts.User.name",
        "integrations.ImportRun.file_name",
    } <= spoiled
    stage = stage_of(scene.people, "FERRY")
    failures = []
    for who, caller in ((scene.people.admin, "admin"), (None, "nobody")):
        pages = whole_pages(scene, caller)
        assert len(pages) > (50 if who else 3), pages
        page = stage.window(who)
        for address in pages:
            page.goto(stage.url + address)
            page.evaluate(TOUCH)
            failures += [f"{address}: {each}" for each in page.evaluate(HARMED)]
    assert not failures, "\n".join(failures)
