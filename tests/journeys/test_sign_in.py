"""Signing in for real: an authenticator app, a passkey of the browser, and the single sign-on."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from journeys.browser import QUIET
from journeys.stage import Stage
from journeys.test_every_page import AXE, look_at
from tandem.accounts.models import Member
from tandem.accounts.sign_in.provider import Provider
from tandem.accounts.tests import provider as oidc
from tandem.accounts.tests.signing_in import PASSWORD, code_of, give_password

pytestmark = pytest.mark.journey


def key_of(page: Page) -> Any:
    """A security key in the page's browser: it holds passkeys and says yes to everything."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return devices


def fits(page: Page, name: str) -> None:
    """The page one is on is accessible and fits; ``TANDEM_SHOTS`` keeps pictures of it."""
    page.evaluate(QUIET)
    shots = os.environ.get("TANDEM_SHOTS")
    if shots:
        page.screenshot(path=Path(shots) / f"{name}.png", full_page=True)
    page.evaluate(AXE.read_text())
    assert look_at(page, both_themes=True) == [], name


def sign_in(stage: Stage, member: Member, page: Page) -> None:
    page.goto(f"{stage.url}/sign-in/")
    page.get_by_label("Mail address").fill(member.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page, stage: Stage) -> None:
    page.context.clear_cookies()
    page.goto(f"{stage.url}/sign-in/")


def test_a_person_sets_up_an_app_and_a_passkey_and_signs_in_with_either(fresh: Stage) -> None:
    owner = fresh.people.owner
    with fresh.turn:
        give_password(owner)
    page = fresh.window(None)
    key_of(page)
    sign_in(fresh, owner, page)
    expect(page).to_have_url(re.compile("/w/skerry/"))
    page.goto(f"{fresh.url}/w/skerry/account/sign-in/")
    expect(page.get_by_text("You have none: your password alone lets in.")).to_be_visible()
    fits(page, "sign-in-settings-empty")

    # The app: the picture, the key below it, the code, and the recovery codes that are shown once.
    page.get_by_role("link", name="Set up an app").click()
    picture = page.get_by_role("img", name=re.compile("for the authenticator app"))
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    fits(page, "app")
    secret = page.get_by_label("Or type this key into the app").input_value()
    page.get_by_label("Code from the app").fill(code_of(secret))
    page.get_by_role("button", name="Set it up").click()
    codes = page.get_by_role("list", name="Recovery codes").get_by_role("listitem")
    expect(codes).to_have_count(10)
    fits(page, "recovery-codes")
    recovery = codes.first.inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert recovery in Path(download.value.path()).read_text()
    page.get_by_role("link", name="I have kept them").click()

    # The passkey.
    page.get_by_role("link", name="Add a passkey").click()
    fits(page, "passkey")
    page.get_by_label("Name").fill("Harbour laptop")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("rowheader", name="Harbour laptop")).to_be_visible()
    expect(page.get_by_text("10 recovery codes left.")).to_be_visible()
    fits(page, "sign-in-settings")

    # The password is followed by the second step: a recovery code, or the passkey.
    sign_out(page, fresh)
    sign_in(fresh, owner, page)
    fits(page, "second-factor")
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("This code is not right")).to_be_visible()
    page.get_by_label("Code").fill(recovery)
    page.get_by_role("button", name="Go on").click()
    expect(page).to_have_url(re.compile("/w/skerry/"))

    sign_out(page, fresh)
    sign_in(fresh, owner, page)
    page.get_by_role("button", name="Use your passkey").click()
    expect(page).to_have_url(re.compile("/w/skerry/"))

    # The passkey alone signs in too, and confirms who is there.
    sign_out(page, fresh)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile("/w/skerry/"))
    page.goto(f"{fresh.url}/confirm/?next=/w/skerry/account/sign-in/")
    fits(page, "confirm")
    page.get_by_role("button", name="Use your passkey").click()
    expect(page).to_have_url(re.compile("/account/sign-in/$"))
    page.get_by_role("button", name="Remove Harbour laptop").click()
    expect(page.get_by_role("rowheader", name="Harbour laptop")).to_have_count(0)

    # What was taken away no longer lets in.
    sign_out(page, fresh)
    with fresh.trouble.expecting(422):
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_text("This passkey was not accepted")).to_be_visible()


@pytest.fixture
def running() -> Iterator[oidc.RunningProvider]:
    process, provider = oidc.start()
    yield provider
    process.terminate()
    process.wait(20)


def test_a_person_comes_in_through_the_single_sign_on(
    fresh: Stage, running: oidc.RunningProvider, settings: Any
) -> None:
    settings.OIDC = Provider(running.issuer, "tandem", "secret", name="Ferry ID")
    page = fresh.window(None)
    page.goto(f"{fresh.url}/sign-in/")
    fits(page, "sign-in")
    page.get_by_role("button", name="Sign in with Ferry ID").click()
    expect(page).to_have_url(re.compile(f"^{re.escape(running.issuer)}/oauth2/authorize"))
    page.locator("[name=sub]").first.fill("petra")
    page.get_by_role("button", name=re.compile("authori", re.IGNORECASE)).first.click()
    expect(page).to_have_url(re.compile("/w/skerry/"))
    # The provider's own page wants a style sheet from the net; the tests have none.
    found = fresh.trouble.found
    found[:] = [each for each in found if running.issuer not in each and "jsdelivr" not in each]
    page.goto(f"{fresh.url}/w/skerry/account/sign-in/")
    expect(page.get_by_text("Linked since")).to_be_visible()
    expect(page.get_by_text("this one")).to_be_visible()


def test_an_administrator_helps_who_cannot_come_in(fresh: Stage) -> None:
    ada = fresh.window(fresh.people.admin)
    ada.goto(f"{fresh.url}/w/skerry/people/")
    ada.get_by_role("button", name="More about Petra Holm").click()
    ada.get_by_role("button", name="Make a password link").click()
    link = ada.get_by_label("Password link").input_value()
    fits(ada, "people")

    petra = fresh.window(None)
    petra.goto(link)
    fits(petra, "password-link")
    petra.get_by_label("New password").fill(PASSWORD)
    petra.get_by_role("button", name="Save the password").click()
    expect(petra).to_have_url(re.compile("/w/skerry/"))

    # From now on everybody needs a second factor: Petra is led to set one up.
    ada.get_by_label("Every member needs a second factor").check()
    with fresh.turn:
        from tandem.accounts.tests.signing_in import give_app

        give_app(fresh.people.admin.user)
    with ada.expect_response(lambda answer: answer.request.method == "POST"):
        ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_label("Every member needs a second factor")).to_be_checked()
    petra.goto(f"{fresh.url}/w/skerry/people/")
    expect(petra.get_by_text("asks all members for a second factor")).to_be_visible()
    fits(petra, "second-factor-missing")
