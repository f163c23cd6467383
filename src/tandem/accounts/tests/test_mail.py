"""A forgotten password by mail, through a real mail server on loopback."""

import re
import socket

import pytest
from aiosmtpd.controller import Controller
from django.core.mail.backends.smtp import EmailBackend
from django.test import Client

from tandem.accounts.models import SignInLink
from tandem.accounts.sign_in.passwords import is_email_verified
from tandem.accounts.tests.signing_in import PASSWORD, give_password, sign_in, words


class Box:
    def __init__(self):
        self.letters = []

    async def handle_DATA(self, server, session, envelope):
        self.letters.append(envelope)
        return "250 kept"


@pytest.fixture
def box(settings):
    box = Box()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = f"{EmailBackend.__module__}.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.EMAIL_USE_TLS = False
    settings.DEFAULT_FROM_EMAIL = "tandem@skerry.example"
    yield box
    controller.stop()


def ask(email):
    return Client().post("/sign-in/forgotten/", {"email": email})


def link_in(letter) -> str:
    text = letter.content.decode().replace("=\r\n", "").replace("=3D", "=")
    return re.search(r"http://testserver(/sign-in/password/\S+)", text)[1]


def test_a_mailed_link_sets_a_password_and_shows_that_the_address_is_theirs(world, box):
    give_password(world.owner, "the old harbour 17")
    assert "a mail with a link is on its way" in words(ask("PETRA@skerry.example"))
    letter = box.letters[0]
    assert letter.rcpt_tos == ["petra@skerry.example"]
    assert letter.mail_from == "tandem@skerry.example"
    assert not is_email_verified(world.owner.user)
    answer = Client().post(link_in(letter), {"password": PASSWORD})
    assert answer.status_code == 302
    assert sign_in(world.owner)[1].status_code == 302
    assert is_email_verified(world.owner.user)
    assert Client().get(link_in(letter)).status_code == 422


def test_asking_tells_nobody_who_is_here(world, box):
    known, unknown = ask(world.owner.user.email), ask("nobody@skerry.example")
    assert words(known) == words(unknown)
    assert (known.status_code, unknown.status_code) == (200, 200)
    assert [letter.rcpt_tos for letter in box.letters] == [["petra@skerry.example"]]


def test_asking_again_and_again_is_stopped(world, box):
    for _ in range(3):
        assert ask(world.owner.user.email).status_code == 200
    stopped = ask(world.owner.user.email)
    assert stopped.status_code == 429
    assert "Wait 10 minutes" in words(stopped)
    assert len(box.letters) == 3


def test_an_address_that_is_none_sends_nothing(world, box):
    assert ask("no address").status_code == 422
    assert box.letters == []
    assert not SignInLink.objects.exists()
