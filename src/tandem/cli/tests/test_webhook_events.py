"""One change, one event for webhooks, through the pages and the command line alike."""

import pytest
from click.testing import CliRunner

from tandem.cli.base import operator
from tandem.cli.commands import user
from tandem.core.models import Event
from tandem.integrations.models import WebhookDelivery
from tandem.integrations.webhooks.operations import webhook_create


@pytest.fixture
def by_page(world):
    def change():
        world.client(world.owner).post("/w/skerry/products/", {"name": "Deck", "key": "DECK",
                                       "estimate_unit": "points"})  # fmt: skip

    return change


@pytest.fixture
def by_cli(world):
    operator("skerry")  # the first command makes the command line a member: a change of its own

    def change():
        words = ["add", "new@skerry.example", "--name", "New", "--role", "viewer", "--link"]
        CliRunner().invoke(user.user, [*words, "--workspace", "skerry"], catch_exceptions=False)

    return change


@pytest.mark.parametrize(
    ("way", "channel", "verb"),
    [("by_page", "page", "product.created"), ("by_cli", "cli", "member.added")],
)
def test_a_change_is_one_event_and_one_delivery(world, request, way, channel, verb):
    webhook_create(by=world.admin, name="Chat", url="https://example.com/")
    change = request.getfixturevalue(way)
    before = Event.objects.order_by("-pk").values_list("pk", flat=True).first()
    WebhookDelivery.objects.all().delete()
    change()
    told = list(Event.objects.filter(pk__gt=before).order_by("pk"))
    assert [each.channel for each in told if each.verb == verb] == [channel]
    rows = WebhookDelivery.objects.order_by("event_id")
    assert [row.event_id for row in rows] == [each.pk for each in told]
