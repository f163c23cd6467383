"""Services: a token that is nobody's own."""

import json
import re

import pytest
from django.test import Client

from tandem.accounts import operations
from tandem.accounts.models import ApiToken, Member
from tandem.accounts.operations_services import service_create, service_revoke
from tandem.accounts.tests.caller import Caller
from tandem.core.errors import Refused
from tandem.core.models import Event


def asked(whole, path, method="GET", **body):
    headers = {"Authorization": f"Bearer {whole}"}
    return Client().generic(
        method,
        f"/api/v1{path}",
        data=json.dumps(body) if body else "",
        content_type="application/json",
        headers=headers,
    )


@pytest.fixture
def build(world):
    return service_create(by=world.admin, name="Build server", role="product_owner")


def test_it_acts_under_its_own_name_also_when_its_maker_leaves(world, build):
    second = operations.member_add(
        by=world.admin,
        user=operations.user_create(email="new@skerry.example", name="New Admin"),
        role="admin",
    )
    operations.member_end(by=second, member=world.admin)
    answer = asked(build[1], "/products", "POST", key="DECK", name="Deck")
    assert answer.status_code == 201
    event = Event.objects.get(verb="product.created", object_label__contains="Deck")
    assert (event.member_name, event.channel) == ("Build server", "api")
    assert event.member_id == build[0].member_id
    log = Caller(second)("GET", f"/audit?who={build[0].member_id}").json()
    assert [row["who"] for row in log["items"]] == ["Build server"]
    assert asked(build[1], "/services").status_code == 403  # its role, not its maker's


def test_it_is_nobody_to_sign_in_as_to_assign_or_to_count(world, build):
    service = build[0].member
    client = Client()
    client.force_login(service.user)
    assert client.get("/w/skerry/").status_code != 200
    assert client.get("/api/v1/me").status_code == 401
    assert "Build server" not in world.client(world.admin).get("/w/skerry/people/").content.decode()
    api = Caller(world.admin)
    assert service.pk not in {each["id"] for each in api("GET", "/members").json()}
    assert api("PATCH", f"/members/{service.pk}", {"role": "admin"}).status_code == 404
    assert not Member.objects.active().filter(pk=service.pk).exists()
    assert not service.user.has_usable_password()
    # An administrator that is a service is none that could let anybody in.
    service_create(by=world.admin, name="Robot", role="admin")
    with pytest.raises(Refused, match="needs an administrator"):
        operations.member_end(by=world.admin, member=world.admin)


def test_administrators_make_it_on_its_page_see_it_once_and_revoke_it(world):
    client = world.client(world.admin)
    form = {"name": "Nightly", "role": "viewer", "level": "read", "area": "backlog", "days": "30"}
    made = client.post("/w/skerry/services/tokens/", form).content.decode()
    whole = re.search(r'value="(tdm_[^"]+)"', made)[1]
    assert asked(whole, f"/products/{world.product.key}/items").status_code == 200
    assert asked(whole, "/products").status_code == 403
    again = client.post("/w/skerry/services/tokens/", form)
    assert again.status_code == 422
    assert "There is a service Nightly already" in again.content.decode()
    page = client.get("/w/skerry/services/").content.decode()
    assert whole not in page
    assert "Nightly" in page
    revoke = re.search(r'action="(/w/skerry/services/\d+/revocation/)"', page)[1]
    client.post(revoke)
    assert asked(whole, f"/products/{world.product.key}/items").status_code == 401
    assert "No service works here" in client.get("/w/skerry/services/").content.decode()
    told = Event.objects.filter(verb__startswith="service.").order_by("pk")
    assert [each.verb for each in told] == ["service.created", "service.revoked"]
    assert whole.split("_", 2)[2] not in str(list(told.values()))


def test_the_api_lists_and_revokes_but_makes_none(world, build):
    api = Caller(world.admin)
    [row] = api("GET", "/services").json()
    assert (row["id"], row["name"], row["role"]) == (
        build[0].member_id, "Build server", "product_owner",
    )  # fmt: skip
    assert api("POST", "/services", {"name": "x"}).status_code == 405
    assert api("DELETE", f"/services/{world.owner.pk}").status_code == 404
    assert api("DELETE", f"/services/{row['id']}").status_code == 204
    assert api("GET", "/services").json() == []
    with pytest.raises(Refused, match="That is a person"):
        service_revoke(by=world.admin, service=world.owner)


def test_ones_own_tokens_are_listed_and_revoked_over_the_api(world):
    api, other = Caller(world.owner), Caller(world.viewer)
    [own] = api("GET", "/tokens").json()
    assert (own["name"], own["scopes"]) == ("test", ["all:write"])
    assert other("DELETE", f"/tokens/{own['id']}").status_code == 403
    assert api("DELETE", f"/tokens/{own['id']}").status_code == 204
    assert api("GET", "/tokens").status_code == 401
    assert ApiToken.objects.get(pk=own["id"]).revoked_at is not None
