import pytest

from tandem.accounts.tests.caller import Caller
from tandem.backlog import operations as do
from tandem.backlog.models import Dependency, Item, Status, Watch
from tandem.core.errors import Conflict, Refused
from tandem.core.models import Event


@pytest.fixture
def pair(world, items):
    """FERRY-2 with something of everything, to be merged into FERRY-1."""
    into, item = items[0], items[1]
    by = world.owner
    do.item_update(
        by=by, item=item, description="Twice.", labels=["web"], estimate_likely=3,
        assignee=world.developer,
    )  # fmt: skip
    do.criterion_add(by=by, item=into, text="First.")
    do.criterion_add(by=by, item=item, text="Second.")
    do.comment_write(by=world.developer, item=item, text="Seen.")
    do.question_ask(by=by, item=item, text="Why?")
    do.attachment_add(by=by, item=item, name="a.csv", chunks=[b"1"])
    do.item_update(by=by, item=items[2], parent=item)
    # One with each other, one twice, one that would close a circle, one that moves.
    do.dependency_add(by=by, from_item=item, to_item=into, kind="relates")
    do.dependency_add(by=by, from_item=into, to_item=items[3], kind="blocks")
    do.dependency_add(by=by, from_item=items[3], to_item=item, kind="blocks")
    do.dependency_add(by=by, from_item=item, to_item=items[2], kind="duplicates")
    return Item.objects.get(pk=item.pk), Item.objects.get(pk=into.pk)


def state(*items):
    """Everything that hangs on the items, as far as a merging touches it."""
    return [
        (
            item.description, item.estimate_likely, item.assignee_id, item.deleted_at,
            sorted(item.labels.values_list("name", flat=True)),
            [sorted(rows.values_list("pk", flat=True)) for rows in (
                item.criteria, item.comments, item.questions, item.attachments, item.children,
                item.dependencies_in, item.dependencies_out, item.ratings, item.watches,
            )],
        )
        for item in (Item.objects.get(pk=each.pk) for each in items)
    ]  # fmt: skip


def test_what_hangs_on_it_moves_and_its_key_leads_on(world, pair):
    item, into = pair
    merged = do.items_merge(by=world.owner, item=item, into=into)
    into.refresh_from_db()
    assert [each.text for each in into.criteria.order_by("position")] == ["First.", "Second."]
    assert (into.comments.count(), into.questions.count(), into.attachments.count()) == (1, 1, 1)
    assert (into.estimate_likely, into.assignee_id) == (3, world.developer.pk)
    assert "Twice." in into.description
    assert [each.number for each in into.children.all()] == [3]
    assert Watch.objects.filter(item=into, member=world.developer).exists()
    assert merged.left == [
        "“relates to” between FERRY-2 and FERRY-1: they are one now.",
        "“blocks” with FERRY-4: it would close a circle with what FERRY-1 has.",
    ]
    assert not Dependency.objects.filter(from_item=into, to_item=into).exists()
    client = Caller(world.owner)
    assert client("GET", "/items/FERRY-2").json()["key"] == "FERRY-1"
    verbs = [each.verb for each in Event.objects.of("item", item.pk)]
    assert verbs[0] == "item.merged"


def test_taking_it_back_leaves_both_as_they_were(world, pair):
    item, into = pair
    before = state(item, into)
    merged = do.items_merge(by=world.owner, item=item, into=into)
    do.change_undo(by=world.owner, event=merged.event)
    assert state(item, into) == before
    with pytest.raises(Conflict, match="on its own again"):
        do.change_undo(by=world.owner, event=merged.event)


def test_a_try_changes_nothing_and_its_mark_holds_only_while_nobody_did(world, pair):
    item, into = pair
    before = state(item, into)
    tried = do.items_merge(by=world.owner, item=item, into=into, dry=True)
    assert state(item, into) == before
    assert (1, ("comment", "comments")) in tried.moved
    do.item_update(by=world.technical, item=into, title="Other")
    with pytest.raises(Conflict, match="look again"):
        do.items_merge(by=world.owner, item=item, into=into, mark=tried.mark)


@pytest.mark.parametrize("below", ["child", "grandchild"])
def test_an_item_below_takes_the_place_of_the_one_it_swallows(world, items, below):
    top, item, middle, into = items
    do.item_update(by=world.owner, item=item, parent=top)
    do.item_update(by=world.owner, item=middle, parent=item)
    do.item_update(by=world.owner, item=into, parent=item if below == "child" else middle)
    do.items_merge(by=world.owner, item=item, into=Item.objects.get(pk=into.pk))
    into.refresh_from_db()
    middle.refresh_from_db()
    assert (into.parent_id, middle.parent_id) == (top.pk, into.pk)


def test_what_cannot_be_merged_is_said(world, items):
    with pytest.raises(Refused, match="into itself"):
        do.items_merge(by=world.owner, item=items[0], into=items[0])
    do.items_merge(by=world.owner, item=items[0], into=items[1])
    with pytest.raises(Refused, match="merged already"):
        do.items_merge(by=world.owner, item=items[2], into=items[0])
    with pytest.raises(Refused, match="merged into FERRY-2"):
        do.item_restore(by=world.owner, item=Item.objects.get(pk=items[0].pk))
    # An alias of an alias leads to the end at once.
    do.items_merge(by=world.owner, item=items[1], into=items[2])
    assert Item.objects.get(pk=items[0].pk).merged_into_id == items[2].pk


def split(world, item, *parts, **more):
    return do.item_split(by=world.owner, item=item, parts=parts, **more)


@pytest.fixture
def whole(world, items):
    item = items[0]
    do.item_update(
        by=world.owner, item=item, estimate_low=4, estimate_likely=8, estimate_high=20,
        labels=["web"],
    )  # fmt: skip
    do.dependency_add(by=world.owner, from_item=items[1], to_item=item, kind="blocks")
    do.dependency_add(by=world.owner, from_item=item, to_item=items[2], kind="blocks")
    for text in ("One.", "Two."):
        do.criterion_add(by=world.owner, item=item, text=text)
    do.question_ask(by=world.owner, item=item, text="Why?")
    return Item.objects.get(pk=item.pk)


def test_a_part_takes_what_it_is_given_and_both_sides_say_so(world, whole):
    given = whole.criteria.get(text="Two.").pk
    question = whole.questions.get().pk
    done = split(
        world, whole,
        {"title": "Half", "criteria": [given], "questions": [question], "estimate_likely": 2},
    )  # fmt: skip
    part = Item.objects.get(pk=done.parts[0].pk)
    whole.refresh_from_db()
    assert (part.estimate_low, part.estimate_likely, part.estimate_high) == (1, 2, 5)
    assert (whole.estimate_low, whole.estimate_likely, whole.estimate_high) == (3, 6, 15)
    assert [each.text for each in part.criteria.all()] == ["Two."]
    assert (part.questions.count(), whole.questions.count()) == (1, 0)
    kinds = sorted(part.dependencies_out.values_list("kind", flat=True))
    assert (kinds, part.dependencies_in.get().kind) == (["blocks", "split"], "blocks")
    assert list(part.labels.values_list("name", flat=True)) == ["web"]
    order = Item.objects.of(world.product).order_by("rank").values_list("pk", flat=True)
    assert list(order)[:2] == [whole.pk, part.pk]


def test_a_splitting_is_taken_back_until_a_part_was_worked_on(world, whole):
    before = (whole.estimate_likely, sorted(whole.criteria.values_list("pk", flat=True)))
    given = whole.criteria.first().pk
    done = split(world, whole, {"title": "Half", "criteria": [given], "estimate_likely": 8})
    do.change_undo(by=world.owner, event=done.event)
    whole.refresh_from_db()
    assert (whole.estimate_likely, sorted(whole.criteria.values_list("pk", flat=True))) == before
    assert Item.objects.get(pk=done.parts[0].pk).deleted_at is not None
    again = split(world, whole, {"title": "Half"}, copy_dependencies=False)
    do.comment_write(by=world.owner, item=again.parts[0], text="Mine.")
    with pytest.raises(Conflict, match="worked on since"):
        do.change_undo(by=world.owner, event=again.event)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"title": ""}, "needs a title"),
        ({"title": "A", "estimate_likely": 9}, "has 8"),
        ({"title": "A", "criteria": [987654]}, "not"),
        ({"title": "A", "size": 3}, "none of"),
    ],
)
def test_a_part_that_cannot_be_is_said_and_nothing_is_split(world, whole, part, said):
    with pytest.raises(Refused, match=said):
        split(world, whole, part)
    assert Item.objects.of(world.product).count() == 4


def test_the_pages_look_first_and_do_then(client, world, whole):
    client.force_login(world.owner.user)
    at = f"/w/{world.workspace.slug}/{world.product.key}/items/"
    given = whole.criteria.first().pk
    sent = {"title-0": "Half", f"criteria-{given}": "1", "estimate-0": "2"}
    tried = client.post(f"{at}FERRY-1/split/", sent | {"step": "try"})
    assert "criteria: 1" in tried.text
    client.post(f"{at}FERRY-1/split/", sent | {"step": "do"})
    part = Item.objects.get(title="Half")
    tried = client.post(f"{at}{part.key}/merge/", {"into": "FERRY-1", "step": "try"})
    assert "Merge into FERRY-1" in tried.text
    client.post(f"{at}{part.key}/merge/", {"into": "FERRY-1", "step": "do"})
    assert client.get(f"{at}{part.key}/").headers["Location"].endswith("/items/FERRY-1/")
    was = client.get(f"{at}{part.key}/merged/").text
    assert "Take the merging back" in was
    assert "merged the item into" in was
    shown = client.get(f"{at}FERRY-1/").text
    assert "Merged into this" in shown
    assert "Half" in shown
    assert whole.criteria.count() == 2


def test_the_api_splits_and_merges(world, whole):
    api = Caller(world.owner)
    made = api("POST", "/items/FERRY-1/split", {"parts": [{"title": "Half"}]}).json()
    key = made["parts"][0]["key"]
    tried = api("POST", f"/items/{key}/merge", {"into": "FERRY-1", "dry_run": True}).json()
    assert (tried["event"], tried["left"] != []) == (None, True)
    done = api("POST", f"/items/{key}/merge", {"into": "FERRY-1", "mark": tried["mark"]}).json()
    undone = api("POST", f"/items/FERRY-1/history/{done['event']}/undo")
    assert undone.status_code == 200
    assert api("GET", f"/items/{key}").json()["key"] == key


def test_a_merged_items_key_means_the_other_in_filters_bodies_and_search(world, items):
    do.items_merge(by=world.owner, item=items[1], into=items[0])
    client = Caller(world.owner)

    def keys(query):
        return [
            row["key"] for row in client("GET", f"/products/FERRY/items?q={query}").json()["items"]
        ]

    made = client("POST", "/products/FERRY/items", {"title": "Part", "parent": "FERRY-2"}).json()
    assert made["parent"] == "FERRY-1"
    assert keys("key:FERRY-2") == ["FERRY-1"]
    assert keys("key:2,3%20sort:key") == ["FERRY-1", "FERRY-3"]
    assert keys("parent:FERRY-2") == [made["key"]]
    linked = client("POST", "/items/FERRY-3/dependencies", {"to": "FERRY-2", "kind": "blocks"})
    assert linked.json()["to_key"] == "FERRY-1"
    changed = client(
        "POST", "/products/FERRY/items/change", {"keys": ["FERRY-2"], "set": {"kind": "bug"}}
    )
    assert changed.status_code == 200, changed.content
    assert client("GET", "/items/FERRY-1").json()["kind"] == "bug"
    found = client("GET", "/search?q=FERRY-2").json()["items"]
    assert found[0]["key"] == "FERRY-1"


def test_a_part_needs_what_every_new_item_needs_in_its_status(world, items):
    first = Status.objects.filter(product=world.product, category="open").first()
    do.transition_save(by=world.owner, product=world.product, to_status=first, needs=["criteria"])
    kept = do.criterion_add(by=world.owner, item=items[0], text="A berth is kept.")
    part = {"by": world.owner, "item": items[0]}
    for dry in (True, False):
        with pytest.raises(Refused, match=r"Berths: .* needs") as refused:
            do.item_split(**part, parts=[{"title": "Berths"}], dry=dry)
        assert refused.value.field == "parts.0"
    split = do.item_split(**part, parts=[{"title": "Berths", "criteria": [kept.pk]}])
    assert split.parts[0].status == first
