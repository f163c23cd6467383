"""Second factors: set up, asked for, required, taken away and reset."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tandem.accounts.sign_in import factors
from tandem.accounts.tests.signing_in import (
    PASSWORD,
    code_of,
    factors_in,
    give_app,
    give_codes,
    give_password,
    sign_in,
    words,
)
from tandem.core.errors import PermissionRefused, Refused
from tandem.core.models import Event

SETTINGS = "/w/skerry/account/sign-in/"
APP = "/w/skerry/account/second-factor/app/"


def secret_shown(answer) -> str:
    return re.search(r'id="secret" value="([A-Z2-7]+)"', answer.content.decode())[1]


def signed_in(member):
    """A client that signed in just now, so that nothing is asked again."""
    give_password(member)
    client, answer = sign_in(member)
    assert answer.url == "/"
    return client


def test_an_app_is_set_up_with_a_picture_and_recovery_codes_shown_once(world):
    client = signed_in(world.owner)
    page = client.get(APP)
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    secret = secret_shown(page)
    wrong = client.post(APP, {"code": "000000"})
    assert wrong.status_code == 422
    assert "This code is not right" in words(wrong)
    assert secret_shown(wrong) == secret
    done = client.post(APP, {"code": code_of(secret)})
    codes = re.findall(r'<li class="mono">(\d{8})</li>', done.content.decode())
    assert len(codes) == 10
    assert 'download="tandem-recovery-codes.txt"' in done.content.decode()
    assert "no-store" in done["Cache-Control"]
    body = client.get(SETTINGS).content.decode()
    assert "10 recovery codes left." in body
    assert not any(code in body for code in codes)
    assert secret not in str(Authenticator.objects.values_list("data", flat=True))
    verbs = set(Event.objects.values_list("verb", flat=True))
    assert {"second_factor.added", "recovery_codes.made"} <= verbs


def test_the_password_alone_no_longer_lets_in(world):
    give_password(world.owner)
    secret = give_app(world.owner.user)
    client, answer = sign_in(world.owner, next="/w/skerry/people/")
    assert answer.url == "/sign-in/second-factor/"
    assert client.get("/w/skerry/account/").status_code == 302
    assert "show that it is you" in words(client.get(answer.url))
    wrong = client.post(answer.url, {"code": "123"})
    assert wrong.status_code == 422
    assert "This code is not right" in words(wrong)
    inside = client.post(answer.url, {"code": code_of(secret)})
    assert inside.url == "/w/skerry/people/"
    assert client.get(inside.url).status_code == 200
    assert Event.objects.get(verb="member.signed_in").changes["method"] == "password + totp"
    failed = Event.objects.get(verb="member.sign_in_failed")
    assert failed.changes["reason"] == "second factor"


def test_a_code_counts_once_and_no_older_one_counts_after_it(world):
    give_password(world.owner)
    secret = give_app(world.owner.user)
    later, now = code_of(secret, 1), code_of(secret)
    client, answer = sign_in(world.owner)
    assert client.post(answer.url, {"code": later}).status_code == 302
    for stale in (later, now):
        again, answer = sign_in(world.owner)
        refused = again.post(answer.url, {"code": stale})
        assert refused.status_code == 422
        assert "it was used before" in words(refused)


def test_a_recovery_code_stands_in_once(world):
    give_password(world.owner)
    give_app(world.owner.user)
    code = give_codes(world.owner.user)[3]
    client, answer = sign_in(world.owner)
    assert client.post(answer.url, {"code": f"{code[:4]} {code[4:]}"}).status_code == 302
    assert "9 recovery codes left." in words(client.get(SETTINGS))
    again, answer = sign_in(world.owner)
    assert again.post(answer.url, {"code": code}).status_code == 422


def test_five_wrong_codes_stop_the_guessing_even_of_the_right_one(world):
    give_password(world.owner)
    secret = give_app(world.owner.user)
    client, answer = sign_in(world.owner)
    for _ in range(5):
        assert client.post(answer.url, {"code": "000000"}).status_code == 422
    stopped = client.post(answer.url, {"code": code_of(secret)})
    assert stopped.status_code == 429
    assert "Too many attempts. Wait" in words(stopped)


def test_the_second_step_is_closed_to_who_did_not_do_the_first(world):
    give_app(world.owner.user)
    answer = Client().post("/sign-in/second-factor/", {"code": "000000"})
    assert (answer.status_code, answer.url) == (302, "/sign-in/")


def test_links_do_not_go_around_the_second_factor(world):
    from tandem.accounts import links

    give_app(world.owner.user)
    answer = Client().get(f"/sign-in/link/{links.link_token(world.owner.user)}/")
    assert answer.url == "/sign-in/second-factor/"
    secret = links.password_link(by=world.admin, member=world.owner)
    chosen = Client().post(f"/sign-in/password/{secret}/", {"password": PASSWORD})
    assert chosen.url == "/sign-in/second-factor/"


@pytest.mark.parametrize("page", ["app", "passkey"])
def test_setting_up_asks_again_who_is_there(world, page):
    give_password(world.owner)
    client = world.client(world.owner)  # signed in, but not just now
    answer = client.get(f"/w/skerry/account/second-factor/{page}/")
    assert answer.url.startswith("/confirm/?next=")
    wrong = client.post(answer.url, {"password": "wrong"})
    assert wrong.status_code == 422
    assert "The password is not right." in words(wrong)
    confirmed = client.post(
        "/confirm/", {"password": PASSWORD, "next": f"/w/skerry/account/second-factor/{page}/"}
    )
    assert client.get(confirmed.url).status_code == 200


def test_confirming_goes_to_no_other_host(world):
    give_password(world.owner)
    client = world.client(world.owner)
    answer = client.post("/confirm/", {"password": PASSWORD, "next": "//evil.example/"})
    assert answer.url == "/"


def test_a_confirmation_holds_for_ten_minutes(world, monkeypatch):
    from tandem.accounts.sign_in import confirming

    client = signed_in(world.owner)
    assert client.get(APP).status_code == 200
    monkeypatch.setattr(confirming, "SECONDS", -1)
    assert client.get(APP).status_code == 302


def test_taking_away_asks_again_and_takes_the_codes_with_the_last_factor(world, monkeypatch):
    give_password(world.owner)
    give_app(world.owner.user)
    give_codes(world.owner.user)
    pk = Authenticator.objects.get(user=world.owner.user, type="totp").pk
    client = world.client(world.owner)
    address = f"/w/skerry/account/second-factor/{pk}/removal/"
    assert client.post(address).url.startswith("/confirm/")
    assert factors_in(world.owner.user) == ["recovery_codes", "totp"]
    client.post("/confirm/", {"password": PASSWORD})
    assert client.post(address).url == SETTINGS
    assert factors_in(world.owner.user) == []
    assert Event.objects.filter(verb="second_factor.removed").count() == 1


def test_nobody_takes_away_anothers_factor(world):
    give_app(world.owner.user)
    pk = Authenticator.objects.get(type="totp").pk
    client = signed_in(world.technical)
    assert client.post(f"/w/skerry/account/second-factor/{pk}/removal/").status_code == 404
    assert factors_in(world.owner.user) == ["totp"]


def test_new_codes_make_the_old_ones_void(world):
    give_app(world.owner.user)
    old = give_codes(world.owner.user)
    new = give_codes(world.owner.user)
    assert not set(old) & set(new)
    assert factors.code_accept(world.owner.user, old[0]) is None
    assert factors.code_accept(world.owner.user, new[0]) is not None


def test_there_are_no_codes_without_a_factor(world):
    with pytest.raises(Refused, match="Set up an authenticator app or a passkey first"):
        factors.codes_make(user=world.owner.user)


def test_a_workspace_that_requires_a_factor_leads_members_to_set_one_up(world):
    client = signed_in(world.owner)
    factors.factor_require(by=world.admin, required=True)
    for page in ("people/", "FERRY/", "account/"):
        assert client.get(f"/w/skerry/{page}").url == SETTINGS
    assert (
        client.get("/w/skerry/people/", headers={"HX-Request": "true"})["HX-Redirect"] == SETTINGS
    )
    assert client.get("/api/v1/products").status_code == 401
    assert "asks all members for a second factor" in words(client.get(SETTINGS))
    secret = secret_shown(client.get(APP))
    client.post(APP, {"code": code_of(secret)})
    assert client.get("/w/skerry/people/").status_code == 200
    assert client.get("/api/v1/products").status_code == 200


def test_requiring_a_factor_is_a_choice_on_the_people_page(world):
    client = world.client(world.admin)
    give_app(world.admin.user)
    assert client.post("/w/skerry/people/second-factor/", {"required": "on"}).status_code == 302
    event = Event.objects.get(verb="workspace.updated")
    assert event.changes == {"second_factor_required": [False, True]}
    body = client.get("/w/skerry/people/").content.decode()
    assert re.search(r'name="required" value="on" checked', body)
    client.post("/w/skerry/people/second-factor/", {})
    assert signed_in(world.owner).get("/w/skerry/people/").status_code == 200


@pytest.mark.parametrize("person", ["owner", "technical", "developer", "stakeholder", "viewer"])
def test_only_an_administrator_requires_and_resets_factors(world, person):
    member = getattr(world, person)
    give_app(world.admin.user)
    with pytest.raises(PermissionRefused):
        factors.factor_require(by=member, required=True)
    with pytest.raises(PermissionRefused):
        factors.factors_reset(by=member, member=world.admin)
    client = world.client(member)
    assert client.post("/w/skerry/people/second-factor/", {"required": "on"}).status_code == 403
    reset = f"/w/skerry/people/{world.admin.pk}/second-factor/reset/"
    assert client.post(reset).status_code == 403
    assert "How members sign in" not in words(client.get("/w/skerry/people/"))


def test_an_administrator_resets_the_factor_of_who_lost_theirs(world):
    give_password(world.owner)
    give_app(world.owner.user)
    elsewhere = world.client(world.owner)
    address = f"/w/skerry/people/{world.owner.pk}/second-factor/reset/"
    admin = world.client(world.admin)
    assert "set up" in words(admin.get("/w/skerry/people/"))
    assert admin.post(address).status_code == 302
    assert factors_in(world.owner.user) == []
    assert elsewhere.get("/w/skerry/account/").status_code == 302
    assert sign_in(world.owner)[1].url == "/"
    assert Event.objects.get(verb="second_factor.reset").member_name == "Ada Berg"
    assert admin.post(address).status_code == 422


GARBAGE = ["", "null", "[]", "{}", "not json", '{"id": 1}', '{"id":"a","rawId":"b","response":{}}']


@pytest.mark.parametrize("credential", GARBAGE)
def test_a_passkey_that_makes_no_sense_is_refused_in_words(world, credential):
    client = Client()
    client.get("/sign-in/passkey/options/")
    answer = client.post("/sign-in/passkey/", {"credential": credential})
    assert answer.status_code == 422
    assert "This passkey was not accepted" in words(answer)
    inside = signed_in(world.owner)
    page = "/w/skerry/account/second-factor/passkey/"
    inside.get(page, headers={"host": "localhost"})
    answer = inside.post(page, {"credential": credential, "name": "x"})
    assert answer.status_code == 422
    assert factors_in(world.owner.user) == []


def test_the_passkey_page_says_where_passkeys_work(world):
    client = signed_in(world.owner)
    page = "/w/skerry/account/second-factor/passkey/"
    assert "need" in words(client.get(SETTINGS, headers={"host": "127.0.0.1:8000"}))
    told = words(client.get(page, headers={"host": "127.0.0.1:8000"}))
    assert "only for addresses with a name and https" in told
    body = client.get(page, headers={"host": "localhost:8000"}).content.decode()
    assert 'data-passkey="create"' in body
