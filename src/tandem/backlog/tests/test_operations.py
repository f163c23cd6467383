import itertools

import pytest

from tandem.backlog import operations as do
from tandem.backlog.models import Item, Status
from tandem.core.errors import Conflict, PermissionRefused, Refused
from tandem.core.models import Event


@pytest.fixture
def items(world):
    return [
        do.item_create(by=world.owner, product=world.product, title=title)
        for title in ("Book a seat", "Pay by card", "Cancel a trip", "Show the timetable")
    ]


def order(world):
    rows = Item.objects.of(world.product).order_by("rank")
    return [item.title.split()[0] for item in rows]


def test_it_numbers_items_and_puts_them_at_the_end(world, items):
    assert [item.key for item in items] == ["FERRY-1", "FERRY-2", "FERRY-3", "FERRY-4"]
    assert order(world) == ["Book", "Pay", "Cancel", "Show"]
    top = do.item_create(by=world.owner, product=world.product, title="First", at_top=True)
    assert order(world)[0] == "First"
    assert top.key == "FERRY-5"


@pytest.mark.parametrize(("moved", "after"), list(itertools.permutations(range(4), 2)))
def test_a_moved_item_stands_right_behind_the_named_one(world, items, moved, after):
    do.item_move(by=world.owner, item=items[moved], after=items[after])
    titles = order(world)
    assert titles.index(items[moved].title.split()[0]) == (
        titles.index(items[after].title.split()[0]) + 1
    )


def test_a_move_can_be_undone(world, items):
    do.item_move(by=world.owner, item=items[0], after=items[2])
    event = Event.objects.filter(verb="item.moved").latest("id")
    do.change_undo(by=world.owner, event=event)
    assert order(world) == ["Book", "Pay", "Cancel", "Show"]


def test_moving_into_the_same_gap_a_hundred_times_keeps_order_and_short_ranks(world, items):
    first, second, third, _fourth = items
    for _ in range(200):
        do.item_move(by=world.owner, item=third, after=first)
        do.item_move(by=world.owner, item=second, after=first)
    assert order(world) == ["Book", "Pay", "Cancel", "Show"]
    assert all(len(item.rank) <= 60 for item in Item.objects.all())


def test_it_refuses_an_edit_that_started_from_an_older_version(world, items):
    do.item_update(by=world.technical, item=items[0], version=1, title="Book a seat or a cabin")
    with pytest.raises(Conflict) as conflict:
        do.item_update(by=world.owner, item=items[0], version=1, title="Reserve a seat")
    assert conflict.value.current.title == "Book a seat or a cabin"


@pytest.mark.parametrize(
    ("low", "likely", "high", "field"),
    [
        (5, 3, 8, "estimate_low"),
        (1, 9, 8, "estimate_likely"),
        (-1, 3, 8, "estimate_low"),
        (1, "many", 8, "estimate_likely"),
        (1, 3, float("nan"), "estimate_high"),
        (1, None, 8, "estimate_likely"),
    ],
)
def test_it_refuses_an_estimate_that_cannot_be(world, items, low, likely, high, field):
    with pytest.raises(Refused) as refusal:
        do.item_update(
            by=world.owner,
            item=items[0],
            estimate_low=low,
            estimate_likely=likely,
            estimate_high=high,
        )
    assert refusal.value.field == field
    assert Item.objects.get(pk=items[0].pk).estimate_likely is None


def test_finishing_and_reopening_keeps_the_finish_moment_true(world, items):
    done = Status.objects.get(product=world.product, name="Done")
    started = Status.objects.get(product=world.product, name="In progress")
    item = do.item_update(by=world.developer, item=items[0], status=done)
    assert item.finished_at is not None
    item = do.item_update(by=world.developer, item=item, status=started)
    assert item.finished_at is None
    assert item.started_at is not None


def test_an_update_can_be_undone_unless_the_field_changed_again(world, items):
    do.item_update(by=world.owner, item=items[0], title="New title", labels=["web", "pay"])
    event = Event.objects.filter(verb="item.updated").latest("id")
    item = do.change_undo(by=world.owner, event=event)
    assert item.title == "Book a seat"
    assert list(item.labels.all()) == []
    with pytest.raises(Conflict, match="changed again"):
        do.change_undo(by=world.owner, event=event)


def test_it_refuses_and_shows_a_circle_of_blocks(world, items):
    a, b, c, _ = items
    do.dependency_add(by=world.owner, from_item=a, to_item=b, kind="blocks")
    do.dependency_add(by=world.owner, from_item=b, to_item=c, kind="blocks")
    with pytest.raises(Refused, match="FERRY-3 → FERRY-1 → FERRY-2 → FERRY-3"):
        do.dependency_add(by=world.owner, from_item=c, to_item=a, kind="blocks")
    do.dependency_add(by=world.owner, from_item=c, to_item=a, kind="relates")


def test_it_refuses_an_item_as_its_own_grandparent(world, items):
    a, b, c, _ = items
    do.item_update(by=world.owner, item=b, parent=a)
    do.item_update(by=world.owner, item=c, parent=b)
    with pytest.raises(Refused, match="its own parent"):
        do.item_update(
            by=world.owner, item=Item.objects.get(pk=a.pk), parent=Item.objects.get(pk=c.pk)
        )


def test_given_when_then_is_parsed_and_a_broken_one_names_its_line(world, items):
    criterion = do.criterion_add(
        by=world.owner, item=items[0], text="Given a trip\nWhen I pay\nThen I get a ticket"
    )
    assert criterion.form == "gherkin"
    assert [step["keyword"] for step in criterion.steps] == ["Given", "When", "Then"]
    with pytest.raises(Refused, match="Line 2"):
        do.criterion_add(
            by=world.owner,
            item=items[0],
            text="Given a trip\nWhenever I pay\nThen x",
            form="gherkin",
        )


def test_a_changed_criterion_is_open_again(world, items):
    criterion = do.criterion_add(by=world.owner, item=items[0], text="The seat map loads")
    do.criterion_check(by=world.developer, criterion=criterion, met=True)
    assert criterion.met_by == world.developer
    do.criterion_update(by=world.owner, criterion=criterion, text="The seat map loads in 1 s")
    assert criterion.met_at is None


@pytest.mark.parametrize("person", ["stakeholder", "viewer"])
def test_those_who_do_not_make_the_product_change_no_item(world, items, person):
    with pytest.raises(PermissionRefused):
        do.item_update(by=getattr(world, person), item=items[0], title="Mine")
    with pytest.raises(PermissionRefused):
        do.item_create(by=getattr(world, person), product=world.product, title="Mine")


def test_a_question_is_open_until_it_is_answered(world, items):
    question = do.question_ask(by=world.stakeholder, item=items[0], text="Also for dogs?")
    assert question.answered_at is None
    do.question_answer(by=world.owner, question=question, answer="Yes, in the cabin.")
    assert question.answered_by == world.owner


def test_a_deleted_item_is_nowhere_and_can_be_restored(world, items):
    do.item_delete(by=world.owner, item=items[0])
    assert items[0] not in Item.objects.visible_to(world.owner)
    do.item_restore(by=world.owner, item=items[0])
    assert items[0] in Item.objects.visible_to(world.owner)


def test_no_other_workspace_sees_an_item(world, items):
    assert not Item.objects.visible_to(world.outsider).exists()
