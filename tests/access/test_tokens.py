"""What a token opens, and what it does not."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from access.knocking import Knock, told, undone
from access.scene import Scene
from access.table import API
from access.words import Door
from tandem.accounts import operations
from tandem.accounts.models import ApiToken
from tandem.accounts.scopes import AREAS
from tandem.core.errors import Elsewhere, Refused
from tandem.core.models import Event

pytestmark = pytest.mark.django_db
DOORS = [(path, door) for path, doors in API.items() for door in doors]


def name_of(value: object) -> str:
    return value.method if isinstance(value, Door) else str(value)


@pytest.mark.any_database
@pytest.mark.parametrize(("path", "door"), DOORS, ids=name_of)
def test_a_token_without_the_area_is_refused(scene: Scene, path: str, door: Door):
    admin = scene.people.admin
    others = [f"{area}:write" for area in AREAS if area != door.area]
    lacking = [others] if door.method == "GET" else [others, [f"{door.area}:read", "all:read"]]
    for scopes in lacking:
        with undone():
            _, token = operations.token_create(by=admin, name="narrow", scopes=scopes)
            answer = Knock(path, door, scene.ours, {}).ask(scene, token=token)
        assert answer.status_code == 403
        assert door.area in told(answer)
    with undone():
        level = "read" if door.method == "GET" else "write"
        scopes = [f"{door.area}:{level}"]
        _, token = operations.token_create(by=admin, name="just so", scopes=scopes)
        answer = Knock(path, door, scene.ours, {}).ask(scene, token=token)
    assert answer.status_code == door.status


def asked(token: str, address: str = "/api/v1/products", **more: str):
    return Client().get(address, headers={"Authorization": f"Bearer {token}", **more})


def test_every_token_that_is_not_open_gets_the_same_answer(scene: Scene):
    admin = scene.people.admin
    with undone():
        soon = timezone.now() + datetime.timedelta(hours=1)
        expired, gone = operations.token_create(by=admin, name="old", expires_at=soon)
        ApiToken.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
        revoked, taken = operations.token_create(by=admin, name="taken")
        operations.token_revoke(by=admin, token=revoked)
        _, good = operations.token_create(by=admin, name="good")
        wrong = [
            gone,
            taken,
            good[:-1] + ("a" if good[-1] != "a" else "b"),
            good.upper(),
            "tdm_00000000_nobody",
            "tdm__",
            "tdm_\x00_x",
            "x" * 5000,
            "",
        ]
        answers = {(a.status_code, a.content, a["Content-Type"]) for a in map(asked, wrong)}
        assert asked(good).status_code == 200
    assert len(answers) == 1
    [(status, _, kind)] = answers
    assert (status, kind) == (401, "application/problem+json")


def test_a_refused_token_is_not_helped_by_the_session(scene: Scene):
    client = scene.browser("admin")
    assert client.get("/api/v1/products").status_code == 200
    answer = client.get("/api/v1/products", headers={"Authorization": "Bearer tdm_0_0"})
    assert answer.status_code == 401


def test_a_token_of_one_product_reaches_no_other(scene: Scene):
    admin = scene.people.admin
    with undone():
        pier = operations.product_create(by=admin, key="PIER", name="Pier")
        _, token = operations.token_create(by=admin, name="pier", product=pier)
        assert asked(token, "/api/v1/products/PIER/items").status_code == 200
        for address in ("products", "products/FERRY/items", "items/FERRY-1", "members"):
            assert asked(token, f"/api/v1/{address}").status_code == 403, address


def test_a_token_for_a_product_of_another_workspace_cannot_be_made(scene: Scene):
    with undone(), pytest.raises(Elsewhere):
        operations.token_create(by=scene.people.admin, name="x", product=scene.theirs.product)


def test_an_unknown_scope_and_none_at_all_are_refused(scene: Scene):
    for scopes in ([], ["backlog"], ["backlog:delete"], ["ships:read"]):
        with undone(), pytest.raises(Refused) as told_no:
            operations.token_create(by=scene.people.admin, name="x", scopes=scopes)
        assert told_no.value.field == "scopes"


def test_the_secret_is_kept_nowhere_and_use_is_written_once_a_minute(scene: Scene):
    with undone():
        row, whole = operations.token_create(by=scene.people.viewer, name="nightly")
        secret = whole.split("_", 2)[2]
        assert secret not in str(ApiToken.objects.filter(pk=row.pk).values().get())
        assert secret not in str(list(Event.objects.filter(object_kind="apitoken").values()))
        asked(whole)
        row.refresh_from_db()
        first = row.last_used_at
        assert first is not None
        asked(whole)
        row.refresh_from_db()
        assert row.last_used_at == first


def test_writing_with_the_session_needs_the_csrf_token(scene: Scene):
    client = Client(enforce_csrf_checks=True)
    client.cookies["sessionid"] = scene.cookies["admin"]
    with undone():
        answer = client.post("/api/v1/products", {"key": "PIER"}, content_type="application/json")
    assert answer.status_code == 403
    assert answer["Content-Type"] == "application/problem+json"
