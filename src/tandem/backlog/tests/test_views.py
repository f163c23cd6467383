import datetime
import re

import pytest

from tandem.accounts.tests.caller import Caller
from tandem.backlog import operations as do
from tandem.backlog.language.parsing import FilterRefused
from tandem.backlog.models import SavedView
from tandem.backlog.tests.list_page import keys_of
from tandem.core.errors import PermissionRefused, Refused


def saved(world, **more):
    made = {"by": world.owner, "product": world.product, "name": "Bugs", "filter": "kind:bug"}
    return do.view_save(**{**made, **more})


@pytest.fixture
def bug(world, items):
    return do.item_update(by=world.owner, item=items[1], kind="bug")


def shown(world, number, query="", member=None):
    client = world.client(member or world.owner)
    return client.get(world.address(f"views/{number}/{query}"))


def test_a_view_shows_its_filter_columns_and_name(world, bug):
    view = saved(world, columns=["status"])
    page = shown(world, view.number)
    text = page.content.decode()
    assert keys_of(page) == ["FERRY-2"]
    assert 'value="kind:bug"' in text
    assert "Assignee</th>" not in text
    assert "list=backlog&amp;view=1" in text
    other = shown(world, view.number, "?q=kind%3Astory")
    assert "Save to the view" in other.content.decode()
    assert keys_of(other) == ["FERRY-1", "FERRY-3", "FERRY-4"]


def test_the_grouping_and_columns_of_a_pinned_view_stay_with_every_way_on(world, bug):
    view = saved(world, filter="sort:due", group="kind", columns=["status"], is_pinned=True)
    client = world.client(world.owner)
    tabs = client.get(world.address("backlog/")).content.decode()
    assert f'href="{world.address(f"views/{view.number}/")}"' in tabs
    text = shown(world, view.number).content.decode()
    assert text.count('<tr class="group-row">') == 2
    # Live updates, another order, another filter: each shows the groups again.
    ways = re.findall(r'(?:data-list|href)="([^"]*/backlog/\?[^"]*)"', text)
    ways = [each.replace("&amp;", "&") for each in ways if "/export/" not in each]
    assert len([each for each in ways if each.endswith("columns=status&group=kind")]) >= 4
    for way in ways:
        if "sort%3Atitle" in way:
            assert client.get(way).content.decode().count('<tr class="group-row">') == 2
    assert '<input type="hidden" name="group" value="kind">' in text


def test_a_filter_that_cannot_be_read_is_not_saved(world):
    with pytest.raises(FilterRefused):
        saved(world, filter="kind:stroy")
    with pytest.raises(Refused, match="none of status, kind"):
        saved(world, group="moon")
    assert not SavedView.objects.exists()


def test_a_view_is_its_owners_until_it_is_shared(world, bug):
    view = saved(world)
    assert shown(world, view.number, member=world.developer).status_code == 404
    do.view_update(by=world.owner, view=view, is_shared=True)
    assert shown(world, view.number, member=world.developer).status_code == 200
    with pytest.raises(PermissionRefused, match="belongs to Petra Holm"):
        do.view_update(by=world.developer, view=view, name="Mine")
    with pytest.raises(PermissionRefused):
        saved(world, by=world.viewer, is_shared=True)
    do.view_remove(by=world.technical, view=view)
    assert not SavedView.objects.exists()


def test_a_pinned_view_is_a_tab_of_whoever_sees_it(world, bug):
    view = saved(world, is_pinned=True, is_shared=True)
    client = world.client(world.viewer)
    assert ">Bugs</a>" in client.get(world.address("backlog/")).content.decode()
    do.view_update(by=world.owner, view=view, is_pinned=False)
    assert ">Bugs</a>" not in client.get(world.address("backlog/")).content.decode()


def test_a_view_keeps_working_when_its_field_and_choice_are_renamed(world, bug):
    make = {"by": world.owner, "product": world.product}
    tier = do.field_create(**make, name="Tier", kind="choice", choices=["Gold"])
    do.item_update(by=world.owner, item=bug, values={"tier": "gold"})
    view = saved(world, filter="tier:Gold sort:tier", group="tier")
    do.field_update(by=world.owner, field=tier, name="Level")
    do.choice_update(by=world.owner, field=tier, choice="gold", name="Premium")
    page = shown(world, view.number)
    assert keys_of(page) == ["FERRY-2"]
    assert "Level: Premium" in page.content.decode()
    do.field_archive(by=world.owner, field=tier)
    gone = shown(world, view.number)
    assert (gone.status_code, "There is no field" in gone.content.decode()) == (422, True)


def test_a_grouped_list_stands_in_its_groups(world, bug):
    view = saved(world, filter="", group="kind")
    page = shown(world, view.number)
    assert keys_of(page) == ["FERRY-1", "FERRY-3", "FERRY-4", "FERRY-2"]
    assert page.content.decode().count("group-row") == 2


def test_the_calendar_shows_a_month_by_any_date(world, items):
    make = {"by": world.owner, "product": world.product}
    do.field_create(**make, name="Promised", kind="date")
    day = datetime.date(2027, 3, 12)
    do.item_update(by=world.owner, item=items[0], due_date=day, values={"promised": "2027-04-02"})
    view = saved(world, filter="", layout="calendar", group="due")
    page = shown(world, view.number, "?month=2027-03").content.decode()
    assert "March 2027" in page
    assert page.count('data-peek="FERRY-1"') == 1
    assert "1 item by due" in page
    client = world.client(world.owner)
    own = client.get(world.address("calendar/?by=promised&month=2027-04")).content.decode()
    assert own.count('data-peek="FERRY-1"') == 1
    assert 'data-live-part="/w/skerry/FERRY/calendar/?by=promised&amp;month=2027-04"' in own
    assert client.get(world.address("calendar/?month=never")).status_code == 200
    empty = client.get(world.address("calendar/?month=2030-01")).content.decode()
    assert "Nothing in January 2030." in empty
    assert "<title>Calendar · Tandem</title>" in empty


def test_the_pages_save_pin_and_remove(world, bug):
    client = world.client(world.owner)
    page = world.address("views/")
    sent = {"name": "Bugs", "filter": "kind:bug", "layout": "board", "is_pinned-asked": "1",
            "is_pinned": "on"}  # fmt: skip
    assert client.post(page, sent).status_code == 302
    assert 'id="board"' in shown(world, 1).content.decode()
    client.post(f"{page}1/change/", {"is_pinned-asked": "1"})
    assert SavedView.objects.get().is_pinned is False
    assert client.post(page, {"name": ""}).status_code == 422
    client.post(f"{page}1/removal/")
    assert not SavedView.objects.exists()


def test_views_go_over_the_api_and_into_table_files(world, bug):
    ask = Caller(world.owner)
    made = ask(
        "POST",
        "/products/FERRY/views",
        {"name": "Bugs", "filter": "kind:bug", "columns": ["status"]},
    )
    assert made.status_code == 201
    assert ask("PATCH", "/products/FERRY/views/1", {"shared": True}).json()["shared"] is True
    assert [each["name"] for each in ask("GET", "/products/FERRY/views").json()] == ["Bugs"]
    client = world.client(world.viewer)
    answer = client.get(world.address("export/lists/backlog.csv?view=1"))
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines == ["\ufeffKey,Title,Status", "FERRY-2,Pay by card,Backlog"] or len(lines) == 2
    assert client.get(world.address("export/lists/backlog.csv?view=9")).status_code == 422
    assert ask("DELETE", "/products/FERRY/views/1").status_code == 204


def test_a_view_by_a_choice_that_is_gone_says_which_and_what_there_is(world, bug):
    make = {"by": world.owner, "product": world.product}
    tier = do.field_create(**make, name="Tier", kind="choice", choices=["Gold", "Silver"])
    do.item_update(by=world.owner, item=bug, values={"tier": "gold"})
    view = saved(world, filter="tier:gold")
    # While items keep it, it is found; once none holds it, the view says what is wrong.
    do.choice_remove(by=world.owner, field=tier, choice="gold", then="keep")
    assert keys_of(shown(world, view.number)) == ["FERRY-2"]
    do.choice_remove(by=world.owner, field=tier, choice="gold", then="move", to="silver")
    gone = shown(world, view.number)
    assert gone.status_code == 422
    assert "“gold”" in gone.content.decode()
