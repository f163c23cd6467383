"""Criteria, questions and comments on the item's page."""

import json
import re

import pytest
from django.utils import timezone

from tandem.backlog import operations as do
from tandem.backlog.models import Comment, Criterion, Question
from tandem.backlog.tests.item_page import (
    HTMX,
    make_comments,
    page,
    send,
)
from tandem.core.errors import Refused
from tandem.core.models import Event

# --- criteria ------------------------------------------------------------------------------


def test_criteria_are_added_checked_edited_and_counted(world, item):
    send(world, world.owner, item, "criteria/", {"text": "A seat is kept"})
    send(
        world, world.owner, item, "criteria/", {"text": "Given a seat\nWhen I pay\nThen it is mine"}
    )
    plain, steps = Criterion.objects.order_by("position")
    assert (plain.form, steps.form) == ("plain", "gherkin")
    send(world, world.owner, item, f"criteria/{plain.pk}/check/", {"met": "yes"})
    text = world.client(world.viewer).get(page(world, item)).content.decode()
    assert "1 of 2 met" in text
    assert "<b>Given</b> <span>a seat</span>" in text
    send(world, world.owner, item, f"criteria/{plain.pk}/", {"text": "A seat is kept a while"})
    plain.refresh_from_db()
    assert (plain.text, plain.met_at) == ("A seat is kept a while", None)


def test_a_criterion_that_does_not_parse_names_the_line_and_keeps_the_text(world, item):
    typed = "Given a seat\nWhenn I pay\nThen it is mine"
    response = send(
        world, world.owner, item, "criteria/", {"text": typed, "written_as": "gherkin"}, htmx=True
    )
    text = response.content.decode()
    assert response.status_code == 422
    assert "Line 2 is not Given/When/Then" in text
    assert typed in text
    row = do.criterion_add(by=world.owner, item=item, text="Given a\nThen b")
    response = send(
        world, world.owner, item, f"criteria/{row.pk}/", {"text": typed, "written_as": "gherkin"}
    )
    assert response.status_code == 422
    assert typed in response.content.decode()


@pytest.mark.parametrize(
    ("text", "told"), [(" ", "Write what must be true"), ("x" * 20_001, "this has 20001")]
)
def test_an_empty_or_huge_criterion_is_refused(world, item, text, told):
    response = send(world, world.owner, item, "criteria/", {"text": text}, htmx=True)
    assert response.status_code == 422
    assert told in response.content.decode()


def test_a_removed_criterion_comes_back_where_it_stood_and_checked(world, item):
    rows = [
        do.criterion_add(by=world.owner, item=item, text=text) for text in ("one", "two", "three")
    ]
    do.criterion_check(by=world.technical, criterion=rows[1], met=True)
    text = send(
        world, world.owner, item, f"criteria/{rows[1].pk}/removal/", htmx=True
    ).content.decode()
    undo = re.search(r'data-undo="([^"]+)"', text)[1]
    response = world.client(world.owner).post(undo, **HTMX)
    assert response.status_code == 200
    assert set(json.loads(response["HX-Trigger"])) == {"item-changed", "item-undone"}
    found = list(item.criteria.all())
    assert [row.text for row in found] == ["one", "two", "three"]
    assert found[1].met_by == world.technical
    # Pressing it twice lays back one.
    assert world.client(world.owner).post(undo, **HTMX).status_code == 409
    assert item.criteria.count() == 3


# --- questions -----------------------------------------------------------------------------


def test_questions_are_asked_answered_and_opened_again_by_a_stakeholder_too(world, item):
    send(world, world.stakeholder, item, "questions/", {"text": "Which ferries?"})
    question = Question.objects.get()
    assert "1 open" in world.client(world.viewer).get(page(world, item)).content.decode()
    rest = f"questions/{question.pk}/answer/"
    assert send(world, world.owner, item, rest, {"answer": "All of them."}).status_code == 302
    question.refresh_from_db()
    assert question.answer == "All of them."
    send(world, world.stakeholder, item, rest, {"reopen": "1"})
    question.refresh_from_db()
    assert question.answered_at is None
    assert send(world, world.viewer, item, rest, {"answer": "No."}).status_code == 403


def test_open_questions_stand_first(world, item):
    first = do.question_ask(by=world.owner, item=item, text="Asked first")
    do.question_ask(by=world.owner, item=item, text="Asked second")
    do.question_answer(by=world.technical, question=first, answer="Answered")
    text = world.client(world.viewer).get(page(world, item)).content.decode()
    assert text.index("Asked second") < text.index("Asked first")


@pytest.mark.parametrize(
    ("data", "told"), [({"text": ""}, "needs a text"), ({"text": "x" * 50_001}, "this has 50001")]
)
@pytest.mark.parametrize("rest", ["questions/", "comments/"])
def test_an_empty_or_huge_text_is_refused_beside_its_field(world, item, rest, data, told):
    response = send(world, world.owner, item, rest, data, htmx=True)
    assert response.status_code == 422
    assert told in response.content.decode()


def test_an_empty_answer_is_refused_instead_of_opening_the_question(world, item):
    question = do.question_ask(by=world.owner, item=item, text="Which?")
    do.question_answer(by=world.owner, question=question, answer="These")
    response = send(
        world, world.owner, item, f"questions/{question.pk}/answer/", {"answer": " "}, htmx=True
    )
    assert response.status_code == 422
    assert "Write the answer" in response.content.decode()
    question.refresh_from_db()
    assert question.answer == "These"


# --- comments ------------------------------------------------------------------------------


def test_a_comment_is_deleted_by_its_author_only_and_comes_back(world, item):
    comment = do.comment_write(by=world.stakeholder, item=item, text="*Soon*, please")
    rest = f"comments/{comment.pk}/deletion/"
    assert send(world, world.owner, item, rest).status_code == 403
    text = send(world, world.stakeholder, item, rest, htmx=True).content.decode()
    assert "Soon" not in text
    undo = re.search(r'data-undo="([^"]+)"', text)[1]
    assert world.client(world.owner).post(undo, **HTMX).status_code == 403
    assert world.client(world.stakeholder).post(undo, **HTMX).status_code == 200
    assert "<em>Soon</em>" in world.client(world.viewer).get(page(world, item)).content.decode()


def test_a_comment_is_changed_by_its_author_only_with_history_and_undo(world, item):
    comment = do.comment_write(by=world.stakeholder, item=item, text="Soon")
    rest = f"comments/{comment.pk}/"
    said = {"text": "*Tomorrow*", "before": "Soon"}
    assert send(world, world.owner, item, rest, said).status_code == 403
    assert world.client(world.owner).get(page(world, item, rest)).status_code == 403
    form = world.client(world.stakeholder).get(page(world, item, rest), **HTMX).content.decode()
    assert "Save comment" in form
    text = send(world, world.stakeholder, item, rest, said, htmx=True).content.decode()
    assert "<em>Tomorrow</em>" in text
    assert ">edited</a>" in text
    assert Event.objects.filter(verb="comment.changed").get().changes["comment"] == [
        "Soon",
        "*Tomorrow*",
    ]
    undo = re.search(r'data-undo="([^"]+)"', text)[1]
    assert world.client(world.stakeholder).post(undo, **HTMX).status_code == 200
    comment.refresh_from_db()
    assert comment.text == "Soon"


def test_a_comment_changed_elsewhere_meanwhile_is_kept(world, item):
    comment = do.comment_write(by=world.stakeholder, item=item, text="Soon")
    do.comment_update(by=world.stakeholder, comment=comment, text="Never")
    answer = send(
        world,
        world.stakeholder,
        item,
        f"comments/{comment.pk}/",
        {"text": "Tomorrow", "before": "Soon"},
        htmx=True,
    )
    assert answer.status_code == 409
    assert "elsewhere since" in answer.content.decode()
    assert "Tomorrow" in answer.content.decode()
    comment.refresh_from_db()
    assert comment.text == "Never"


def test_an_imported_comment_keeps_its_authors_name(world, item):
    Comment.objects.create(
        item=item, text="From before", source_author="Olaf Elder", written_at=timezone.now()
    )
    text = world.client(world.viewer).get(page(world, item)).content.decode()
    assert "Olaf Elder" in text
    assert "imported" in text


def test_comments_beyond_fifty_are_loaded_on_demand(world, item):
    make_comments(world, item, 120)
    client = world.client(world.viewer)
    seen = []
    address = page(world, item)
    for _ in range(3):
        text = client.get(address, **(HTMX if seen else {})).content.decode()
        seen.append(re.findall(r"Comment number (\d+)", text))
        more = re.search(r'hx-get="([^"]+/comments/\?comments=[^"]+)"', text)
        address = more and more[1]
    assert [len(each) for each in seen] == [50, 50, 20]
    assert seen[0][-1] == "119"
    assert sorted(number for stretch in seen for number in stretch) == [
        f"{n:03d}" for n in range(120)
    ]
    assert address is None


def test_a_damaged_cursor_is_refused(world, item):
    client = world.client(world.viewer)
    for rest in (
        "?comments=zzz",
        "?history=zzz",
        "comments/?comments=%00",
        "history/?history=WzFd",
    ):
        assert client.get(page(world, item, rest)).status_code in (200, 422)


# --- several answers to one question ---------------------------------------------------------


def test_answers_stand_below_their_question_with_replies_until_one_is_accepted(world, item):
    question = do.question_ask(by=world.owner, item=item, text="Which ferries?")
    rest = f"questions/{question.pk}/answer/"
    send(world, world.technical, item, rest, {"answer": "Only the *night* ones", "beside": "1"})
    send(world, world.stakeholder, item, rest, {"answer": "All of them", "beside": "1"})
    night, every = question.answers.order_by("pk")
    question.refresh_from_db()
    assert question.answered_at is None
    send(world, world.owner, item, f"comments/{night.pk}/replies/", {"text": "Why so?"})
    shown = world.client(world.owner).get(page(world, item)).content.decode()
    assert "1 open" in shown
    part = shown[shown.index('id="item-questions"') :]
    part = part[: part.index("</section>")]
    assert all(word in part for word in ("<em>night</em>", "Why so?", "Accept this answer"))
    comments = shown[shown.index('id="item-comments"') :]
    assert "Why so?" not in comments[: comments.index("</section>")]
    # Replying, editing and reacting answer with the part the answer stands in.
    reply = send(
        world, world.owner, item, f"comments/{every.pk}/reactions/", {"kind": "agree"}, htmx=True
    )
    assert 'id="item-questions"' in reply.content.decode()
    send(world, world.owner, item, f"questions/{question.pk}/answers/{every.pk}/acceptance/", {})
    question.refresh_from_db()
    assert (question.answer, question.answered_by) == ("All of them", world.stakeholder)
    assert "Accepted answer" in world.client(world.owner).get(page(world, item)).content.decode()


def test_another_answer_can_be_accepted_and_the_accepted_one_keeps_the_question_settled(
    world, item
):
    question = do.question_ask(by=world.owner, item=item, text="Which?")
    first = do.answer_write(by=world.technical, question=question, text="These")
    second = do.answer_write(by=world.owner, question=question, text="Those")
    do.answer_accept(by=world.owner, answer=first)
    do.answer_accept(by=world.owner, answer=second)
    assert list(question.answers.filter(accepted=True)) == [second]
    second.refresh_from_db()
    do.comment_update(by=world.owner, comment=second, text="Those there")
    question.refresh_from_db()
    assert question.answer == "Those there"
    with pytest.raises(Refused, match="settles its question"):
        do.comment_delete(by=world.owner, comment=Comment.objects.get(pk=second.pk))
    do.answer_accept(by=world.technical, answer=Comment.objects.get(pk=second.pk), accepted=False)
    question.refresh_from_db()
    assert (question.answer, question.answered_at) == ("", None)
    # Answering as before is answering and accepting in one.
    do.question_answer(by=world.owner, question=question, answer="Neither")
    assert question.answers.get(accepted=True).text == "Neither"


def test_answers_go_along_when_their_question_is_split_off_and_the_api_gives_them(world, item):
    question = do.question_ask(by=world.owner, item=item, text="Which?")
    client = world.client(world.owner)
    place = f"/api/v1/items/{item.key}/questions/{question.pk}"
    made = client.post(f"{place}/answers", {"text": "This"}, "application/json").json()
    assert (made["question"], made["accepted"]) == (question.pk, False)
    told = client.put(f"{place}/accepted", {"answer": made["id"]}, "application/json").json()
    assert (told["answer"], told["open"]) == ("This", False)
    split = do.item_split(
        by=world.owner, item=item, parts=[{"title": "Part", "questions": [question.pk]}]
    )
    (part,) = split.parts
    assert Comment.objects.get(pk=made["id"]).item_id == part.pk
    wrong = client.put(
        f"/api/v1/items/{part.key}/questions/{question.pk}/accepted",
        {"answer": made["id"] + 99},
        "application/json",
    )
    assert (wrong.status_code, wrong.json()["field"]) == (422, "answer")
