"""Requests that want to take another's session or to use up the machine."""

import ast
import asyncio
import json
import re
from pathlib import Path

import pytest
from django.test import Client

from tandem.accounts.operations import token_create
from tandem.accounts.tests.signing_in import PASSWORD, give_password
from tandem.backlog.operations import item_create
from tandem.backlog.operations.items import MOST_LABELS
from tandem.config import edge
from tandem.core.errors import Refused
from tandem.core.models import KeptAnswer

SOURCES = Path(__file__).resolve().parents[2] / "src"


def test_signing_in_gives_another_session_than_the_one_that_was_planted(world):
    give_password(world.owner)
    client = Client()
    client.get("/sign-in/")
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = planted = session.session_key
    mail = world.owner.user.email
    assert client.post("/sign-in/", {"email": mail, "password": PASSWORD}).status_code == 302
    assert client.cookies["sessionid"].value != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert thief.get("/w/skerry/people/").status_code == 302


def test_signing_out_ends_the_session_and_not_only_its_cookie(world):
    client = world.client(world.owner)
    stolen = client.cookies["sessionid"].value
    assert client.get("/w/skerry/people/")["Cache-Control"] == "private, no-cache"
    client.post("/sign-out/")
    thief = Client()
    thief.cookies["sessionid"] = stolen
    assert thief.get("/w/skerry/people/").status_code == 302


def test_behind_https_cookies_and_browsers_stay_with_it(world, settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 60
    give_password(world.owner)
    client = Client()
    client.get("/sign-in/", secure=True)
    form = {"email": world.owner.user.email, "password": PASSWORD}
    answer = client.post("/sign-in/", form, secure=True)
    assert answer["Strict-Transport-Security"] == "max-age=60"
    session = client.cookies["sessionid"]
    assert (session["secure"], session["httponly"], session["samesite"]) == (True, True, "Lax")
    assert client.cookies["csrftoken"]["secure"]


def asked(application, *, headers=(), bodies=(b"",)):
    """What an ASGI application answers to a POST whose body comes in these pieces."""
    said, pieces = [], list(bodies)

    async def receive():
        body = pieces.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(pieces)}

    async def send(message):
        said.append(message)

    scope = {"type": "http", "method": "POST", "scheme": "http", "headers": list(headers)}
    asyncio.run(application(scope, receive, send))
    return said


async def reads_all(scope, receive, send):
    """Takes the body in as Django does, and tells the scheme."""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        if not message["more_body"]:
            break
    await send({"type": "http.response.start", "status": 200, "scheme": scope["scheme"]})


def test_every_request_came_by_https_when_people_reach_it_by_https():
    headers = [(b"x-forwarded-proto", b"http")]
    assert asked(edge.by_https(reads_all), headers=headers)[0]["scheme"] == "https"
    assert asked(reads_all, headers=[(b"x-forwarded-proto", b"https")])[0]["scheme"] == "http"


@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize(
    ("key", "fits", "beyond"),
    [
        ((b"accept", b"*/*"), 3, 5),
        ((b"cookie", b"theme=dark; sessionid=a"), 10, 12),
        ((b"authorization", b"Bearer a"), 10, 12),
    ],
)
def test_a_body_is_refused_before_it_fills_the_disk(settings, key, fits, beyond, announced):
    """Strangers may send what a form may have, others what a file may have, and their frame."""
    megabyte = 1024 * 1024
    settings.UPLOAD_LIMIT, settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * megabyte, 3 * megabyte

    def status(size):
        headers = [key, *([(b"content-length", b"%d" % (size * megabyte))] if announced else [])]
        pieces = [bytes(megabyte)] * size
        answers = asked(edge.bounded(reads_all), headers=headers, bodies=pieces)
        statuses = [each["status"] for each in answers if "status" in each]
        assert len(statuses) == 1
        return statuses[0]

    assert (status(fits), status(beyond)) == (200, 413)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("[" * 200_000, 400),
        ('{"title":' * 60_000, 400),
        ('{"title": ' + "[" * 4000 + "]" * 4000 + "}", 400),
        ('{"title": "x", "estimate_likely": 1e999}', 422),
        ('{"title": "x", "estimate_likely": NaN}', 422),
        ('{"title": "x", "estimate_likely": ' + "9" * 400 + "}", 422),
        ('{"title": "x", "estimate_likely": ' + "9" * 5000 + "}", 400),
        ('{"title": "x", "assignee_id": ' + "9" * 40 + "}", 422),
        ('{"title": "x", "parent": "FERRY-' + "9" * 40 + '"}', 422),
        ('{"title": "x", "due_date": "99999-01-01"}', 422),
        ('{"title": "' + "x" * 10_000 + '"}', 422),
        (json.dumps({"title": "x", "labels": [f"l{n}" for n in range(MOST_LABELS + 1)]}), 422),
        (b'{"title": "\xff\xfe"}', 400),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_deep_long_and_huge_json_is_refused(world, sent, status):
    token = token_create(by=world.owner, name="x")[1]
    client = Client(headers={"Authorization": f"Bearer {token}"})
    answer = client.post("/api/v1/products/FERRY/items", sent, content_type="application/json")
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"


def test_a_form_that_is_too_large_or_has_too_many_fields_is_refused(world):
    client = world.client(world.owner)
    address = "/w/skerry/FERRY/items/"
    assert client.post(address, {"title": "x" * 6_000_000}).status_code == 400
    assert client.post(address, {f"f{n}": "" for n in range(2000)}).status_code == 400
    with pytest.raises(Refused, match="at most 100 labels"):
        item_create(by=world.owner, product=world.product, title="x", labels=["a"] * 101)


def test_a_secret_that_was_told_once_is_not_kept_to_be_read(world):
    token = token_create(by=world.admin, name="x")[1]
    client = Client(headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "one"})
    made = client.post("/api/v1/invitations", {"role": "viewer"}, content_type="application/json")
    link = made.json()["link"]
    kept = KeptAnswer.objects.get()
    assert link.rsplit("/", 2)[1] not in kept.body
    again = client.post("/api/v1/invitations", {"role": "viewer"}, content_type="application/json")
    assert (again.json(), again["Idempotency-Replayed"]) == (made.json(), "true")


def sources():
    """``(path, tree)`` of each file of the program."""
    for path in sorted(SOURCES.glob("**/*.py")):
        if "tests" not in path.parts:
            yield path.relative_to(SOURCES), ast.parse(path.read_text(encoding="utf-8"))


#: Reads XML or unpacks workbooks; ``archive.reading`` measures a zip before it reads it.
RISKY = {"xml", "lxml", "pickle", "marshal", "shelve", "yaml", "tarfile"}


def test_nothing_reads_xml_pickles_or_workbooks_of_people():
    """No entity can be expanded where no parser of XML is: an importer that needs one takes
    ``defusedxml`` and bounds what it unpacks, and has its line here."""
    wrong = []
    for path, tree in sources():
        for node in ast.walk(tree):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or "", *(each.name for each in node.names)]
            if isinstance(node, ast.Attribute):
                names = [node.attr]
            wrong += [
                f"{path}: {name}"
                for name in names
                if name.split(".")[0] in RISKY or name == "load_workbook"
            ]
    assert wrong == []


def is_choice(node):
    """``Digest.DAILY``: what stands in the source is no secret."""
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id[:1].isupper())
    )


def test_secrets_are_compared_in_constant_time():
    """What ends in ``hash``, ``token``, ``secret``, ``signature`` or ``digest`` is not compared
    with ``==``, which says by its time how much was right."""
    secret = re.compile(r"(^|_)(secret|token|signature|digest|password)(_hash)?$")
    wrong = []
    for path, tree in sources():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Eq | ast.NotEq):
                continue
            sides = (node.left, *node.comparators)
            if any(is_choice(each) for each in sides):
                continue
            for each in sides:
                name = getattr(each, "attr", getattr(each, "id", ""))
                if secret.search(name):
                    wrong.append(f"{path}:{node.lineno}: {name}")
    assert wrong == []


def test_a_nul_in_an_address_is_left_out_or_refused_but_fails_no_database(world):
    client = world.client(world.admin)
    item_create(by=world.admin, product=world.product, title="Berth")
    for page in ("backlog/", "board/", "prioritise/", "activity/", "item-matches/"):
        found = client.get(world.address(f"{page}?q=Ber%00th&after=%0%000&x%00=1"))
        assert found.status_code < 500, page
    for name in ("audit", "jobs", "trash", "webhooks"):
        assert client.get(f"/w/skerry/{name}/?q=%00&who=%00&state=%00").status_code < 500, name
    for place in ("/w/skerry/FERRY%00/items/", "/join/%00/", "/sign-in/password/%00/"):
        answer = client.get(place)
        assert answer.status_code in {400, 404}, place
    assert "Take out %00" in client.get("/w/skerry/FERRY%00/items/").content.decode()
    assert client.get("/api/v1/products?q=%00").status_code == 422
