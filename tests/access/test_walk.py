"""Every address and every route, knocked at by everybody: each gets what the table says."""

import io
import zipfile
from urllib.parse import quote, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import NoReverseMatch

from access.knocking import Knock, filled, never, told, undone
from access.scene import ROLES, Scene
from access.table import ACTIONS, API, PAGES
from access.walking import addresses, routes
from access.words import ANY, Door
from tandem.accounts.models import ApiToken, Invitation, SignInLink, User
from tandem.accounts.permissions import declared
from tandem.accounts.scopes import AREAS
from tandem.config.api import AREA_OF
from tandem.integrations.models import Feed, Webhook

pytestmark = pytest.mark.django_db

PAGE_DOORS = [(name, door) for name, doors in PAGES.items() for door in doors]
API_DOORS = [(path, door) for path, doors in API.items() for door in doors]


def name_of(value: object) -> str:
    return value.method if isinstance(value, Door) else str(value)


def test_every_address_has_its_line():
    assert sorted(addresses()) == sorted(PAGES)


def test_every_route_has_its_line():
    found = {(path, method) for path, methods in routes().items() for method in methods}
    assert sorted(found) == sorted({(path, door.method) for path, door in API_DOORS})


def test_every_route_is_of_the_area_the_table_says():
    wrong = {
        f"{door.method} {path}": AREA_OF[path][door.method]
        for path, door in API_DOORS
        if AREA_OF[path][door.method] != door.area
    }
    assert wrong == {}
    assert {door.area for _, door in API_DOORS} <= set(AREAS)


def test_every_action_is_declared_for_whom_the_table_says():
    wrong = {
        action: sorted(roles)
        for action, roles in declared().items()
        if {ROLE_OF[each] for each in ACTIONS.get(action, ())} != roles
    }
    assert wrong == {}
    assert sorted(declared()) == sorted(ACTIONS)


SIGNED_IN = ("admin", "viewer")
#: Who gets in is decided alike everywhere: on PostgreSQL one is enough to ask all that is asked.
CALLERS = ROLES if connection.vendor == "sqlite" else ("admin",)
ROLE_OF = {
    "admin": "admin",
    "owner": "product_owner",
    "technical": "technical_pm",
    "developer": "developer",
    "stakeholder": "stakeholder",
    "viewer": "viewer",
}


@pytest.mark.parametrize(("name", "door"), PAGE_DOORS, ids=name_of)
def test_a_page_opens_to_whom_it_should(scene: Scene, name: str, door: Door):
    knock = Knock(name, door, scene.ours, {})
    got = {}
    for caller in (*CALLERS, "outsider", "ended", "nobody"):
        with undone():
            answer = knock.ask(scene, caller)
            got[caller] = answer.status_code
            if caller == "nobody" and not door.open:
                assert answer.status_code == 302, answer.status_code
                assert answer["Location"].startswith("/sign-in/")
    elsewhere = 404
    if door.open:
        # Whoever is signed in is sent on or sees the same page; only nobody is the table's.
        assert door.status in (ANY, got["nobody"])
        assert max(got.values()) < 500
        return
    if door.personal:
        elsewhere = door.status
    expected = {role: door.status if role in door.who else 403 for role in CALLERS}
    if name == "accounts:token-revoke":
        # Somebody else's token does not exist for those who may not revoke it.
        expected = {role: door.status if role in door.who else 404 for role in CALLERS}
    expected |= {"outsider": elsewhere, "ended": elsewhere, "nobody": 302}
    if name == "accounts:start":
        expected["ended"] = 200
    if door.status == ANY:
        assert max(got.values()) < 500
        expected |= {role: got[role] for role in CALLERS if role in door.who}
        if door.personal:
            expected |= {"outsider": got["outsider"], "ended": got["ended"]}
    assert got == expected


@pytest.mark.any_database
@pytest.mark.parametrize(("name", "door"), PAGE_DOORS, ids=name_of)
def test_a_page_knows_no_row_of_another_workspace(scene: Scene, name: str, door: Door):
    for noun, theirs, absent in strangers(scene, name, door):
        assert theirs == absent, f"@{noun}: theirs\n{theirs}\nnever\n{absent}"
        status, text = theirs
        assert status in door.strangers, (noun, status)
        assert "Other" not in text.replace("Others", ""), noun


def strangers(scene: Scene, name: str, door: Door, caller: str = "admin"):
    """What is answered to a row of theirs, and to one that never existed, noun by noun."""
    knock = Knock(name, door, scene.ours, {})
    for noun in sorted(knock.nouns()):
        if noun in {"scored", "invitation.secret", "feed.secret"}:
            # A word of the model's own, the same everywhere; a secret opens its own workspace.
            continue
        word = scene.theirs.words[noun]
        answers = []
        for instead in (word, never(word)):
            with undone():
                try:
                    other = knock.instead(noun, instead)
                    if knock.is_api:
                        answer = other.ask(scene, token=scene.tokens[caller])
                    else:
                        answer = other.ask(scene, caller)
                except NoReverseMatch:
                    continue
                answers.append((answer.status_code, told(answer, instead)))
        yield noun, answers[0], answers[1]


@pytest.mark.any_database
@pytest.mark.parametrize(("name", "door"), PAGE_DOORS, ids=name_of)
def test_a_page_of_another_workspace_looks_like_none(scene: Scene, name: str, door: Door):
    if door.open or door.personal:
        return
    knock = Knock(name, door, scene.ours, {})
    with undone():
        ours = knock.ask(scene, "outsider")
    with undone():
        none = knock.instead("workspace", "no-such-place").ask(scene, "outsider")
    assert (ours.status_code, none.status_code) == (404, 404)
    slug = scene.ours.words["workspace"]
    assert told(ours, slug) == told(none, "no-such-place")


@pytest.mark.parametrize(("path", "door"), API_DOORS, ids=name_of)
def test_a_route_opens_to_whom_it_should(scene: Scene, path: str, door: Door):
    knock = Knock(path, door, scene.ours, {})
    got = {}
    for caller in CALLERS:
        with undone():
            got[caller] = knock.ask(scene, token=scene.tokens[caller]).status_code
    # The same code answers both; two are enough to see that the session's member is asked.
    for caller in {*SIGNED_IN} & {*CALLERS}:
        with undone():
            got[f"{caller}, signed in"] = knock.ask(scene, caller).status_code
    for caller, token in (("nobody", ""), ("ended", scene.tokens["ended"])):
        with undone():
            got[caller] = knock.ask(scene, token=token).status_code
    expected = {}
    for role in CALLERS:
        status = door.status if role in door.who else 403
        expected[role] = status
        if role in SIGNED_IN:
            expected[f"{role}, signed in"] = status
    assert got == expected | {"nobody": 401, "ended": 401}


@pytest.mark.any_database
@pytest.mark.parametrize(("path", "door"), API_DOORS, ids=name_of)
def test_a_route_knows_no_row_of_another_workspace(scene: Scene, path: str, door: Door):
    for noun, theirs, absent in strangers(scene, path, door):
        assert theirs == absent, f"@{noun}: theirs {theirs}, never {absent}"
        status, text = theirs
        assert status in door.strangers, (noun, status)
        assert "Other" not in text, noun


@pytest.mark.any_database
@pytest.mark.parametrize(("path", "door"), API_DOORS, ids=name_of)
def test_a_token_of_another_workspace_finds_nothing_of_ours(scene: Scene, path: str, door: Door):
    knock = Knock(path, door, scene.ours, {})
    with undone():
        answer = knock.ask(scene, token=scene.tokens["outsider"])
    if knock.nouns():
        assert answer.status_code in door.strangers
    # Where no row is named the answer is theirs.
    for ours in ("Skerry", "Ada Berg", "Rolf Dahl"):
        assert ours not in told(answer)


ELSEWHERE = ("//evil.example", "https:evil.example", "/\\evil.example", "\t//evil.example")


@pytest.mark.any_database
def test_no_page_leads_elsewhere_whatever_it_is_asked_to(scene: Scene):
    wrong = []
    for number, (name, door) in enumerate(PAGE_DOORS):
        knock = Knock(name, door, scene.ours, {})
        elsewhere = ELSEWHERE[number % len(ELSEWHERE)]
        client = scene.browser("nobody" if door.open else "admin")
        address = f"{knock.address()}?next={quote(elsewhere)}"
        body = {"next": elsewhere}
        if door.method != "GET" and isinstance(door.body, dict) and "file" not in door.body:
            body |= filled(door.body, knock.word)
        with undone():
            ask = client.get if door.method == "GET" else client.post
            answer = ask(address, body, headers={"Referer": "https://evil.example/"})
            for to in (answer.headers.get(each, "") for each in ("Location", "HX-Redirect")):
                parts = urlsplit(to.strip())
                if parts.scheme or parts.netloc or to.strip()[:2] in {"//", "/\\"}:
                    wrong.append((name, to))
    assert wrong == []


def secrets_of(scene: Scene) -> dict[str, str]:
    """What nobody may read anywhere, by what it is."""
    found = {"the secret key": settings.SECRET_KEY}
    for model, *names in SECRET_COLUMNS:
        for row in model._base_manager.all():
            for name in names:
                found[f"{model.__name__} {row.pk}.{name}"] = str(getattr(row, name))
    found |= {f"the token of {caller}": token for caller, token in scene.tokens.items()}
    return {what: value for what, value in found.items() if len(value) > 8}


SECRET_COLUMNS = (
    (User, "password"),
    (ApiToken, "secret_hash"),
    (Invitation, "secret_hash"),
    (SignInLink, "secret_hash"),
    (Feed, "secret_hash"),
    (Webhook, "salt", "previous_salt", "chat_address"),
    (Authenticator, "data"),
    (Session, "session_key"),
)


@pytest.mark.any_database
def test_no_page_route_or_export_tells_a_secret(scene: Scene):
    """Shown once means once: whatever an administrator opens, no key, hash or session is in it."""
    secrets = secrets_of(scene)
    assert len(secrets) > 30
    wrong = []
    for name, door in [*PAGE_DOORS, *API_DOORS]:
        if door.method != "GET":
            continue
        knock = Knock(name, door, scene.ours, {})
        with undone():
            token = scene.tokens["admin"] if knock.is_api else ""
            answer = knock.ask(scene, "admin", token=token)
            body = b"".join(answer) if answer.streaming else answer.content
            if body[:4] == b"PK\x03\x04":
                with zipfile.ZipFile(io.BytesIO(body)) as archive:
                    body = b"".join(archive.read(each) for each in archive.namelist())
        wrong += [f"{name}: {what}" for what, value in secrets.items() if value.encode() in body]
    assert wrong == []


#: Tables that are no list of rows one would take away, and why.
NO_LISTS = {
    "backlog:views": "names of lists, each of which comes out as its own table file",
    "ui:gallery": "shows components",
    "notices:settings": "a form of switches",
    "home:home": "the first rows of lists that have pages of their own",
    "accounts:sign-in-settings": "one's own second factors and sessions",
    "integrations:import": "the columns of a file; what became of its rows is a list",
    "prioritisation:sessions": "what sessions settled is in the ranking's own file",
    "planning:forecast": "an answer, computed for the question; kept ones are a list",
    "prioritisation:weigh": "what one's answers so far come to; the weights are in the models' list",
    "prioritisation:model-shape": "a form; the criteria are in the models' list",
    "prioritisation:history": "two days compared, for the question",
    "prioritisation:sequence": "an order computed for the question; the ranking is a list",
    "planning:forecast-kept": "one forecast's figures; kept ones are a list",
}


@pytest.mark.any_database
def test_every_page_with_a_list_offers_it_as_a_table_file(scene: Scene):
    """A page with a list offers it: ``components/take_out.jinja``, its rows in ``sheets``."""
    wrong = set()
    for name, door in PAGE_DOORS:
        if door.method != "GET" or name in NO_LISTS:
            continue
        with undone():
            text = told(Knock(name, door, scene.ours, {}).ask(scene, "admin"))
        if 'class="list ' in text and "<html" in text and "/export/lists/" not in text:
            wrong.add(name)
    assert wrong == set()
