"""The pages of signing in, people, products and the account, as every role sees them."""

import re

import pytest
from django.test import Client

from tandem.accounts import operations
from tandem.accounts.models import Invitation, User

ROLES = ("admin", "owner", "technical", "developer", "stakeholder", "viewer")
PAGES = ("people/", "products/", "account/")


def words(answer) -> str:
    """What a person reads: the body without tags, in one line."""
    body = answer.content.decode().split("<body", 1)[-1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("page", PAGES)
def test_it_opens_for_every_role(world, role, page):
    answer = world.client(getattr(world, role)).get(f"/w/skerry/{page}")
    assert answer.status_code == 200
    assert " style=" not in answer.content.decode()
    assert answer.content.decode().count("<h1") == 1


@pytest.mark.parametrize("page", PAGES)
def test_it_does_not_exist_for_an_outsider(world, page):
    assert world.client(world.outsider).get(f"/w/skerry/{page}").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_it_asks_strangers_to_sign_in(world, page):
    answer = world.client(None).get(f"/w/skerry/{page}")
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/sign-in/")


@pytest.mark.parametrize("role", ROLES)
def test_only_an_administrator_is_offered_to_invite_and_to_end(world, role):
    body = world.client(getattr(world, role)).get("/w/skerry/people/").content.decode()
    assert ("Invite somebody" in body) == (role == "admin")
    assert ("End membership" in body) == (role == "admin")


@pytest.mark.parametrize("role", ROLES)
def test_only_those_who_steer_are_offered_a_new_product(world, role):
    body = world.client(getattr(world, role)).get("/w/skerry/products/").content.decode()
    assert ("New product" in body) == (role in {"admin", "owner", "technical"})


def test_it_shows_an_invitation_link_once_and_the_link_lets_in(world):
    client = world.client(world.admin)
    answer = client.post("/w/skerry/people/invitations/", {"role": "developer", "email": ""})
    link = re.search(r'value="http://testserver(/join/[^"]+)"', answer.content.decode())[1]
    assert link not in client.get("/w/skerry/people/").content.decode()
    stranger = Client()
    assert "Join Skerry Lines" in words(stranger.get(link))
    joined = stranger.post(
        link, {"name": "Nils New", "email": "nils@skerry.example", "password": "harbour light 42"}
    )
    assert (joined.status_code, joined.url) == (302, "/w/skerry/")
    assert Invitation.objects.get().accepted_by.name == "Nils New"


def test_it_keeps_what_was_written_when_joining_is_refused(world):
    _invitation, secret = operations.invitation_create(by=world.admin, role="viewer")
    answer = Client().post(
        f"/join/{secret}/", {"name": "Nils", "email": "nils@skerry.example", "password": "short"}
    )
    body = answer.content.decode()
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in body
    assert 'aria-describedby="id_password-help id_password-error"' in body
    assert 'value="Nils"' in body


def test_a_member_joins_with_one_button(world):
    _invitation, secret = operations.invitation_create(by=world.admin, role="viewer")
    body = words(world.client(world.outsider).get(f"/join/{secret}/"))
    assert "You are signed in as Otto Other" in body


def test_a_used_invitation_says_what_to_do(world):
    answer = Client().get("/join/nonsense/")
    assert answer.status_code == 422
    assert "Ask the person who sent it for a new link" in words(answer)


def test_a_wrong_password_is_told_without_saying_which_is_wrong(world):
    answer = Client().post("/sign-in/", {"email": "ada@skerry.example", "password": "wrong"})
    assert answer.status_code == 422
    assert "The mail address or the password is not right." in words(answer)


def test_signing_in_returns_to_where_one_wanted_to_go(world):
    User.objects.get(email="ada@skerry.example")
    user = world.admin.user
    user.set_password("harbour light 42")
    user.save()
    client = Client()
    assert 'name="next" value="/w/skerry/people/"' in (
        client.get("/sign-in/?next=/w/skerry/people/").content.decode()
    )
    answer = client.post(
        "/sign-in/",
        {"email": user.email, "password": "harbour light 42", "next": "/w/skerry/people/"},
    )
    assert (answer.status_code, answer.url) == (302, "/w/skerry/people/")


def test_the_first_person_sets_up_the_workspace(db):
    client = Client()
    assert client.get("/sign-in/").url == "/first-run/"
    assert "You are the first here" in words(client.get("/first-run/"))
    answer = client.post(
        "/first-run/",
        {
            "workspace": "North Yard",
            "name": "Ida",
            "email": "ida@yard.example",
            "password": "harbour light 42",
        },
    )
    assert (answer.status_code, answer.url) == (302, "/w/north-yard/")
    assert "A product holds one backlog" in words(client.get("/w/north-yard/"))


def test_somebody_without_a_workspace_learns_how_to_get_into_one(world):
    user = operations.user_create(email="lone@elsewhere.example", name="Lone")
    client = Client()
    client.force_login(user)
    assert "Ask its administrator for an invitation link" in words(client.get("/"))


def test_a_refused_product_opens_its_dialog_with_the_reason(world):
    answer = world.client(world.owner).post(
        "/w/skerry/products/", {"name": "Freight", "key": "people", "estimate_unit": "points"}
    )
    body = answer.content.decode()
    assert answer.status_code == 422
    assert 'data-dialog-open-now="new-product"' in body
    assert "Choose another key." in words(answer)


def test_a_token_is_shown_once_and_can_be_revoked(world):
    client = world.client(world.developer)
    whole = re.search(
        r'value="(tdm_[^"]+)"',
        client.post("/w/skerry/account/tokens/", {"name": "nightly"}).content.decode(),
    )[1]
    body = client.get("/w/skerry/account/").content.decode()
    assert whole not in body
    revoke = re.search(r'action="(/w/skerry/account/tokens/\d+/revocation/)"', body)[1]
    client.post(revoke)
    assert "You have no tokens." in words(client.get("/w/skerry/account/"))


def test_the_product_switcher_names_every_product_in_one_query(world, django_assert_num_queries):
    operations.product_create(by=world.admin, key="DECK", name="Deck operations")
    client = world.client(world.viewer)
    client.get("/w/skerry/account/")
    with django_assert_num_queries(6):  # session, user, member, tokens, products, of the form
        body = client.get("/w/skerry/account/").content.decode()
    assert "Deck operations" in body
    assert "Skerry Booking" in body
