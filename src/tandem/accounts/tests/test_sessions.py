"""Where one is signed in, and ending that at once."""

import re

from allauth.usersessions.models import UserSession
from django.test import Client

from tandem.accounts.tests.signing_in import PASSWORD, give_password, sign_in, words
from tandem.core.models import Event

SETTINGS = "/w/skerry/account/sign-in/"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"
LAPTOP = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"


def two(member):
    give_password(member)
    phone, _ = sign_in(member, Client(HTTP_USER_AGENT=PHONE, REMOTE_ADDR="192.0.2.9"))
    laptop, _ = sign_in(member, Client(HTTP_USER_AGENT=LAPTOP))
    return phone, laptop


def test_the_account_lists_each_session_with_device_and_address(world):
    _, laptop = two(world.owner)
    text = words(laptop.get(SETTINGS))
    assert "Chrome on Linux this one 127.0.0.1" in text
    assert "Safari on iPhone 192.0.2.9" in text


def test_ending_a_session_works_with_its_next_request(world):
    phone, laptop = two(world.owner)
    body = laptop.get(SETTINGS).content.decode()
    address = re.search(r'action="([^"]+)"(?:(?!action=).)*End the session on Safari', body, re.S)[
        1
    ]
    assert laptop.post(address).url == SETTINGS
    assert phone.get("/w/skerry/account/").status_code == 302
    assert laptop.get("/w/skerry/account/").status_code == 200
    event = Event.objects.get(verb="session.ended")
    assert event.changes == {"device": "Safari on iPhone", "address": "192.0.2.9"}


def test_ending_all_others_leaves_this_one(world):
    phone, laptop = two(world.owner)
    laptop.post("/w/skerry/account/sessions/end/")
    assert phone.get("/w/skerry/account/").status_code == 302
    assert laptop.get("/w/skerry/account/").status_code == 200


def test_ending_this_one_signs_out(world):
    _, laptop = two(world.owner)
    pk = UserSession.objects.get(session_key=laptop.session.session_key).pk
    assert laptop.post(f"/w/skerry/account/sessions/{pk}/end/").url == "/sign-in/"
    assert laptop.get("/w/skerry/account/").status_code == 302


def test_nobody_ends_anothers_session(world):
    phone, _ = two(world.owner)
    pk = UserSession.objects.get(session_key=phone.session.session_key).pk
    other = world.client(world.admin)
    assert other.post(f"/w/skerry/account/sessions/{pk}/end/").status_code == 404
    assert phone.get("/w/skerry/account/").status_code == 200


def test_a_session_moves_with_its_device_and_costs_one_write_a_minute(world):
    from tandem.accounts.sign_in.sessions import recently

    client = world.client(world.owner)
    recently.clear()
    client.get("/w/skerry/account/", REMOTE_ADDR="192.0.2.1")
    client.get("/w/skerry/account/", REMOTE_ADDR="192.0.2.2")
    session = UserSession.objects.get(user=world.owner.user)
    assert session.ip == "192.0.2.1"


def test_changing_the_password_ends_the_others_and_keeps_this_one(world):
    phone, laptop = two(world.owner)
    change = "/w/skerry/account/password/"
    wrong = laptop.post(change, {"old": "not it", "password": "nine quiet harbours"})
    assert wrong.status_code == 422
    assert "This is not your password." in words(wrong)
    weak = laptop.post(change, {"old": PASSWORD, "password": "password"})
    assert weak.status_code == 422
    assert "too short" in words(weak)
    assert phone.get("/w/skerry/account/").status_code == 200
    assert laptop.post(change, {"old": PASSWORD, "password": "nine quiet harbours"}).url == SETTINGS
    assert phone.get("/w/skerry/account/").status_code == 302
    text = words(laptop.get(SETTINGS))
    assert "Your password is changed. Your other sessions have ended." in text
    assert "this one" in text
    assert Event.objects.filter(verb="password.changed").count() == 1


def test_who_has_no_password_chooses_one_after_confirming(world):
    from tandem.accounts import links

    client = Client()
    client.get(f"/sign-in/link/{links.link_token(world.owner.user)}/")
    change = "/w/skerry/account/password/"
    assert client.post(change, {"password": PASSWORD}).url == SETTINGS
    assert sign_in(world.owner)[1].url == "/"
    late = world.client(world.technical)
    assert late.post(change, {"password": PASSWORD}).url.startswith("/confirm/")
    told = words(late.get("/confirm/"))
    assert "come in by a new link" in told
