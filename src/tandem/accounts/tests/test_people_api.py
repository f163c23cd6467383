"""Members, invitations and products over REST."""

import pytest

from tandem.accounts.models import Invitation, Member
from tandem.accounts.tests.caller import Caller


@pytest.fixture
def admin(world):
    return Caller(world.admin)


def test_the_caller_learns_whom_they_act_for(world, admin):
    me = admin("GET", "/me").json()
    assert (me["id"], me["role"], me["email"]) == (world.admin.pk, "admin", world.admin.user.email)
    assert me["workspace"]["slug"] == world.admin.workspace.slug


def test_a_member_gets_another_role_and_loses_access(world, admin):
    path = f"/members/{world.developer.pk}"
    assert admin("PATCH", path, {"role": "viewer"}).json()["role"] == "viewer"
    assert admin("GET", path).json()["role"] == "viewer"
    assert admin("DELETE", path).status_code == 204
    assert admin("GET", path).status_code == 404
    assert Member.objects.get(pk=world.developer.pk).ended_at is not None
    assert world.developer.pk not in {each["id"] for each in admin("GET", "/members").json()}


@pytest.mark.parametrize(
    ("method", "body", "field"),
    [
        ("PATCH", {"role": "king"}, "role"),
        ("PATCH", {"role": "viewer"}, "role"),
        ("DELETE", None, None),
    ],
)
def test_the_last_administrator_stays_and_roles_are_known(world, admin, method, body, field):
    answer = admin(method, f"/members/{world.admin.pk}", body)
    assert answer.status_code == 422
    assert answer.json().get("field") == field


def test_an_invitation_is_made_listed_opened_and_withdrawn(world, admin, client):
    made = admin("POST", "/invitations", {"role": "developer", "email": "new@example.org"})
    assert made.status_code == 201
    link = made.json()["link"]
    assert client.get(link).status_code == 200
    listed = admin("GET", "/invitations").json()
    assert [each["email"] for each in listed] == ["new@example.org"]
    assert "link" not in listed[0]
    assert admin("DELETE", f"/invitations/{made.json()['id']}").status_code == 204
    assert admin("GET", "/invitations").json() == []
    assert client.get(link).status_code == 422


def test_only_administrators_see_and_change_people(world):
    owner, outsider = Caller(world.owner), Caller(world.outsider)
    path = f"/members/{world.developer.pk}"
    assert owner("PATCH", path, {"role": "viewer"}).status_code == 403
    assert owner("GET", "/invitations").status_code == 403
    assert owner("POST", "/invitations", {"role": "admin"}).status_code == 403
    assert outsider("PATCH", path, {"role": "viewer"}).status_code == 404
    assert outsider("DELETE", path).status_code == 404
    assert not Invitation.objects.exists()


def test_a_product_is_changed(world):
    owner = Caller(world.owner)
    answer = owner("PATCH", "/products/FERRY", {"name": "Boats", "estimate_unit": "days"})
    assert (answer.json()["name"], answer.json()["estimate_unit"]) == ("Boats", "days")
    refused = owner("PATCH", "/products/FERRY", {"name": ""})
    assert (refused.status_code, refused.json()["field"]) == (422, "name")
    assert Caller(world.viewer)("PATCH", "/products/FERRY", {"name": "x"}).status_code == 403
