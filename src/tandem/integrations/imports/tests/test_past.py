"""History that comes along with an import: whose, when, once, and back."""

import json

from tandem.backlog.history import visits
from tandem.backlog.models import Item
from tandem.core.importing.source import Source
from tandem.core.models import Event
from tandem.integrations.imports.revert import import_revert

from .test_import import run


def entry(name: str, at: str, before: str, after: str) -> dict:
    item = {"field": "status", "fromString": before, "toString": after}
    return {"author": {"displayName": name}, "created": at, "items": [item]}


LOG = [
    entry("Dana Novak", "2026-01-07T09:00:00.000+0000", "To Do", "In Progress"),
    entry("Gone Person", "2026-01-09T09:00:00.000+0000", "In Progress", "Done"),
]


def source_of(log, title="Pay"):
    fields = {
        "summary": title,
        "status": {"name": "Done", "statusCategory": {"key": "done"}},
        "created": "2026-01-05T09:00:00.000+0000",
    }
    issue = {"key": "SEA-1", "fields": fields, "changelog": {"histories": log}}
    return Source.from_bytes(json.dumps({"issues": [issue]}).encode(), name="sea.json")


def past_of(item):
    return list(Event.objects.of("item", item.pk).filter(verb="item.past").order_by("id"))


def test_an_items_history_has_the_people_and_moments_of_its_source(world):
    run(world, source_of(LOG), format_name="jira-json")
    item = Item.objects.get()
    assert (item.started_at.day, item.finished_at.day) == (7, 9)
    first, second = past_of(item)
    assert (first.member_id, first.member_name, first.at.day) == (
        world.developer.pk,
        world.developer.name,
        7,
    )
    assert (second.member_id, second.member_name, second.channel) == (None, "Gone Person", "import")
    assert second.changes["status"] == ["In Progress", "Done"]
    assert second.changes["status_id"][1] == item.status_id
    told = visits(list(Event.objects.of("item", item.pk)), item=item)
    assert [visit.who for visit in told][1:] == ["Gone Person", world.developer.name]
    assert told[1].entries[0].sentence == "changed status"
    assert not told[1].entries[0].undoable


def test_a_second_run_adds_only_what_happened_since_and_reverting_takes_it_back(world):
    run(world, source_of(LOG[:1]), format_name="jira-json")
    item = Item.objects.get()
    _, again = run(world, source_of(LOG[:1]), format_name="jira-json")
    assert again.unchanged == 1
    later, third = run(world, source_of(LOG), format_name="jira-json")
    assert third.updated == 1
    assert len(past_of(item)) == 2
    import_revert(by=world.owner, run=later)
    assert [event.member_name for event in past_of(item)] == [world.developer.name]
    item.refresh_from_db()


def test_reverting_the_first_run_leaves_no_history_behind(world):
    first, _ = run(world, source_of(LOG), format_name="jira-json")
    import_revert(by=world.owner, run=first)
    assert not Event.objects.filter(verb="item.past").exists()
