"""Trello boards."""

from datetime import UTC, date, datetime

import pytest

from tandem.core.importing.errors import ImportRefused
from tandem.core.importing.record import Change, Criterion

from .devlake import answers, moment, table
from .reading import Reading, check, read, real

TODO, DOING, DONE = "a" * 24, "b" * 24, "c" * 24
CARD = "5a3be42bac574bdf5afd1456"  # made 2017-12-21 16:41:15 UTC


def move(before: str, after: str, when: str, card: str = CARD) -> dict:
    return {
        "type": "updateCard",
        "date": when,
        "data": {"card": {"id": card}, "listBefore": {"id": before}, "listAfter": {"id": after}},
    }


def board(*cards: dict, actions: tuple = (), **parts) -> dict:
    return {
        "name": "Club",
        "lists": [
            {"id": TODO, "name": "To Do", "pos": 1},
            {"id": DOING, "name": "Doing", "pos": 2},
            {"id": DONE, "name": "Done", "pos": 3},
        ],
        "cards": list(cards),
        "actions": list(actions),
        "members": [{"id": "m1", "fullName": "Ana"}, {"id": "m2", "username": "ben"}],
    } | parts


def card(**fields) -> dict:
    return {"id": CARD, "name": "Pay", "idList": TODO, "closed": False} | fields


def test_a_card_becomes_a_record():
    record = read(
        "trello",
        board(
            card(
                desc="By *card*",
                labels=[{"name": "web"}, {"name": "", "color": "red"}],
                idMembers=["m1", "m2"],
                due="2026-02-01T23:30:00.000Z",
                shortUrl="https://t.example/c/x",
                attachments=[{"name": "a.png", "url": "https://t.example/a.png"}],
            )
        ),
    ).record
    assert (record.ref, record.title, record.description, record.status) == (
        CARD,
        "Pay",
        "By *card*",
        "To Do",
    )
    assert (record.labels, record.assignee) == (("web", "red"), "Ana")
    assert record.created == datetime(2017, 12, 21, 16, 41, 15, tzinfo=UTC)
    assert record.due == date(2026, 2, 1)
    assert record.extra == {
        "Members": ("Ana", "ben"),
        "Attachments": ("[a.png](https://t.example/a.png)",),
    }


def test_the_due_day_is_one_of_the_files_time_zone():
    content = board(card(due="2026-02-01T23:30:00.000Z"))
    assert read("trello", content, {"time_zone": "Europe/Berlin"}).record.due == date(2026, 2, 2)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"idList": TODO}, "open"),
        ({"idList": DOING}, "started"),
        ({"idList": DONE}, "done"),
        ({"idList": TODO, "dueComplete": True}, "done"),
        ({"idList": TODO, "closed": True}, "dropped"),
        ({"idList": DONE, "closed": True}, "done"),
        ({"idList": "unknown"}, "open"),
    ],
)
def test_list_tick_and_archive_say_the_category(fields, expected):
    assert read("trello", board(card(**fields))).record.category == expected


def test_a_mapped_list_decides():
    content = board(card())
    assert read("trello", content, {"statuses": {"To Do": "started"}}).record.category == "started"


def test_the_last_move_into_a_list_of_done_is_the_date_of_finishing():
    actions = (
        move(DONE, DOING, "2026-01-03T00:00:00Z"),
        move(DOING, DONE, "2026-01-02T00:00:00Z"),
        move(DOING, DONE, "2026-01-04T00:00:00Z"),
        move(TODO, DOING, "2026-01-01T00:00:00Z"),
    )
    record = read("trello", board(card(idList=DONE), actions=actions)).record
    assert record.finished == datetime(2026, 1, 4, tzinfo=UTC)
    assert record.started == datetime(2026, 1, 1, tzinfo=UTC)


def test_moving_on_among_lists_of_done_does_not_finish_again():
    lists = [
        {"id": DOING, "name": "Doing"},
        {"id": DONE, "name": "Done"},
        {"id": "d", "name": "Archive"},
    ]
    actions = (move(DOING, DONE, "2026-01-02T00:00:00Z"), move(DONE, "d", "2026-03-01T00:00:00Z"))
    record = read("trello", board(card(idList="d"), actions=actions, lists=lists)).record
    assert record.finished == datetime(2026, 1, 2, tzinfo=UTC)


def test_done_cards_without_their_move_are_counted_in_a_warning():
    reading = read("trello", board(card(idList=DONE)))
    assert reading.record.finished is None
    assert reading.warned("Done without a date: 1 card")


def test_archiving_dates_what_was_dropped():
    action = {
        "type": "updateCard",
        "date": "2026-01-05T00:00:00Z",
        "data": {"card": {"id": CARD, "closed": True}, "old": {"closed": False}},
    }
    record = read("trello", board(card(closed=True), actions=(action,))).record
    assert record.finished == datetime(2026, 1, 5, tzinfo=UTC)


def test_checklists_become_criteria_in_their_order():
    checklists = [
        {
            "idCard": CARD,
            "checkItems": [
                {"name": "second", "pos": 2, "state": "incomplete"},
                {"name": "first", "pos": 1, "state": "complete"},
            ],
        }
    ]
    assert read("trello", board(card(), checklists=checklists)).record.criteria == (
        Criterion("first", True),
        Criterion("second", False),
    )


def test_comments_come_from_the_actions():
    action = {
        "type": "commentCard",
        "date": "2026-01-05T00:00:00Z",
        "idMemberCreator": "m1",
        "data": {"card": {"id": CARD}, "text": "Soon"},
    }
    (comment,) = read("trello", board(card(), actions=(action,))).record.comments
    assert (comment.author, comment.text) == ("Ana", "Soon")


def test_a_label_that_names_a_kind_gives_it():
    assert read("trello", board(card(labels=[{"name": "Bug"}]))).record.kind == "bug"


def test_cards_are_ranked_by_list_and_place():
    cards = [
        card(id="x1", idList=DOING, pos=1),
        card(id="x2", idList=TODO, pos=100.5),
        card(id="x3", idList=TODO, pos=20),
    ]
    records = read("trello", board(*cards)).records
    assert [r.ref for r in sorted(records, key=lambda r: r.rank)] == ["x3", "x2", "x1"]


def test_what_is_no_card_is_refused_at_its_position():
    reading = read(
        "trello", board(card(), "text", {"name": "no id"}, card(id="x", name=" "), card())
    )
    assert [refusal.line for refusal in reading.refusals] == [2, 3, 4, 5]
    assert len(reading.records) == 1


def test_archived_cards_do_not_make_their_list_look_dropped():
    (found,) = check("trello", board(card(idList=DOING, closed=True))).statuses
    assert (found.name, found.becomes) == ("Doing", "started")


def test_a_date_that_is_none_is_warned_about():
    reading = read("trello", board(card(due="whenever")))
    assert reading.record.due is None
    assert reading.warned("“whenever” is not a date")


@pytest.mark.parametrize("content", [[], {}, {"cards": {}, "lists": []}, {"cards": []}, 3, "text"])
def test_it_refuses_what_is_no_board(content):
    with pytest.raises(ImportRefused):
        read("trello", content if content != "text" else '"text"')


def test_the_student_board_is_read():
    reading = Reading("trello", real("trello/board_d_student_app.json"))
    assert (len(reading.records), reading.refusals) == (62, [])
    counts = {
        c: sum(r.category == c for r in reading.records)
        for c in ("open", "started", "done", "dropped")
    }
    assert counts == {"open": 10, "started": 0, "done": 47, "dropped": 5}
    assert sum(len(r.criteria) for r in reading.records) == 66
    assert sum(len(r.comments) for r in reading.records) == 32
    assert all(r.finished for r in reading.records if r.category == "done")
    assert all(r.created.year == 2017 for r in reading.records)


def test_a_board_with_custom_fields_is_read():
    reading = Reading("trello", real("trello/wekan/Trello/trello/trello-project100.json"))
    assert len(reading.records) == 3
    record = next(r for r in reading.records if r.title == "Write code")
    assert record.extra["Text Value"] == "Hello"
    assert record.extra["Logical Value"] == "true"
    assert {r.category for r in reading.records} == {"open", "started"}


def test_a_small_board_is_read():
    record = Reading("trello", real("trello/nextcloud_deck/data-trelloJson.json")).record
    assert (record.title, record.status, record.reporter) == ("Name Card 7", "TODO", "John Doe")


def test_the_actions_tell_the_cards_past():
    old_name = {"card": {"id": CARD, "name": "Pay"}, "old": {"name": "Pey"}}
    actions = (
        {"type": "updateCard", "date": "2026-01-03T09:00:00.000Z", "idMemberCreator": "m2", "data": old_name},
        move(TODO, DOING, "2026-01-02T09:00:00.000Z"),
        {"type": "addMemberToCard", "date": "2026-01-01T09:00:00.000Z", "memberCreator": {"fullName": "Cara"},
         "data": {"card": {"id": CARD}, "idMember": "m1"}},
    )  # fmt: skip
    assert read("trello", board(card(idList=DOING), actions=actions)).record.changes == (
        Change(datetime(2026, 1, 1, 9, tzinfo=UTC), "Cara", "members", "", "Ana"),
        Change(datetime(2026, 1, 2, 9, tzinfo=UTC), "", "status", "To Do", "Doing", "started"),
        Change(datetime(2026, 1, 3, 9, tzinfo=UTC), "ben", "title", "Pey", "Pay"),
    )


def test_recorded_answers_say_what_another_tool_read_in_them():
    cards = table("trello/e2e/snapshot_tables/_tool_trello_cards.csv")
    lists = table("trello/e2e/snapshot_tables/_tool_trello_lists.csv")
    ours = {row["id_board"] for row in cards}
    raw = {
        name: [each for each in answers(f"trello/e2e/raw_tables/_raw_trello_{file}.csv") if each.get("idBoard") in ours]
        for name, file in (("cards", "cards"), ("lists", "lists"), ("checklists", "check_items"))
    }  # fmt: skip
    reading = read("trello", raw)
    names = {row["id"]: row["name"] for row in lists}
    assert {(r.ref, r.title, r.updated, r.status_name, r.url) for r in reading.records} == {
        (c["id"], c["name"], moment(c["date_last_activity"]), names[c["id_list"]], c["short_url"]) for c in cards
    }  # fmt: skip
    known = {c["id"] for c in cards}
    checks = table("trello/e2e/snapshot_tables/_tool_trello_check_items.csv")
    assert sorted((r.ref, c.text, c.done) for r in reading.records for c in r.criteria) == sorted(
        (c["id_card"], c["name"].strip(), c["state"] == "complete") for c in checks if c["id_card"] in known
    )  # fmt: skip
