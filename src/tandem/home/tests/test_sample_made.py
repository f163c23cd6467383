"""Making the sample: the same every time, whole or not at all."""

import datetime

import pytest
from django.db import transaction

from tandem.accounts.models import User, Workspace
from tandem.backlog.models import Comment, Item, Question
from tandem.core.models import Event
from tandem.home.sample import sample_make
from tandem.home.tests.conftest import TODAY
from tandem.prioritisation.models import Rating


def told(today: datetime.date) -> list[tuple]:
    """What a sample made on a day says, row by row; nothing of it stays."""
    rows: list[tuple] = []
    with transaction.atomic():
        sample_make(today)
        rows += Item.objects.order_by("number").values_list(
            "number", "title", "rank", "created_at", "finished_at", "version", "estimate_likely"
        )
        rows += Comment.objects.order_by("pk").values_list("text", "written_at")
        rows += Question.objects.order_by("pk").values_list("text", "asked_at", "answered_at")
        rows += Rating.objects.order_by("pk").values_list("item__number", "value", "rated_at")
        rows += Event.objects.order_by("pk").values_list(
            "verb", "object_label", "member_name", "at"
        )
        transaction.set_rollback(True)
    return rows


def test_the_same_day_gives_the_same_sample(db):
    assert told(TODAY) == told(TODAY)
    assert not Item.objects.exists()


def test_items_keep_their_keys_on_whichever_weekday_it_is_made(db):
    monday = told(TODAY - datetime.timedelta(days=TODAY.weekday()))
    sunday = told(TODAY + datetime.timedelta(days=6 - TODAY.weekday()))
    assert [row[:3] for row in monday[:176]] == [row[:3] for row in sunday[:176]]


def test_a_failure_midway_leaves_nothing(db, monkeypatch):
    def broken(*args, **named):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("tandem.home.sample.lenses_make", broken)
    with pytest.raises(RuntimeError):
        sample_make(TODAY)
    assert not Workspace.objects.exists()
    assert not Item.objects.exists()
    assert not Event.objects.exists()
    assert not User.objects.exists()
