"""A person joins by a link, without mail."""

import pytest
from playwright.sync_api import expect

from journeys.stage import Stage

pytestmark = pytest.mark.journey


def test_a_new_person_joins_by_a_link(sample: Stage) -> None:
    ada = sample.window(sample.people.admin)
    ada.goto(f"{sample.url}/w/skerry/people/")
    ada.get_by_role("button", name="Invite somebody").click()
    dialog = ada.get_by_role("dialog")
    dialog.get_by_label("Role").select_option(label="Developer")
    dialog.get_by_role("button", name="Make").click()
    link = ada.get_by_label("Invitation link").input_value()

    nora = sample.window(None)
    nora.goto(link)
    expect(nora.get_by_role("heading", name="Join Skerry Lines")).to_be_visible()
    nora.get_by_label("Name").fill("Nora Vik")
    nora.get_by_label("Mail address").fill("nora@skerry.example")
    nora.get_by_label("Password").fill("nine quiet harbours")
    nora.get_by_role("button", name="Join the workspace").click()
    nora.get_by_role("link", name="Backlog").first.click()
    expect(nora.get_by_role("heading", name="Backlog", level=1)).to_be_visible()

    ada.reload()
    expect(ada.get_by_text("Nora Vik", exact=True)).to_be_visible()
    # The link works once: a second person is told so.
    stranger = sample.window(None)
    with sample.trouble.expecting(404, 410):
        stranger.goto(link)
        expect(stranger.get_by_role("button", name="Join the workspace")).to_have_count(0)
