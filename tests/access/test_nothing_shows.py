"""Nothing another workspace holds shows anywhere: not in a search, a count, a file or a replay.

Their item bears a word that stands nowhere else. Who asks for a part of it is told the same as for
a word that nobody ever wrote.
"""

import io
import zipfile
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from access.knocking import told, undone
from access.scene import Scene, Side
from tandem.accounts.operations import token_create
from tandem.backlog.models import Comment, Item

pytestmark = pytest.mark.django_db
WORD, PART, NEVER = "Zanzibarine", "zanzi", "qaqxq"
#: caller -> whether they are of our workspace.
CALLERS = {"stakeholder": True, "outsider": False}


def sides(scene: Scene, caller: str) -> tuple[Side, Side]:
    """The caller's own side, and the other one."""
    mine = (scene.ours, scene.theirs)
    return mine if CALLERS[caller] else (mine[1], mine[0])


def marked(side: Side) -> str:
    """Their item bears the word, wherever a text can stand; returns its key."""
    item: Item = side.rows["item"]
    Item.objects.filter(pk=item.pk).update(title=f"{WORD} cargo", description=f"For {WORD}.")
    Comment.objects.filter(item=item).update(text=f"Ask in {WORD}.")
    return str(side.words["item"])


def whole(answer: HttpResponse) -> str:
    body = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if body[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"".join(archive.read(each) for each in archive.namelist())
    return body.decode(errors="replace")


def asking(side: Side, word: str) -> dict[str, Any]:
    """Every address where a word or a key can be asked for, of pages and of the API."""
    there = {"workspace": side.words["workspace"], "product": side.words["product"]}
    of = {"workspace": there["workspace"]}
    product, api = there["product"], "/api/v1"
    return {
        reverse("search:palette", kwargs=of): {"q": word, "product": product},
        reverse("search:search", kwargs=of): {"q": word},
        reverse("backlog:list", kwargs=there): {"q": word, "category": "all"},
        reverse("backlog:list-count", kwargs=there): {"q": word, "category": "all"},
        reverse("backlog:board", kwargs=there): {"q": word},
        reverse("backlog:item-matches", kwargs=there): {"q": word},
        reverse("prioritisation:prioritise", kwargs=there): {"q": word},
        reverse("integrations:sheet", kwargs={**there, "file": "backlog.csv"}): {"q": word},
        reverse("integrations:sheet", kwargs={**there, "file": "ranking.csv"}): {"q": word},
        f"{api}/products/{product}/items": {"q": word, "category": "all"},
        f"{api}/products/{product}/ranking": {"q": word},
    }


@pytest.mark.parametrize("caller", CALLERS)
def test_a_search_counts_and_lists_only_ones_own(scene: Scene, caller: str):
    mine, other = sides(scene, caller)
    with undone():
        key = marked(other)
        for word in (PART, key):
            instead = NEVER if word == PART else f"{key.partition('-')[0]}-99999999"
            for (address, asked), (_, never) in zip(
                asking(mine, word).items(), asking(mine, instead).items(), strict=True
            ):
                got = []
                for query in (asked, never):
                    header = {"Authorization": f"Bearer {scene.tokens[caller]}"}
                    api = address.startswith("/api/")
                    client = scene.browser("nobody" if api else caller)
                    got.append(client.get(address, query, headers=header if api else {}))
                assert got[0].status_code == got[1].status_code < 500, (address, word)
                assert WORD not in whole(got[0]), (address, word)
                assert told(got[0], word) == told(got[1], instead), (address, word)
        # Its own people do find it, or all of this would say nothing. A count names no title.
        theirs = "outsider" if CALLERS[caller] else "admin"
        for address, query in asking(other, PART).items():
            if not address.startswith("/api/") and not {"export", "count"} & {*address.split("/")}:
                assert WORD in whole(scene.browser(theirs).get(address, query)), address


@pytest.mark.parametrize("caller", CALLERS)
def test_no_file_feed_or_front_page_holds_it(scene: Scene, caller: str):
    mine, other = sides(scene, caller)
    there = {"workspace": mine.words["workspace"], "product": mine.words["product"]}
    with undone():
        marked(other)
        name = str(other.rows["product"].name)
        for address in (
            reverse("home:home", kwargs=there),
            reverse("backlog:activity", kwargs=there),
            reverse("accounts:products", kwargs={"workspace": there["workspace"]}),
            reverse("integrations:export", kwargs={**there, "form": "items.csv"}),
            reverse("integrations:export", kwargs={**there, "form": "archive.zip"}),
            reverse("feeds:csv", kwargs={"secret": mine.words["feed.secret"]}),
        ):
            text = whole(scene.browser(caller).get(address))
            assert WORD not in text, address
            assert name not in text, address


@pytest.mark.parametrize("caller", CALLERS)
def test_an_error_tells_their_key_like_one_that_never_was(scene: Scene, caller: str):
    _, other = sides(scene, caller)
    with undone():
        key = marked(other)
        header = {"Authorization": f"Bearer {scene.tokens[caller]}"}
        never = f"{key.partition('-')[0]}-99999999"
        for path in ("", "/history", "/comments", "/score", "/ratings", "/dependencies"):
            got = [
                scene.browser("nobody").get(f"/api/v1/items/{each}{path}", headers=header)
                for each in (key, never)
            ]
            assert [each.status_code for each in got] == [404, 404], path
            assert told(got[0], key) == told(got[1], never), path


def test_a_replayed_key_answers_only_who_asked_first(scene: Scene):
    """The same key and body from another workspace, member or a narrower token is no replay."""
    item = scene.ours.words["item"]
    key = {"Idempotency-Key": "ferry-at-noon"}
    admin, product = scene.people.admin, scene.ours.rows["product"]
    tokens = scene.tokens | {
        name: token_create(by=admin, name=name, scopes=scopes, product=only)[1]
        for name, scopes, only in (
            ("reader", ["all:read"], None),
            ("planner", ["planning:write"], None),
            ("writer", ["backlog:write"], None),
            ("of one product", ["all:write"], product),
        )
    }

    def post(caller: str) -> HttpResponse:
        header = {"Authorization": f"Bearer {tokens[caller]}", **key}
        return scene.browser("nobody").post(
            f"/api/v1/items/{item}/comments",
            {"text": f"Ask in {WORD}."},
            content_type="application/json",
            headers=header,
        )

    with undone():
        first, again = post("admin"), post("admin")
        assert (first.status_code, again.status_code) == (201, 201)
        assert again["Idempotency-Replayed"] == "true"
        assert again.content == first.content
        refused = {"outsider": 404, "viewer": 403, "ended": 401, "reader": 403, "planner": 403}
        for caller, status in refused.items():
            answer = post(caller)
            assert answer.status_code == status, caller
            assert "Idempotency-Replayed" not in answer
            assert WORD not in whole(answer)
        # Who may do it with other rights does it anew: what the first was told is not theirs.
        for caller in ("stakeholder", "writer", "of one product"):
            own = post(caller)
            assert own.status_code == 201, caller
            assert "Idempotency-Replayed" not in own
            assert own.json()["id"] != first.json()["id"]
        assert Comment.objects.filter(text=f"Ask in {WORD}.").count() == 4
