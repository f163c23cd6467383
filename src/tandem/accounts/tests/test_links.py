"""Links that let in: the sample's again and again, every other one once."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from tandem.accounts import links, operations
from tandem.accounts.models import LinkPurpose, SignInLink
from tandem.accounts.tests.signing_in import PASSWORD, give_password, sign_in, words
from tandem.core.errors import PermissionRefused, Refused
from tandem.core.models import Event


def test_a_link_of_the_sample_signs_in_again_and_again(world):
    address = f"/sign-in/link/{links.link_token(world.owner.user)}/"
    for _ in range(2):
        client = Client()
        assert client.get(address).url == "/"
        assert client.get("/w/skerry/account/").status_code == 200


def test_a_link_of_the_sample_opens_nobody_who_works_elsewhere(world):
    token = links.link_token(world.outsider.user)
    answer = Client().get(f"/sign-in/link/{token}/")
    assert answer.status_code == 422
    assert "no longer valid" in words(answer)
    operations.member_add(by=world.outsider, user=world.owner.user, role="viewer")
    with pytest.raises(Refused):
        links.user_of(links.link_token(world.owner.user))


def test_a_sign_in_link_works_once_and_only_when_its_button_is_pressed(world):
    secret = links.link_make(user=world.outsider.user, purpose=LinkPurpose.SIGN_IN)
    address = f"/sign-in/link/{secret}/"
    assert secret not in str(SignInLink.objects.values())
    client = Client()
    for _ in range(2):  # a preview uses nothing up
        assert "This link signs in Otto Other" in words(client.get(address))
    assert client.post(address).status_code == 302
    assert client.get("/w/other-works/account/").status_code == 200
    again = Client().post(address)
    assert again.status_code == 422
    assert "used or too old" in words(again)
    made, used = Event.objects.filter(verb__startswith="sign_in_link.").order_by("id")
    assert (made.verb, used.verb) == ("sign_in_link.made", "sign_in_link.used")


def test_a_link_that_is_too_old_is_refused(world):
    secret = links.link_make(user=world.outsider.user, purpose=LinkPurpose.SIGN_IN)
    SignInLink.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    assert "used or too old" in words(Client().post(f"/sign-in/link/{secret}/"))


def test_a_password_link_cannot_sign_in_and_a_sign_in_link_sets_no_password(world):
    password = links.link_make(user=world.outsider.user, purpose=LinkPurpose.PASSWORD)
    sign_in_secret = links.link_make(user=world.outsider.user, purpose=LinkPurpose.SIGN_IN)
    assert Client().post(f"/sign-in/link/{password}/").status_code == 422
    assert Client().get(f"/sign-in/password/{sign_in_secret}/").status_code == 422


def link_on_people_page(world, member):
    import re

    answer = world.client(world.admin).post(f"/w/skerry/people/{member.pk}/password-link/")
    return re.search(r'value="http://testserver(/sign-in/password/[^"]+)"', answer.content.decode())


def test_an_administrators_link_lets_a_member_choose_a_password_once(world):
    give_password(world.owner, "the old harbour 17")
    elsewhere = world.client(world.owner)
    assert elsewhere.get("/w/skerry/account/").status_code == 200
    address = link_on_people_page(world, world.owner)[1]
    client = Client()
    weak = client.post(address, {"password": "short"})
    assert weak.status_code == 422
    assert "too short" in words(weak)
    assert client.post(address, {"password": PASSWORD}).status_code == 302
    assert client.get("/w/skerry/account/").status_code == 200
    assert elsewhere.get("/w/skerry/account/").status_code == 302
    assert sign_in(world.owner)[1].status_code == 302
    assert Client().get(address).status_code == 422
    verbs = list(Event.objects.filter(object_kind="member").values_list("verb", flat=True))
    for verb in ("sign_in_link.made", "sign_in_link.used", "password.changed", "session.ended"):
        assert verb in verbs


def test_choosing_a_password_closes_every_other_link(world):
    other = links.link_make(user=world.owner.user, purpose=LinkPurpose.SIGN_IN)
    secret = links.password_link(by=world.admin, member=world.owner)
    Client().post(f"/sign-in/password/{secret}/", {"password": PASSWORD})
    assert Client().post(f"/sign-in/link/{other}/").status_code == 422


@pytest.mark.parametrize("person", ["owner", "technical", "developer", "stakeholder", "viewer"])
def test_only_an_administrator_makes_password_links(world, person):
    with pytest.raises(PermissionRefused):
        links.password_link(by=getattr(world, person), member=world.admin)
    client = world.client(getattr(world, person))
    assert client.post(f"/w/skerry/people/{world.admin.pk}/password-link/").status_code == 403


def test_an_administrator_gets_no_hold_of_an_account_that_others_share(world):
    operations.member_add(by=world.outsider, user=world.owner.user, role="admin")
    assert link_on_people_page(world, world.owner) is None
    with pytest.raises(Refused, match="other workspaces too"):
        links.password_link(by=world.admin, member=world.owner)
    address = f"/w/skerry/people/{world.outsider.pk}/password-link/"
    assert world.client(world.admin).post(address).status_code == 404
