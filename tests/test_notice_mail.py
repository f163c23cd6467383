"""Notices by mail, through a real mail server on loopback."""

import email
import email.policy
import re
import socket

import pytest
from aiosmtpd.controller import Controller
from django.core.mail.backends.smtp import EmailBackend
from django.test import Client

from tandem.backlog import operations as do
from tandem.notices import mail
from tandem.notices import operations as keep
from tandem.notices.models import NoticeEntry, NoticeSetting


class Box:
    def __init__(self):
        self.letters = []

    async def handle_DATA(self, server, session, envelope):
        self.letters.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
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
    settings.ADDRESS = "https://tandem.skerry.example"
    yield box
    controller.stop()


@pytest.fixture
def item(world):
    return do.item_create(by=world.owner, product=world.product, title="Book <a> seat")


def test_one_letter_tells_all_that_is_due_as_text_and_html(world, item, box):
    keep.setting_update(by=world.technical, switches={"watching": {"mail": True}})
    do.comment_write(by=world.owner, item=item, text=f"@{world.technical.name}, *see*?")
    do.comment_write(by=world.developer, item=item, text="I do.")
    assert box.letters == []
    NoticeEntry.objects.exclude(mail_at=None).update(mail_at="2026-01-01T00:00Z")
    assert mail.send_due() == 1
    [letter] = box.letters
    assert letter["To"] == world.technical.user.email
    assert letter["Subject"] == "FERRY-1 Book <a> seat"
    text = letter.get_body(("plain",)).get_content()
    assert f"@{world.technical.name}, *see*?" in text
    assert "I do." in text
    assert "https://tandem.skerry.example/w/skerry/FERRY/items/FERRY-1/" in text
    assert "Book &lt;a&gt; seat" in letter.get_body(("html",)).get_content()
    # Nothing is told twice.
    assert mail.send_due() == 0


def test_at_once_means_at_once_and_what_is_read_is_not_mailed(world, item, box):
    keep.setting_update(by=world.technical, digest="now")
    do.comment_write(by=world.owner, item=item, text=f"@{world.technical.name}")
    assert len(box.letters) == 1
    keep.setting_update(by=world.technical, digest="hourly")
    do.comment_write(by=world.owner, item=item, text=f"@{world.technical.name} again")
    keep.notices_read_all(by=world.technical)
    NoticeEntry.objects.exclude(mail_at=None).update(mail_at="2026-01-01T00:00Z")
    assert mail.send_due() == 0


def test_one_press_unsubscribes_without_signing_in(world, item, box):
    keep.setting_update(by=world.technical, digest="now")
    do.comment_write(by=world.owner, item=item, text=f"@{world.technical.name}")
    [letter] = box.letters
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = re.fullmatch(
        r"<https://tandem\.skerry\.example(\S+)>", letter["List-Unsubscribe"].strip()
    )[1]
    client = Client(enforce_csrf_checks=True)
    assert "Stop these mails" in client.get(address).content.decode()
    assert not NoticeSetting.objects.get(member=world.technical).mail_off
    answer = client.post(address, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert NoticeSetting.objects.get(member=world.technical).mail_off
    do.comment_write(by=world.owner, item=item, text=f"@{world.technical.name}, still?")
    assert len(box.letters) == 1
    assert client.post(address[:-5] + "AAAA/").status_code == 404


def test_without_a_mail_server_or_an_address_nothing_is_sent(world, item, box, settings):
    settings.ADDRESS = ""
    keep.setting_update(by=world.technical, digest="now")
    do.comment_write(by=world.owner, item=item, text=f"@{world.technical.name}")
    assert box.letters == []
    page = world.client(world.technical).get("/w/skerry/inbox/settings/").content.decode()
    assert "TANDEM_ADDRESS" in page


def test_a_mail_server_that_is_away_gets_the_letter_later(world, item, box, settings):
    keep.setting_update(by=world.technical, digest="now")
    settings.EMAIL_PORT = 1
    do.comment_write(by=world.owner, item=item, text=f"@{world.technical.name}")
    assert NoticeEntry.objects.exclude(mail_at=None).count() == 1


def test_the_settings_page_saves_and_refuses_beside_the_field(world):
    client = world.client(world.owner)
    sent = {"watching.inbox": "1", "digest": "daily", "daily_hour": "7", "mail": "on"}
    assert client.post("/w/skerry/inbox/settings/", sent).status_code == 302
    setting = NoticeSetting.objects.get(member=world.owner)
    assert not setting.wants("named", "inbox")
    assert (setting.daily_hour, setting.watch_created) == (7, False)
    for wrong in ({"daily_hour": "40"}, {"quiet_from": "late"}, {"time_zone": "Mars/Base"}):
        answer = client.post("/w/skerry/inbox/settings/", sent | wrong)
        assert answer.status_code == 422
        assert "field-error" in answer.content.decode()
