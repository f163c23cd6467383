"""The single sign-on, against a real provider: discovery, code with PKCE, tokens, user info."""

import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.test import Client

from tandem.accounts import operations
from tandem.accounts.models import Member, User
from tandem.accounts.sign_in.passwords import email_verified
from tandem.accounts.sign_in.provider import Provider, rules_read
from tandem.accounts.tests import provider as oidc
from tandem.accounts.tests.signing_in import (
    PASSWORD,
    factors_in,
    give_app,
    give_password,
    sign_in,
    words,
)
from tandem.core.models import Event


@pytest.fixture(scope="module")
def running():
    process, provider = oidc.start()
    yield provider
    process.terminate()
    process.wait(20)


@pytest.fixture
def known(world, running, settings):
    """Sets what the environment would say: ``known(creates=True)``."""

    def use(**more):
        settings.OIDC = Provider(
            issuer=running.issuer,
            client_id="tandem",
            client_secret="secret",
            name="Ferry ID",
            **more,
        )
        return settings.OIDC

    use()
    return use


def going(client, **fields) -> str:
    """The provider's address that the page goes on to."""
    page = client.post("/sign-in/oidc/", fields).content.decode()
    return re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page)[1].replace(
        "&amp;", "&"
    )


def answer_of(address, sub) -> str:
    """The path the provider sends the person back to, after they said who they are there."""
    reply = httpx.post(address, data={"sub": sub}, follow_redirects=False, timeout=30)
    back = urlsplit(reply.headers["location"])
    return f"{back.path}?{back.query}"


def come_in(sub, client=None, **fields):
    client = client or Client()
    return client, client.get(answer_of(going(client, **fields), sub))


def refusal(client, answer) -> str:
    assert (answer.status_code, answer.url) == (302, "/sign-in/")
    return words(client.get("/sign-in/"))


def test_it_asks_with_a_code_challenge_and_comes_in_by_a_verified_address(world, known):
    client = Client()
    assert "Sign in with Ferry ID" in words(client.get("/sign-in/"))
    address = going(client, next="/w/skerry/people/")
    asked = parse_qs(urlsplit(address).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert {*asked["scope"][0].split()} == {"openid", "profile", "email"}
    assert asked["redirect_uri"] == ["http://testserver/sign-in/oidc/callback/"]
    answer = client.get(answer_of(address, "petra"))
    assert answer.url == "/w/skerry/people/"
    assert client.get(answer.url).status_code == 200
    assert Event.objects.get(verb="member.signed_in").changes["method"] == "socialaccount"
    assert Event.objects.filter(verb="single_sign_on.linked").count() == 1
    _, answer = come_in("petra")
    assert answer.url == "/"
    assert User.objects.filter(email="petra@skerry.example").count() == 1


def test_an_answer_counts_once_and_only_for_the_browser_that_asked(world, known):
    client = Client()
    back = answer_of(going(client), "petra")
    stolen = Client()
    assert "did not work" in refusal(stolen, stolen.get(back))
    assert client.get(back).url == "/"
    client.post("/sign-out/")
    assert "was used before" in refusal(client, client.get(back))
    assert client.get("/w/skerry/account/").status_code == 302


def test_a_made_up_state_and_a_cancelled_sign_in_are_refused_in_words(world, known):
    client = Client()
    assert "did not work" in refusal(client, client.get("/sign-in/oidc/callback/?code=x&state=y"))
    state = parse_qs(urlsplit(going(client)).query)["state"][0]
    back = f"/sign-in/oidc/callback/?error=access_denied&state={state}"
    assert "did not work" in refusal(client, client.get(back))
    state = parse_qs(urlsplit(going(client)).query)["state"][0]
    forged = client.get(f"/sign-in/oidc/callback/?code=forged&state={state}")
    assert "did not work" in refusal(client, forged)


def test_an_unchecked_mail_address_links_nobody(world, known):
    client, answer = come_in("unchecked")
    assert "does not say that it has checked your mail address" in refusal(client, answer)
    assert not Event.objects.filter(verb="single_sign_on.linked").exists()


def test_linking_ends_what_somebody_else_may_have_prepared(world, known):
    give_password(world.owner)
    give_app(world.owner.user)
    _, whole = operations.token_create(by=world.owner, name="prepared")
    waiting = world.client(world.owner)
    _, answer = come_in("petra")
    assert answer.url == "/"
    assert factors_in(world.owner.user) == []
    assert waiting.get("/w/skerry/account/").status_code == 302
    assert sign_in(world.owner)[1].status_code == 422
    headers = {"Authorization": f"Bearer {whole}"}
    assert Client().get("/api/v1/products", headers=headers).status_code == 401


def test_a_verified_account_keeps_its_password_and_its_second_factor_is_asked_for(world, known):
    give_password(world.owner)
    give_app(world.owner.user)
    email_verified(world.owner.user)
    _, answer = come_in("petra")
    assert answer.url == "/sign-in/second-factor/"
    known(second_factor=True)
    _, answer = come_in("petra")
    assert answer.url == "/"
    assert sign_in(world.owner)[1].url == "/sign-in/second-factor/"


def test_people_unknown_here_are_refused_unless_the_settings_let_them_in(world, known):
    client, answer = come_in("new")
    assert "You have no account here under nils@skerry.example" in refusal(client, answer)
    known(creates=True, domains=("skerry.example",))
    client, answer = come_in("foreign")
    assert "Mail addresses like eve@evil.example may not sign in here" in refusal(client, answer)
    client, answer = come_in("new")
    assert answer.url == "/"
    assert User.objects.get(email="nils@skerry.example").name == "Nils New"
    assert "You are in no workspace yet" in words(client.get("/"))


def test_an_invitation_lets_a_new_person_come_through_the_provider(world, known):
    _, secret = operations.invitation_create(by=world.admin, role="developer")
    client = Client()
    assert "Go on with Ferry ID" in words(client.get(f"/join/{secret}/"))
    client, answer = come_in("new", client, next=f"/join/{secret}/")
    assert answer.url == f"/join/{secret}/"
    assert client.post(answer.url).url == "/w/skerry/"
    assert Member.objects.get(user__email="nils@skerry.example").role == "developer"


def test_groups_give_change_and_end_roles(world, known, running):
    known(creates=True, rules=rules_read("po=skerry:product_owner, all=skerry:viewer"))
    come_in("new")
    member = Member.objects.get(user__email="nils@skerry.example")
    assert (member.role, member.by_claim) == ("product_owner", True)
    running.says("new", groups=["all"])
    come_in("new")
    member.refresh_from_db()
    assert member.role == "viewer"
    running.says("new", groups=[])
    client, _ = come_in("new")
    assert client.get("/w/skerry/people/").status_code == 404
    running.says("new")
    come_in("new")
    assert Member.objects.active().get(user=member.user).role == "product_owner"
    verbs = list(Event.objects.filter(member_id=member.pk).values_list("verb", flat=True))
    assert verbs.count("member.role_changed") == 1
    assert verbs.count("member.ended") == 1


def test_who_fits_no_rule_gets_no_account_and_the_last_administrator_stays(world, known, running):
    known(creates=True, rules=rules_read("nobody=skerry:admin"))
    client, answer = come_in("new")
    assert "You have no account here" in refusal(client, answer)
    running.says("ada", email="ada@skerry.example", email_verified=True, groups="all")
    known(rules=rules_read("all=skerry:viewer"))
    come_in("ada")
    assert Member.objects.get(pk=world.admin.pk).role == "admin"


def test_the_account_is_linked_while_signed_in_without_losing_anything(world, known, running):
    running.says("private", email="petra@home.example", email_verified=False)
    give_password(world.owner)
    client, _ = sign_in(world.owner)
    settings_page = "/w/skerry/account/sign-in/"
    assert "Not linked." in words(client.get(settings_page))
    come_in("private", client, process="connect", next=settings_page)
    assert "Linked since" in words(client.get(settings_page))
    _, answer = come_in("private")
    assert answer.url == "/"
    client, _ = sign_in(world.owner)
    assert client.post("/w/skerry/account/single-sign-on/removal/").url == settings_page
    client, answer = come_in("private")
    assert "does not say" in refusal(client, answer)


def test_it_goes_to_no_other_host_afterwards(world, known):
    assert come_in("petra", next="https://evil.example/")[1].url == "/"


def test_a_provider_that_does_not_answer_is_told_in_words(world, known, settings):
    settings.OIDC = Provider("http://127.0.0.1:9", "tandem", "secret", name="Ferry ID")
    client = Client()
    told = refusal(client, client.post("/sign-in/oidc/"))
    assert "Ferry ID does not answer at the moment" in told


def test_without_a_provider_its_addresses_are_not_there(world, settings):
    settings.OIDC = None
    assert Client().post("/sign-in/oidc/").status_code == 404
    assert Client().get("/sign-in/oidc/callback/").status_code == 404
    assert Client().get("/sign-in/oidc/").status_code == 405
    assert PASSWORD not in words(Client().get("/sign-in/"))
