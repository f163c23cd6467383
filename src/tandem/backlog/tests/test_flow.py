import pytest

from tandem.accounts.tests.caller import Caller
from tandem.backlog import operations as do
from tandem.backlog.models import Approval, Item, Status
from tandem.backlog.tests.list_page import HTMX
from tandem.core.errors import PermissionRefused, Refused
from tandem.core.models import Event
from tandem.notices.models import Notice
from tandem.notices.rules import words_of
from tandem.notices.spreading import spread


@pytest.fixture
def to(world, items):
    """Statuses by name."""
    return {each.name: each for each in Status.objects.filter(product=world.product)}


def rule(world, to, *, by=None, **asked):
    return do.transition_save(by=by or world.owner, product=world.product, to_status=to, **asked)


def fresh(item):
    return Item.objects.select_related("product", "status").get(pk=item.pk)


def go(world, item, to, by=None, **more):
    return do.item_update(by=by or world.owner, item=fresh(item), status=to, **more)


# Needs


def test_a_move_is_refused_with_what_is_missing_until_it_is_there(world, items, to):
    rule(world, to["Ready"], needs=["estimate", "criteria", "no_questions"])
    question = do.question_ask(by=world.owner, item=items[0], text="Which deck?")
    with pytest.raises(Refused) as refusal:
        go(world, items[0], to["Ready"])
    assert refusal.value.message == (
        "Ready needs an estimate, acceptance criteria and every question answered."
    )
    assert [each["section"] for each in refusal.value.details["missing"]] == [
        "facts", "criteria", "questions",
    ]  # fmt: skip
    do.criterion_add(by=world.owner, item=items[0], text="It is paid.")
    do.question_answer(by=world.owner, question=question, answer="Upper.")
    go(world, items[0], to["Ready"], estimate_likely=3)
    assert fresh(items[0]).status == to["Ready"]


LACKS = ["description", "story", "estimate_range", "assignee", "due_date", "parent", "labels",
         "criteria_met", "attachment", "fields.tier"]  # fmt: skip
HAS = ["no_questions", "unblocked", "children_done"]


def test_every_need_is_told_from_what_the_item_has(world, items, to):
    do.field_create(by=world.owner, product=world.product, name="Tier", kind="text")
    rule(world, to["Done"], needs=[*LACKS, *HAS])
    with pytest.raises(Refused) as refusal:
        go(world, items[0], to["Done"])
    assert [each["need"] for each in refusal.value.details["missing"]] == LACKS
    do.dependency_add(by=world.owner, from_item=items[1], to_item=items[0], kind="blocks")
    do.item_update(by=world.owner, item=fresh(items[2]), parent=items[0])
    criterion = do.criterion_add(by=world.owner, item=items[0], text="Paid.")
    do.criterion_check(by=world.owner, criterion=criterion, met=True)
    do.attachment_link(by=world.owner, item=items[0], link="https://pier.example/a")
    with pytest.raises(Refused) as refusal:
        go(
            world, items[0], to["Done"], description="On deck", story_role="guest",
            story_want="a seat", story_benefit="I sit", estimate_low=1, estimate_likely=2,
            estimate_high=3, assignee=world.developer, due_date=None, labels=["deck"],
            values={"tier": "gold"},
        )  # fmt: skip
    missing = [each["need"] for each in refusal.value.details["missing"]]
    assert missing == ["due_date", "parent", "unblocked", "children_done"]
    assert not fresh(items[0]).description


def test_a_rule_from_one_status_leaves_other_ways_free(world, items, to):
    rule(world, to["Done"], from_status=to["In progress"], needs=["estimate"])
    go(world, items[0], to["Done"])
    go(world, items[1], to["In progress"])
    with pytest.raises(Refused, match="needs an estimate"):
        go(world, items[1], to["Done"])


def test_a_new_item_in_a_status_needs_what_the_status_asks_for(world, items, to):
    rule(world, to["Ready"], needs=["estimate"])
    new = {"by": world.owner, "product": world.product, "title": "A rope", "status": to["Ready"]}
    with pytest.raises(Refused, match="Ready needs an estimate"):
        do.item_create(**new)
    do.item_create(**new, estimate_likely=1)
    do.item_create(**new, by_rules=False)


def test_many_items_are_moved_as_far_as_the_rules_let_them(world, items, to):
    rule(world, to["Ready"], needs=["estimate", "labels"])
    do.item_update(by=world.owner, item=items[0], estimate_likely=3)
    change = {"status": to["Ready"], "labels_add": ["deck"]}
    ids = [item.pk for item in items]
    done = do.items_change(by=world.owner, product=world.product, items=ids, change=change)
    assert [item.key for item in done.changed] == ["FERRY-1"]
    assert done.reasons == [("Ready needs an estimate.", ["FERRY-2", "FERRY-3", "FERRY-4"])]


def test_a_full_status_lets_nothing_more_in(world, items, to):
    status = do.status_update(by=world.owner, status=to["In progress"], limit=2, limit_refuses=True)
    ids = [item.pk for item in items]
    change = {"status": status}
    done = do.items_change(by=world.owner, product=world.product, items=ids, change=change)
    assert (len(done.changed), len(done.refused)) == (2, 2)
    with pytest.raises(Refused, match="In progress is full: it takes 2 items"):
        go(world, items[3], status)
    status = do.status_update(by=world.owner, status=status, limit_refuses=False)
    go(world, items[3], status)


def test_going_back_where_it_was_is_free_until_more_is_done_to_the_item(world, items, to):
    go(world, items[0], to["In progress"])
    rule(world, to["Backlog"], needs=["estimate"])
    event = Event.objects.of("item", items[0].pk).first()
    do.change_undo(by=world.owner, event=event)
    go(world, items[0], to["In progress"])
    event = Event.objects.of("item", items[0].pk).first()
    do.item_update(by=world.owner, item=fresh(items[0]), title="Book two seats")
    with pytest.raises(Refused, match="Backlog needs an estimate"):
        do.change_undo(by=world.owner, event=event)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"needs": ["luck"]}, "“luck” is none of"),
        ({"approval": "king"}, "“king” is none of product_owner"),
        ({}, "Choose what the move needs"),
    ],
)
def test_it_refuses_a_rule_that_asks_for_nothing_there_is(world, to, asked, words):
    with pytest.raises(Refused, match=words):
        rule(world, to["Ready"], **asked)
    with pytest.raises(PermissionRefused):
        rule(world, to["Ready"], by=world.developer, needs=["estimate"])


# Consent


@pytest.fixture
def approval(world, items, to):
    """Both lenses are asked whether FERRY-1 may go to Done, by a developer."""
    rule(world, to["Done"], needs=["estimate"], approval="both")
    do.item_update(by=world.owner, item=items[0], estimate_likely=3)
    return do.approval_request(by=world.developer, item=fresh(items[0]), to=to["Done"], note="All")


def decide(by, approval, approves=True, **more):
    return do.approval_decide(by=by, approval=approval, approves=approves, **more)


def test_the_item_moves_with_the_last_consent(world, items, to, approval):
    with pytest.raises(Refused, match="needs the consent of the Product Owner and the Technical"):
        go(world, items[0], to["Done"], by=world.developer)
    with pytest.raises(PermissionRefused, match="waits for"):
        decide(world.developer, approval)
    decide(world.owner, approval)
    with pytest.raises(Refused, match="said what it thinks"):
        decide(world.owner, approval)
    assert fresh(items[0]).status == to["Backlog"]
    decide(world.technical, approval)
    assert fresh(items[0]).status == to["Done"]
    verbs = [event.verb for event in Event.objects.of("item", items[0].pk)[:4]]
    assert verbs == ["item.updated", "approval.given", "approval.given", "approval.requested"]
    # The line in the inbox says where to.
    asked = Event.objects.of("item", items[0].pk)[3]
    assert words_of(asked).quote == "Done"


def test_whoever_declines_says_why_and_the_asker_is_told(world, items, approval):
    with pytest.raises(Refused, match="Say why"):
        decide(world.owner, approval, approves=False)
    decide(world.owner, approval, approves=False, reason="Criteria are thin.")
    assert Approval.objects.get().state == "declined"
    with pytest.raises(Refused, match="declined already"):
        decide(world.technical, approval)
    told(world)
    assert Notice.objects.get(member=world.developer).reason == "answered"


def told(world):
    spread([event.pk for event in Event.objects.filter(verb__startswith="approval.")])


def test_those_who_are_asked_find_it_in_their_inbox(world, approval):
    told(world)
    asked = Notice.objects.filter(reason="approve").order_by("member_id")
    assert [each.member for each in asked] == [world.owner, world.technical]


def test_ones_own_consent_is_given_by_asking_or_moving(world, items, to):
    rule(world, to["Done"], approval="product_owner")
    go(world, items[0], to["Done"], by=world.owner)
    rule(world, to["In review"], approval="both")
    asked = do.approval_request(by=world.owner, item=fresh(items[1]), to=to["In review"])
    assert asked.waits_for == ["technical_pm"]


def test_consent_is_overtaken_when_the_item_goes_elsewhere(world, items, to, approval):
    go(world, items[0], to["Ready"])
    assert Approval.objects.get().state == "withdrawn"


def test_consent_does_not_replace_what_is_missing_by_then(world, items, approval):
    decide(world.owner, approval)
    do.item_update(
        by=world.owner, item=fresh(items[0]), estimate_low=None, estimate_likely=None,
        estimate_high=None,
    )  # fmt: skip
    with pytest.raises(Refused, match="Done needs an estimate"):
        decide(world.technical, approval)
    assert Approval.objects.get().state == "open"


def test_who_asked_takes_it_back(world, items, to, approval):
    with pytest.raises(Refused, match="asked for FERRY-1 already"):
        do.approval_request(by=world.owner, item=fresh(items[0]), to=to["Done"])
    do.approval_withdraw(by=world.developer, approval=approval)
    with pytest.raises(Refused, match="needs nobody's consent"):
        do.approval_request(by=world.owner, item=fresh(items[0]), to=to["Ready"])


# Pages, board, API


def test_the_item_shows_what_is_missing_and_asks_for_consent(world, items, to):
    rule(world, to["Done"], needs=["estimate"], approval="technical_pm")
    client, at = world.client(world.developer), world.address("items/FERRY-1/")
    said = client.post(f"{at}fields/", {"status": to["Done"].pk}, **HTMX)
    assert said.status_code == 422
    assert 'href="' + at + '#item-facts"' in said.content.decode()
    do.item_update(by=world.owner, item=items[0], estimate_likely=3)
    said = client.post(f"{at}fields/", {"status": to["Done"].pk}, **HTMX).content.decode()
    assert "Ask for consent" in said
    said = client.post(f"{at}approvals/", {"to": to["Done"].pk, "note": "Soon?"}, **HTMX)
    assert "Waits for Technical Product Manager" in said.content.decode()
    approval = Approval.objects.get()
    lead = world.client(world.technical)
    said = lead.post(f"{at}approvals/{approval.pk}/decision/", {"approves": "no"}, **HTMX)
    assert "Say why, so that it can be put right." in said.content.decode()
    said = lead.post(f"{at}approvals/{approval.pk}/decision/", {"approves": "yes"})
    assert said.status_code == 302
    assert fresh(items[0]).status == to["Done"]


def test_the_board_says_what_is_missing_and_where(world, items, to):
    rule(world, to["Ready"], needs=["estimate"])
    sent = {"item": "FERRY-1", "after": "", "list": to["Ready"].pk}
    said = world.client(world.owner).post(world.address("backlog/moves/"), sent, **HTMX)
    assert said.status_code == 422
    assert "Ready needs an estimate." in said.content.decode()
    assert world.address("items/FERRY-1/") in said.content.decode()


def test_the_rules_page_sets_and_removes_a_rule(world, items, to):
    client, at = world.client(world.owner), world.address("setup/rules/")
    sent = {"from": "", "to": to["Ready"].pk, "needs": ["estimate", "criteria"], "approval": "both"}
    client.post(at, sent)
    page = world.client(world.viewer).get(at).content.decode()
    assert "Any status → Ready" in page
    assert "an estimate, acceptance criteria" in page
    wrong = client.post(at, {"to": to["Ready"].pk})
    assert wrong.status_code == 422
    found = world.product.transition_rules.get()
    client.post(f"{at}{found.pk}/removal/")
    assert not world.product.transition_rules.exists()


def test_the_api_sets_rules_and_gathers_consent(world, items, to):
    lead, owner = Caller(world.developer), Caller(world.owner)
    at = "/products/FERRY/transitions"
    needs = {each["name"] for each in owner("GET", f"{at}/needs").json()}
    assert {"estimate", "criteria_met"} <= needs
    sent = {"from_status": "Backlog", "to_status": "Ready", "needs": ["estimate"]}
    sent["approval"] = "product_owner"
    assert owner("PUT", at, sent).json() | {"id": 0} == sent | {"id": 0}
    refused = lead("PATCH", "/items/FERRY-1", {"status": "Ready"}).json()
    assert [each["need"] for each in refused["missing"]] == ["estimate"]
    lead("PATCH", "/items/FERRY-1", {"estimate_likely": 3})
    refused = lead("PATCH", "/items/FERRY-1", {"status": "Ready"}).json()
    assert refused["approval"] == ["product_owner"]
    asked = lead("POST", "/items/FERRY-1/approvals", {"to": "Ready", "note": "Soon?"}).json()
    assert asked["waits_for"] == ["product_owner"]
    open_ones = owner("GET", "/products/FERRY/approvals?state=open").json()["items"]
    assert [each["item"] for each in open_ones] == ["FERRY-1"]
    path = f"/items/FERRY-1/approvals/{asked['id']}"
    assert owner("POST", f"{path}/decision", {"approves": True}).json()["state"] == "approved"
    assert lead("DELETE", path).status_code == 422
    assert fresh(items[0]).status == to["Ready"]


def test_pasted_rows_are_held_back_by_the_same_rules(world, items, to):
    do.field_create(by=world.owner, product=world.product, name="Tier", kind="text")
    needs = ["estimate", "labels", "criteria", "no_questions", "fields.tier"]
    rule(world, to["Ready"], needs=needs)
    whole = {"estimate_likely": 3, "labels": ["a"], "criteria": ["Paid"], "values": {"tier": "x"}}
    rows = [{"title": "Thin"}, {"title": "Thin", "status": to["Ready"]}]
    rows.append({"title": "Whole", "status": to["Ready"], **whole})
    tried = do.items_create(by=world.owner, product=world.product, rows=rows, dry=True)
    assert [each.row for each in tried.problems] == [1]
    assert "a value in Tier" in tried.problems[0].message


def test_many_moves_are_consented_to_at_once_and_what_lacks_something_says_so(world, items, to):
    rule(world, to["Ready"], approval="technical_pm")
    asked = [do.approval_request(by=world.owner, item=item, to=to["Ready"]) for item in items[:3]]
    client = world.client(world.technical)
    page = client.get(world.address("approvals/")).content.decode()
    assert page.count('name="approval"') == 3
    # Meanwhile something more is needed, and one item has it.
    rule(world, to["Ready"], approval="technical_pm", needs=["estimate"])
    do.item_update(by=world.owner, item=fresh(items[0]), estimate_likely=2)
    chosen = {"approval": [each.pk for each in asked[:2]], "approves": "yes"}
    told = client.post(world.address("approvals/"), chosen)
    assert told.status_code == 422
    assert "Ready needs an estimate" in told.content.decode()
    assert [fresh(item).status.name for item in items[:2]] == ["Ready", "Backlog"]
    # Declining many needs one reason.
    rest = {"approval": [each.pk for each in asked[1:]], "approves": "no"}
    assert "Say why" in client.post(world.address("approvals/"), rest).content.decode()
    assert client.post(world.address("approvals/"), rest | {"reason": "Later."}).status_code == 302
    assert not Approval.objects.open().exists()


def test_the_api_decides_many_and_tells_who_may_not(world, items, to):
    rule(world, to["Ready"], approval="technical_pm")
    asked = [do.approval_request(by=world.owner, item=item, to=to["Ready"]) for item in items[:2]]
    route = "/products/FERRY/approvals/decisions"
    body = {"approvals": [each.pk for each in asked], "approves": True}
    other = Caller(world.developer)("POST", route, body).json()
    assert (other["decided"], len(other["refused"])) == ([], 2)
    assert "waits for" in other["refused"][0]["reason"]
    mine = Caller(world.technical)("POST", route, body).json()
    assert ([each["state"] for each in mine["decided"]], mine["refused"]) == (["approved"] * 2, [])
    wrong = Caller(world.technical)("POST", route, body | {"approvals": [987654]})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "approvals")
