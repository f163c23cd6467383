"""Signing in by password: throttled, telling nobody who is here, and going nowhere else."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import get_resolver

from tandem.accounts.sign_in import throttle
from tandem.accounts.tests.signing_in import PASSWORD, give_password, sign_in, words
from tandem.core.models import Event


def attempt(email, password="wrong", client=None, **more):
    return (client or Client()).post("/sign-in/", {"email": email, "password": password}, **more)


def test_a_sign_in_is_recorded_with_method_address_and_device(world):
    give_password(world.owner)
    _, answer = sign_in(world.owner, Client(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux) Firefox/140"))
    assert answer.status_code == 302
    event = Event.objects.get(verb="member.signed_in")
    assert (event.member_name, event.object_id) == ("Petra Holm", world.owner.pk)
    assert event.changes == {
        "method": "password",
        "address": "127.0.0.1",
        "device": "Firefox on Linux",
    }


def test_a_failed_sign_in_is_recorded_without_saying_who_it_was(world):
    attempt(world.owner.user.email)
    event = Event.objects.get(verb="member.sign_in_failed")
    assert (event.member_id, event.member_name, event.object_label) == (
        None,
        "Somebody",
        "Petra Holm",
    )
    assert event.changes["reason"] == "password"


def test_five_wrong_passwords_close_the_account_for_a_while_and_say_how_long(world):
    give_password(world.owner)
    for _ in range(5):
        assert attempt(world.owner.user.email).status_code == 422
    answer = attempt(world.owner.user.email, PASSWORD)
    assert answer.status_code == 429
    assert "Too many attempts. Wait 5 minutes and try again" in words(answer)
    give_password(world.technical)
    assert sign_in(world.technical)[1].status_code == 302


def test_a_right_password_does_not_count_as_an_attempt(world):
    give_password(world.owner)
    for _ in range(7):
        assert sign_in(world.owner)[1].status_code == 302


def test_many_addresses_from_one_place_are_stopped_too(world, monkeypatch):
    monkeypatch.setitem(throttle.RATES, "sign_in", "3/5m/ip,5/5m/key")
    for number in range(3):
        assert attempt(f"somebody{number}@skerry.example").status_code == 422
    assert attempt("another@skerry.example").status_code == 429
    elsewhere = attempt("another@skerry.example", REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 422


def test_a_forwarded_address_counts_only_behind_a_known_proxy(world, monkeypatch, settings):
    monkeypatch.setitem(throttle.RATES, "sign_in", "1/5m/ip")
    attempt("a@skerry.example", HTTP_X_FORWARDED_FOR="192.0.2.1")
    forged = attempt("b@skerry.example", HTTP_X_FORWARDED_FOR="192.0.2.2")
    assert forged.status_code == 429
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert attempt("b@skerry.example", HTTP_X_FORWARDED_FOR="192.0.2.2").status_code == 422


def test_unknown_and_known_addresses_get_the_same_answer_for_the_same_work(world, monkeypatch):
    hashed = []
    user = get_user_model()
    known_check, blank_set = user.check_password, user.set_password

    def check(self, raw):
        hashed.append("hash")
        return known_check(self, raw)

    def blank(self, raw):
        hashed.append("hash")
        return blank_set(self, raw)

    give_password(world.owner)
    monkeypatch.setattr(user, "check_password", check)
    monkeypatch.setattr(user, "set_password", blank)
    answers = []
    for email in (world.owner.user.email, "nobody@skerry.example"):
        hashed.clear()
        answer = attempt(email)
        answers.append((answer.status_code, words(answer).replace(email, ""), list(hashed)))
    assert answers[0] == answers[1]
    assert answers[0][2] == ["hash"]


def test_a_closed_account_answers_like_a_wrong_password(world):
    give_password(world.owner)
    world.owner.user.is_active = False
    world.owner.user.save()
    _, answer = sign_in(world.owner)
    assert answer.status_code == 422
    assert "The mail address or the password is not right." in words(answer)


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example/", "https:evil.example", "javascript:alert(1)"],
)
def test_it_goes_to_no_other_host_afterwards(world, address):
    give_password(world.owner)
    _, answer = sign_in(world.owner, next=address)
    assert (answer.status_code, answer.url) == (302, "/")


def test_an_unreadable_form_is_refused_in_words(world):
    answer = Client().post("/sign-in/", {"email": "no address", "password": ""})
    assert answer.status_code == 422
    assert "Enter a valid email address." in words(answer)


def test_joining_with_a_taken_address_does_not_say_that_it_is_taken(world):
    from tandem.accounts import operations

    _, secret = operations.invitation_create(by=world.admin, role="viewer")
    answer = Client().post(
        f"/join/{secret}/",
        {"name": "Eve", "email": world.owner.user.email.upper(), "password": PASSWORD},
    )
    assert answer.status_code == 422
    assert "is here already" not in words(answer)
    assert "sign in and open the link again" in words(answer)


def test_no_address_of_allauth_is_open_but_those_tandem_uses():
    names = {
        name
        for name in get_resolver().reverse_dict
        if isinstance(name, str)
        and name.startswith(("account_", "mfa_", "socialaccount_", "openid_", "usersessions_"))
    }
    assert names == {"account_login", "mfa_authenticate", "openid_connect_callback"}


@pytest.mark.parametrize(
    "address",
    ["accounts/signup/", "accounts/login/", "accounts/email/", "accounts/password/reset/",
     "accounts/2fa/", "sign-in/google/callback/", "sign-in/oidc/callback/"],
)  # fmt: skip
def test_allauths_own_pages_are_not_there(world, address):
    assert world.client(world.owner).get(f"/{address}").status_code == 404
    assert Client().get(f"/{address}").status_code in {302, 404}


def test_the_sign_in_page_says_whom_to_ask_when_there_is_no_mail(world, settings):
    assert "Ask your administrator" in words(Client().get("/sign-in/"))
    assert Client().get("/sign-in/forgotten/").status_code == 404
    settings.EMAIL_HOST = "mail.skerry.example"
    assert "/sign-in/forgotten/" in Client().get("/sign-in/").content.decode()
