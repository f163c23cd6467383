import datetime

import pytest
from django.utils import timezone

from tandem.accounts import operations
from tandem.accounts.models import Invitation, Member
from tandem.core.errors import PermissionRefused, Refused
from tandem.core.models import Event


def test_it_makes_an_invitation_whose_link_lets_one_person_in(world):
    _invitation, secret = operations.invitation_create(by=world.admin, role="developer")
    user = operations.user_create(email="new@skerry.example", name="Nils New")
    member = operations.invitation_accept(secret=secret, user=user)
    assert (member.workspace, member.role) == (world.people.workspace, "developer")
    assert secret not in str(Invitation.objects.values())
    with pytest.raises(Refused, match="used"):
        operations.invitation_of(secret)


def test_it_refuses_an_invitation_that_is_too_old(world):
    _invitation, secret = operations.invitation_create(by=world.admin, role="viewer")
    Invitation.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    with pytest.raises(Refused, match="too old"):
        operations.invitation_of(secret)


@pytest.mark.parametrize("person", ["owner", "technical", "developer", "stakeholder", "viewer"])
def test_only_an_administrator_invites(world, person):
    with pytest.raises(PermissionRefused, match="may not invite people"):
        operations.invitation_create(by=getattr(world, person), role="viewer")


def test_it_keeps_the_last_administrator(world):
    with pytest.raises(Refused, match="needs an administrator"):
        operations.member_change_role(by=world.admin, member=world.admin, role="viewer")
    with pytest.raises(Refused, match="needs an administrator"):
        operations.member_end(by=world.admin, member=world.admin)


def test_a_member_who_left_may_do_nothing_and_can_come_back(world):
    operations.member_end(by=world.admin, member=world.owner)
    with pytest.raises(PermissionRefused):
        operations.product_create(by=world.owner, key="NEW2")
    back = operations.member_add(by=world.admin, user=world.owner.user, role="product_owner")
    assert back.pk == world.owner.pk
    assert Member.objects.active().filter(pk=back.pk).exists()


@pytest.mark.parametrize("key", ["", "A", "web site", "1WEB", "TOOLONGAKEY", "PEOPLE"])
def test_it_refuses_a_product_key_that_cannot_stand_in_an_address(world, key):
    with pytest.raises(Refused) as refusal:
        operations.product_create(by=world.admin, key=key)
    assert refusal.value.field == "key"


def test_every_change_leaves_one_event_with_person_and_channel(world):
    before = Event.objects.count()
    operations.product_update(by=world.owner, product=world.product, name="Skerry")
    event = Event.objects.order_by("-id").first()
    assert Event.objects.count() == before + 1
    assert (event.verb, event.member_name, event.channel) == (
        "product.updated",
        "Petra Holm",
        "page",
    )
    assert event.changes == {"name": ["Skerry Booking", "Skerry"]}
