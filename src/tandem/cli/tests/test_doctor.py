"""What the doctor finds in the rows and files, and what it advises."""

import json

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.utils import timezone

from tandem.accounts.models import Product
from tandem.backlog import operations as backlog
from tandem.backlog.models import Item
from tandem.cli.commands.doctor import doctor
from tandem.core import forgetting
from tandem.core.models import Event
from tandem.integrations.models import ImportRun


def examined(*arguments, code):
    result = CliRunner().invoke(doctor, [*arguments, "--json"], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def findings(told):
    return {each["check"]: each for each in told["checks"] if not each["ok"]}


@pytest.fixture
def items(world):
    return [
        backlog.item_create(by=world.owner, product=world.product, title=title)
        for title in ("One", "Two")
    ]


def test_a_sound_instance_has_no_findings(items):
    told = examined("--integrity", code=0)
    assert told["ok"]
    assert {"orphans", "ranks", "history", "files"} <= {each["check"] for each in told["checks"]}


def test_naming_the_folder_examines_it_and_the_installation_alone_does_not(items):
    assert not examined(code=0)["integrity"]
    assert examined("--data", str(settings.DATA), code=0)["integrity"]


def test_it_finds_shared_ranks_lost_history_and_numbers_given_twice(world, items):
    one, two = items
    Item.objects.filter(pk=two.pk).update(rank=one.rank)
    forgetting.forget(Event.objects.filter(object_kind="item", object_id=one.pk))
    Product.objects.filter(pk=world.product.pk).update(next_number=1)
    found = findings(examined("--integrity", code=1))
    assert set(found) == {"ranks", "history", "numbers"}
    assert all(each["advice"] for each in found.values())
    assert str(one.pk) in found["history"]["message"]


def test_it_finds_items_of_another_workspace_and_events_of_none(world, items):
    Item.objects.filter(pk=items[0].pk).update(workspace_id=world.outsider.workspace_id)
    forgetting.reword(Event.objects.filter(object_id=items[1].pk), workspace_id=987654)
    assert set(findings(examined("--integrity", code=1))) == {"products", "events"}


def test_it_finds_a_file_that_is_gone(world, items):
    ImportRun.objects.create(
        product=world.product, format="csv", file_name="sea.csv", path="imports/no-such",
        state="checked", started_at=timezone.now(),
    )  # fmt: skip
    assert "sea.csv" in findings(examined("--integrity", code=1))["files"]["message"]
