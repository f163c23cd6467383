"""Importing into the database: once, again, after edits on both sides, and back."""

import json
from io import StringIO

import pytest

from tandem.backlog import operations as backlog
from tandem.backlog.models import Comment, Dependency, Item, Label, Status
from tandem.core.errors import PermissionRefused, Refused
from tandem.core.importing.source import Source
from tandem.core.models import Event
from tandem.integrations.imports.result import Result
from tandem.integrations.imports.revert import import_revert
from tandem.integrations.imports.run import (
    adapter_chosen,
    dry_run,
    import_run,
    mapping_read,
)
from tandem.integrations.models import ImportRow, ImportRun

HEAD = (
    "Summary,Issue key,Issue id,Issue Type,Status,Project key,Created,Updated,Labels,Labels,"
    "Description,Custom field (Story Points),Parent,Outward issue link (Blocks),Status Category,"
    "Assignee,Comment\n"
)
ROWS = (
    "Book a seat,SEA-1,1,Story,To Do,SEA,10/Jan/26 9:00 AM,11/Jan/26 9:00 AM,web,pay,As a guest,5,,SEA-2,To Do,Dana Novak,\n",
    "Pay,SEA-2,2,Bug,In Progress,SEA,10/Jan/26 9:00 AM,11/Jan/26 9:00 AM,,,,3,1,SEA-3,In Progress,Nobody Known,13/Jan/26 9:00 AM;712020:1;Please soon\n",
    "Cancel,SEA-3,3,Story,Won't Do,SEA,10/Jan/26 9:00 AM,11/Jan/26 9:00 AM,,,,,,SEA-1,Done,,\n",
    "Timetable,SEA-4,4,Story,Done,SEA,10/Jan/26 9:00 AM,20/Jan/26 9:00 AM,,,,2,,,Done,,\n",
)


def source_of(*rows, head=HEAD):
    return Source.from_bytes((head + "".join(rows)).encode(), name="sea.csv")


def run(world, source, *, step=import_run, mapping=None, format_name="jira-csv", by=None):
    return step(
        by=by or world.owner,
        product=world.product,
        source=source,
        adapter=adapter_chosen(source, format_name),
        mapping=mapping_read({} if mapping is None else mapping, world.product),
        tell=lambda rows, note: None,
    )


def items(world):
    return {item.source_ref: item for item in Item.objects.of(world.product).order_by("rank")}


def test_every_row_becomes_an_item_with_what_the_source_said(world):
    imported, result = run(world, source_of(*ROWS))
    found = items(world)
    assert (result.rows, result.created, result.refused) == (4, 4, 0)
    assert list(found) == ["SEA-1", "SEA-2", "SEA-3", "SEA-4"]
    seat = found["SEA-1"]
    assert (seat.title, seat.estimate_likely, seat.assignee) == ("Book a seat", 5, world.developer)
    assert sorted(label.name for label in seat.labels.all()) == ["pay", "web"]
    assert found["SEA-2"].extra["Assignee"] == "Nobody Known"
    assert found["SEA-2"].parent == seat
    assert found["SEA-3"].status.category == "dropped"
    assert found["SEA-4"].finished_at.date().isoformat() == "2026-01-20"
    assert Comment.objects.get(item=found["SEA-2"]).text == "Please soon"
    assert imported.state == "done"


def test_a_circle_of_blocks_is_left_out_and_told(world):
    _, result = run(world, source_of(*ROWS))
    assert Dependency.objects.count() == 2
    assert any("circle" in warning["message"] for warning in result.warnings)


def test_a_second_run_changes_only_what_the_source_changed(world):
    run(world, source_of(*ROWS))
    seat = items(world)["SEA-1"]
    backlog.item_update(
        by=world.owner, item=seat, description="Written here", title="Book any seat"
    )
    _, again = run(world, source_of(*ROWS))
    assert (again.created, again.updated, again.unchanged) == (0, 0, 4)
    changed = ROWS[0].replace("As a guest,5", "As a guest,8")
    _, third = run(world, source_of(changed, *ROWS[1:]))
    seat.refresh_from_db()
    assert (third.updated, third.unchanged) == (1, 3)
    assert (seat.estimate_likely, seat.title, seat.description) == (
        8,
        "Book any seat",
        "Written here",
    )


def test_an_edit_on_both_sides_takes_the_source_and_says_so(world):
    run(world, source_of(*ROWS))
    backlog.item_update(by=world.owner, item=items(world)["SEA-1"], title="Book any seat")
    _, result = run(world, source_of(ROWS[0].replace("Book a seat", "Reserve"), *ROWS[1:]))
    assert items(world)["SEA-1"].title == "Reserve"
    assert any("changed in Tandem and in the source" in w["message"] for w in result.warnings)


def test_a_dry_run_counts_and_leaves_nothing(world):
    before = Status.objects.count()
    result = run(world, source_of(*ROWS), step=dry_run)
    assert (result.rows, result.created) == (4, 4)
    assert result.samples[0]["title"] == "Book a seat"
    assert not Item.objects.exists()
    assert not ImportRun.objects.exists()
    assert Status.objects.count() == before


def test_a_file_that_breaks_in_the_middle_leaves_nothing(world):
    broken = source_of(*ROWS, 'Open quote,SEA-9,9,Story,"To Do,SEA,,,,,,,,,To Do,,\n')
    with pytest.raises(Refused) as refusal:
        run(world, broken)
    assert "quote" in refusal.value.message
    assert not Item.objects.exists()
    assert not ImportRow.objects.exists()


def test_reverting_removes_what_was_made_and_keeps_what_was_worked_on(world):
    imported, _ = run(world, source_of(*ROWS))
    backlog.comment_write(by=world.stakeholder, item=items(world)["SEA-4"], text="Still needed")
    reverted = import_revert(by=world.owner, run=imported)
    assert reverted.state == "reverted"
    assert reverted.taken_back == {"removed": 3, "restored": 0, "kept": 1}
    assert list(items(world)) == ["SEA-4"]
    _, again = run(world, source_of(*ROWS))
    assert (again.created, again.unchanged + again.updated) == (3, 1)


def test_reverting_takes_the_statuses_and_labels_it_made_along(world):
    strange = [row.replace("In Progress", "Aground").replace("web", "keel") for row in ROWS]
    imported, _ = run(world, source_of(*strange))
    assert Status.objects.filter(name="Aground").exists()
    kept = backlog.item_create(by=world.owner, product=world.product, title="Tide table")
    kept.labels.add(Label.objects.get(name="pay"))
    import_revert(by=world.owner, run=imported)
    assert not Status.objects.filter(name="Aground").exists()
    assert Status.objects.filter(name="In progress").exists()
    assert set(Label.objects.values_list("name", flat=True)) == {"pay"}


def test_every_refused_row_is_named_however_many_there_are():
    result = Result(rows=2000)
    for line in range(2000):
        result.refuse(line, "the title is empty")
        result.warn(line, "odd")
    written = StringIO()
    json.dump(result.as_json(), written)
    refused = json.loads(written.getvalue())["refused"]
    assert len(refused) == len(result.refusals) == result.refused == 2000
    assert refused[1999] == {"line": 1999, "reason": "the title is empty"}
    assert result.refusals.first(1) == refused[:1]
    assert Result().refusals == []
    assert (len(result.as_json()["warnings"]), result.warned) == (1000, 2000)


def test_reverting_a_second_run_restores_what_it_changed(world):
    first, _ = run(world, source_of(*ROWS))
    changed = ROWS[0].replace("Book a seat", "Reserve").replace("web,pay", "web,sea")
    second, _ = run(world, source_of(changed, *ROWS[1:]))
    with pytest.raises(Refused, match="later import"):
        import_revert(by=world.owner, run=first)
    import_revert(by=world.owner, run=second)
    seat = items(world)["SEA-1"]
    assert seat.title == "Book a seat"
    assert sorted(label.name for label in seat.labels.all()) == ["pay", "web"]


def test_a_deleted_item_comes_back_when_its_source_changed(world):
    run(world, source_of(*ROWS))
    backlog.item_delete(by=world.owner, item=items(world)["SEA-1"])
    _, result = run(world, source_of(ROWS[0].replace("Book a seat", "Reserve"), *ROWS[1:]))
    assert result.updated == 1
    assert items(world)["SEA-1"].title == "Reserve"


def test_items_keep_their_numbers_when_the_product_has_the_sources_key(world):
    ferry = [row.replace("SEA", "FERRY") for row in (ROWS[2], ROWS[1])]
    run(world, source_of(*ferry))
    assert sorted(item.key for item in Item.objects.all()) == ["FERRY-2", "FERRY-3"]
    new = backlog.item_create(by=world.owner, product=world.product, title="Next")
    assert new.key == "FERRY-4"


def test_every_item_knows_the_line_it_came_from(world):
    run(world, source_of(*ROWS))
    event = Event.objects.get(verb="item.imported", object_id=items(world)["SEA-2"].pk)
    assert event.changes["from"][1] == "sea.csv, line 3"
    assert event.channel == "import"


@pytest.mark.parametrize("person", ["stakeholder", "viewer"])
def test_only_makers_import(world, person):
    with pytest.raises(PermissionRefused):
        run(world, source_of(*ROWS), by=getattr(world, person))


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"columns": {"Sumary": "title"}}, "Summary"),
        ({"columns": {"Summary": "titel"}}, "title"),
        ({"kinds": {"Story": "novel"}}, "novel"),
        ({"speed": 1}, "speed"),
        ([], "JSON object"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused_with_what_is_near(world, mapping, message):
    with pytest.raises(Refused) as refusal:
        run(world, source_of(*ROWS), mapping=json.loads(json.dumps(mapping)))
    assert message in refusal.value.message
    assert not Item.objects.exists()


def test_a_renamed_status_is_found_by_the_name_it_had(world):
    from tandem.integrations.imports.names import Names

    ready = backlog.statuses_ensure(world.product)[1]
    backlog.status_update(by=world.owner, status=ready, name="Up next")
    assert Names(world.product).status("Ready", "open").name == "Up next"
