"""What a page's list can be filtered by, the API's list can: the same names, read from the code.

Each page is opened with an address that writes down what is asked of it.
"""

import functools
from dataclasses import replace
from typing import Any

import pytest
from django.http import QueryDict

from access.knocking import Knock, undone
from access.scene import Scene
from access.table import API, PAGES
from tandem.config.api import QUERY_OF

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


class Noting(dict[str, Any]):
    """What ``QueryDict.dict()`` gives, noting what is asked of it."""

    noted: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.noted.add(name)
        return super().get(name, default)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names asked of any address's query."""
    noted: set[str] = set()
    for way in ("get", "getlist", "__contains__", "__getitem__"):
        was = getattr(QueryDict, way)

        def noting(self: QueryDict, name: str, *more: Any, was: Any = was) -> Any:
            noted.add(name)
            return was(self, name, *more)

        monkeypatch.setattr(QueryDict, way, functools.wraps(was)(noting))
    plain = type("Plain", (Noting,), {"noted": noted})
    monkeypatch.setattr(QueryDict, "dict", lambda self: plain({n: self[n] for n in self}))
    return noted


ITEMS, RANKING = "/products/{key}/items", "/products/{key}/ranking"
#: A page with a list -> the API's list of the same rows.
LISTS = {
    "accounts:jobs": "/jobs",
    "audit:log": "/audit",
    "audit:export": "/audit",
    "backlog:activity": "/products/{key}/activity",
    "backlog:board": ITEMS,
    "backlog:board-column": ITEMS,
    "backlog:calendar": ITEMS,
    "backlog:view": ITEMS,
    "backlog:list": ITEMS,
    "backlog:list-count": ITEMS,
    "delivery:teams": "/products/{key}/sprints",
    "notices:inbox": "/notices",
    "prioritisation:finding": RANKING,
    "prioritisation:prioritise": RANKING,
    "prioritisation:sessions": "/products/{key}/rating-sessions",
    "search:search": "/search",
    "chats:chat": "/chats/{pk}/deliveries",
    "webhooks:webhook": "/webhooks/{pk}/deliveries",
}
#: How a part is drawn, and how far back its talk and history go, wherever it is asked.
DRAWN = {"as", "columns", "still", "edit", "comments", "history"}
#: What a page is asked that says nothing about which rows it lists.
SHOWN = {
    "backlog:calendar": {
        "by": "the date by which items stand on their days",
        "month": "the month that is shown",
    },
    "backlog:board": {"group": "in which lanes the cards stand"},
    "backlog:board-column": {
        "group": "in which lanes the cards stand",
        "lane": "whose further cards are asked for",
    },
    "backlog:list": {"group": "under which headings the rows stand"},
    "backlog:view": {"group": "under which headings the rows stand"},
    "notices:inbox": {"all": "read ones, too; the API has them unless asked for unread=true"},
    "delivery:teams": {"finished": "all finished sprints instead of the last; the API lists all"},
    "prioritisation:finding": {"state": "which ranking the page has already"},
}
#: Pages that are asked something and are no list over which the API would page, by reason.
APART = {
    "what one starts typing, to choose from": {
        "search:palette", "backlog:item-matches", "backlog:people-matches",
        "backlog:list-builder", "backlog:list-completions",
    },
    "where to go or where one is, or on whose behalf": {
        "accounts:confirm", "accounts:here", "home:home", "prioritisation:session",
    },
    "the list itself, as a file or a feed": {"integrations:sheet", "integrations:feed-make"},
    "the question that an answer is worked out for": {
        "planning:plan", "planning:compare", "planning:frontier", "planning:debt",
        "planning:what-if", "planning:agenda", "planning:forecast", "planning:forecast-why",
        "prioritisation:differences", "prioritisation:history", "prioritisation:whatif",
        "prioritisation:sequence", "prioritisation:picture", "prioritisation:why",
        "prioritisation:models", "prioritisation:weigh", "prioritisation:moved-why",
        "prioritisation:needed-why", "prioritisation:weight-why", "prioritisation:sequence-why",
    },
    "a form as it was filled in": {
        "backlog:approvals-waiting", "backlog:item-merge", "backlog:item-split", "backlog:parking", "backlog:templates",
        "backlog:transitions", "integrations:connections", "integrations:paste", "prioritisation:rate", "prioritisation:rating-rules", "prioritisation:session-new",
    },
}  # fmt: skip


def test_the_api_filters_every_list_as_its_page_does(scene: Scene, asked: set[str]):
    pages: dict[str, set[str]] = {}
    for name, doors in PAGES.items():
        door = next((each for each in doors if each.method == "GET" and not each.open), None)
        if door is not None:
            asked.clear()
            with undone():
                Knock(name, door, scene.ours, {}).ask(scene, "admin")
            pages[name] = asked - DRAWN
    pages = {name: found for name, found in pages.items() if found}
    apart = set().union(*APART.values())
    new = {name: pages[name] for name in set(pages) - set(LISTS) - apart}
    assert new == {}, "a page with a list of its own? It needs a line above"
    assert sorted((set(LISTS) | apart) - set(pages)) == []
    missing = {}
    for name, path in LISTS.items():
        missing[name] = pages[name] - QUERY_OF[path]["GET"] - set(SHOWN.get(name, ()))
    assert {name: found for name, found in missing.items() if found} == {}


def test_a_filter_that_nothing_knows_is_refused_and_named(scene: Scene):
    wrong = {}
    for path, doors in API.items():
        for door in doors:
            if door.method == "GET":
                mistyped = replace(door, query={**door.query, "staus": "open"})
                with undone():
                    token = scene.tokens["admin"]
                    answer = Knock(path, mistyped, scene.ours, {}).ask(scene, token=token)
                if (answer.status_code, answer.json().get("field")) != (422, "staus"):
                    wrong[path] = answer.content
    assert wrong == {}


def test_the_ranking_and_the_activity_take_their_pages_filters(scene: Scene):
    header = {"Authorization": f"Bearer {scene.tokens['admin']}"}

    def got(path: str) -> Any:
        client = scene.browser("nobody")
        return client.get(f"/api/v1/products/FERRY/{path}", headers=header).json()

    everything = got("ranking")
    keys = [row["key"] for row in everything["items"]]
    narrowed = got("ranking?q=choose")
    assert [row["key"] for row in narrowed["items"]] == [scene.ours.words["other"]]
    [same] = [row for row in everything["items"] if row["key"] == scene.ours.words["other"]]
    assert narrowed["items"] == [same]
    assert len(keys) > 1
    page = got("ranking?sort=value&limit=1")
    rest = got(f"ranking?sort=value&after={page['next']}")
    assert sorted(row["key"] for row in page["items"] + rest["items"]) == sorted(keys)
    assert got("ranking?show=nonsense")["field"] == "show"
    assert got("ranking?modle=rice")["detail"].endswith("Did you mean model?")
    member = scene.people.admin.pk
    verbs = {row["verb"] for row in got(f"activity?what=comments&by={member}")["items"]}
    assert "comment.written" in verbs
    assert {verb.partition(".")[0] for verb in verbs} == {"comment"}
    assert got("activity?what=nonsense")["field"] == "what"
