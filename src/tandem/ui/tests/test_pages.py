"""The gallery, and what people see when something is not there."""

import re
from pathlib import Path

import pytest
from django.test import Client

from tandem import ui
from tandem.ui.navigation import navigation
from tandem.ui.settings_pages import SettingsPage, add, settings_pages

#: Asks a server who else is there; the gallery draws what is answered.
LIVE = {"here"}


def test_the_gallery_shows_every_part_in_both_themes():
    body = Client().get("/gallery/").content.decode()
    assert body.count('data-bs-theme="light"') == body.count('data-bs-theme="dark"') >= 15
    assert " style=" not in body


def test_the_gallery_has_every_id_once():
    body = Client().get("/gallery/").content.decode()
    ids = re.findall(r'\sid="([^"]+)"', body)
    assert sorted(ids) == sorted(set(ids))


def test_the_gallery_shows_every_component():
    templates = Path(ui.__file__).parent / "templates"
    shown = "".join(each.read_text() for each in (templates / "ui" / "gallery").iterdir())
    missing = [
        f"{file.name}: {name}"
        for file in sorted((templates / "components").iterdir())
        for name in re.findall(r"\{%-? macro ([a-z]\w*)", file.read_text())
        if not re.search(rf"\b{name}\(", shown) and name not in LIVE
    ]
    assert not missing


def test_what_is_not_there_says_so_and_leads_on(db):
    answer = Client().get("/nothing/at/all/")
    assert answer.status_code == 404
    assert "Nothing is here" in answer.content.decode()
    assert "Go to the start" in answer.content.decode()


def test_a_mistake_is_told_on_a_page_even_when_templates_fail(db, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("no template can be read")

    client = Client(raise_request_exception=False)
    monkeypatch.setattr("tandem.ui.views.gallery.render", broken)
    told = client.get("/gallery/")
    monkeypatch.setattr("tandem.ui.views.errors.render", broken)
    plain = client.get("/gallery/")
    for answer in (told, plain):
        assert answer.status_code == 500
        assert answer["Content-Type"].startswith("text/html")
        assert "<h1>Tandem made a mistake</h1>" in answer.content.decode()
        assert "Go to the start" in answer.content.decode()
    assert "<main" in told.content.decode()


def test_a_part_that_is_not_there_becomes_a_toast(db):
    answer = Client().get("/nothing/at/all/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Reswap"]) == (404, "none")
    assert 'hx-swap-oob="beforeend:#toasts"' in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_a_refusal_to_htmx_becomes_a_toast_and_to_a_form_a_page(db):
    client = Client()
    toast = client.post("/gallery/edit/", headers={"HX-Request": "true"})
    page = client.post("/gallery/edit/")
    assert (toast.status_code, page.status_code) == (422, 422)
    assert toast["HX-Reswap"] == "none"
    for answer in (toast, page):
        assert "The gallery keeps nothing" in answer.content.decode()


def test_every_answer_forbids_what_it_did_not_bring(db):
    policy = Client().get("/gallery/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


class Asked:
    """A request as far as the rail looks."""

    def __init__(self, member, product, path):
        self.member, self.product, self.path = member, product, path


def test_the_rail_is_empty_outside_a_product(world):
    assert navigation(Asked(world.owner, None, "/w/skerry/people/")) == []
    assert navigation(Asked(None, None, "/")) == []


@pytest.mark.parametrize(
    ("rest", "here"),
    [
        ("", ["Home"]),
        ("backlog/", ["Backlog"]),
        ("board/", ["Backlog"]),
        ("items/FERRY-1/", ["Backlog"]),
        ("elsewhere/", []),
    ],
)
def test_the_rail_marks_where_one_is_and_else_nothing(world, rest, here):
    lines = navigation(Asked(world.owner, world.product, world.address(rest)))
    assert [line.name for line in lines if line.current] == here


def test_settings_stand_beside_the_pages_of_a_workspace(world):
    groups = settings_pages(Asked(world.owner, None, "/w/skerry/people/"))
    assert [group.name for group in groups] == ["You", "Workspace"]
    current = [line.name for group in groups for line in group.lines if line.current]
    assert current == ["People"]
    *_, last = settings_pages(Asked(world.admin, None, "/w/skerry/people/"))
    assert (last.apart, [line.name for line in last.lines]) == (True, ["Erase the workspace"])


def test_settings_leave_out_what_a_member_may_not_set(world, monkeypatch):
    monkeypatch.setattr(
        "tandem.ui.settings_pages._pages",
        {"accounts:people": SettingsPage("People", "accounts:people", "users", 1)}
        | {"x": SettingsPage("Rules", "accounts:products", "ban", 2, visible=lambda member: False)},
    )
    (group,) = settings_pages(Asked(world.owner, None, "/w/skerry/people/"))
    assert [line.name for line in group.lines] == ["People"]


def test_settings_refuse_a_group_that_is_not_there():
    with pytest.raises(ValueError, match="no group of settings"):
        add(SettingsPage("Odd", "accounts:people", "users", 1, group="Elsewhere"))


def test_the_forms_of_an_answer_share_a_token_that_the_next_answer_masks_anew(world):
    client = world.client(world.owner)
    pages = [client.get(world.address("backlog/")).content.decode() for _ in range(2)]
    tokens = [set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)) for page in pages]
    assert [len(each) for each in tokens] == [1, 1]
    assert tokens[0] != tokens[1]
