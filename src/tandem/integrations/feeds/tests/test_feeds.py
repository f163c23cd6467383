"""Feeds: a list at a secret address."""

import csv
import datetime
import io
import re

import openpyxl
import pytest
from django.utils import timezone

from tandem.accounts import operations as accounts
from tandem.accounts.models import Role
from tandem.backlog import operations as backlog
from tandem.core.errors import PermissionRefused, Refused
from tandem.core.models import Event
from tandem.delivery.operations import team_create
from tandem.integrations.feeds import operations as do
from tandem.integrations.feeds.lists import FEED_LISTS
from tandem.integrations.models import Feed
from tandem.integrations.trash.operations import product_delete, product_restore


@pytest.fixture
def items(world):
    made = {}
    for kind, title in (("story", "Book a seat"), ("bug", "=1+1"), ("bug", "Lost luggage")):
        made[title] = backlog.item_create(
            by=world.owner, product=world.product, title=title, kind=kind
        )
    return made


@pytest.fixture
def made(world, items):
    return do.feed_make(
        by=world.owner,
        product=world.product,
        name="Board report",
        list_name="backlog",
        query="kind=bug&sort=-key&columns=kind.status&after=abc",
    )


def read(world, secret, form="csv"):
    return world.client(None).get(f"/feeds/{secret}.{form}")


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer.getvalue().decode(), newline="")))


def test_it_answers_without_a_sign_in_with_the_filter_and_the_columns(world, made):
    feed, secret = made
    answer = read(world, secret)
    assert answer.status_code == 200
    assert rows_of(answer) == [
        ["Key", "Title", "Kind", "Status"],
        ["FERRY-3", "Lost luggage", "Bug", "Backlog"],
        ["FERRY-2", "'=1+1", "Bug", "Backlog"],
    ]
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert not answer.cookies
    assert "after" not in feed.query
    page = openpyxl.load_workbook(io.BytesIO(read(world, secret, "xlsx").getvalue())).active
    assert page["B3"].value == "=1+1"
    assert page["B3"].data_type == "s"


def test_it_shows_the_list_as_it_is_now(world, made, items):
    backlog.item_update(by=world.owner, item=items["Lost luggage"], title="Found luggage")
    assert rows_of(read(world, made[1]))[1][1] == "Found luggage"


def test_only_a_hash_of_the_secret_is_kept(made):
    feed, secret = made
    row = Feed.objects.get(pk=feed.pk)
    kept = [str(getattr(row, field.attname)) for field in Feed._meta.concrete_fields]
    assert not any(secret.partition("_")[2] in value for value in kept)
    assert len(secret.partition("_")[2]) >= 32
    event = Event.objects.get(verb="feed.made")
    assert secret not in str(event.changes)
    assert event.changes["query"][1] == feed.query


@pytest.mark.parametrize("change", ["one more", "one less", "another", "prefix alone", "made up"])
def test_a_wrong_secret_is_answered_like_an_unknown_one(world, made, change):
    secret = made[1]
    wrong = {
        "one more": f"{secret}x",
        "one less": secret[:-1],
        "another": secret[:-1] + ("a" if secret[-1] != "a" else "b"),
        "prefix alone": secret[:8],
        "made up": "0" * 41,
    }[change]
    answer = read(world, wrong)
    assert answer.status_code == 404
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer.content == read(world, "ffffffff_unknown").content


def test_it_ends_with_its_makers_membership(world, made):
    accounts.member_end(by=world.admin, member=world.owner)
    assert read(world, made[1]).status_code == 404


def test_it_ends_when_its_maker_may_no_longer_make_feeds(world, made):
    accounts.member_change_role(by=world.admin, member=world.owner, role=Role.VIEWER)
    assert read(world, made[1]).status_code == 404
    accounts.member_change_role(by=world.admin, member=world.owner, role=Role.DEVELOPER)
    assert read(world, made[1]).status_code == 200


def test_it_ends_when_its_makers_account_is_closed(world, made):
    user = world.owner.user
    user.is_active = False
    user.save()
    assert read(world, made[1]).status_code == 404


def test_it_rests_while_its_product_lies_in_the_trash(world, made):
    product_delete(by=world.admin, product=world.product)
    assert read(world, made[1]).status_code == 404
    product_restore(by=world.admin, product=world.product)
    assert read(world, made[1]).status_code == 200


def test_a_revoked_one_answers_nobody(world, made):
    feed, secret = made
    do.feed_revoke(by=world.owner, feed=feed)
    do.feed_revoke(by=world.owner, feed=feed)
    assert read(world, secret).status_code == 404
    assert Event.objects.filter(verb="feed.revoked").count() == 1


def test_the_last_read_is_noted_once_a_minute(world, made):
    secret = made[1]
    read(world, secret)
    first = Feed.objects.get().last_read_at
    assert first is not None
    read(world, secret)
    assert Feed.objects.get().last_read_at == first
    Feed.objects.update(last_read_at=timezone.now() - datetime.timedelta(minutes=2))
    read(world, secret)
    assert Feed.objects.get().last_read_at >= first


def test_a_filter_that_names_what_is_gone_is_said_and_the_log_does_not_hold_the_secret(
    world, items, caplog
):
    item = items["Book a seat"]
    backlog.item_update(by=world.owner, item=item, labels=["harbour"])
    _, secret = do.feed_make(
        by=world.owner, product=world.product, name="x", list_name="backlog",
        query="label=harbour",
    )  # fmt: skip
    item.labels.all().delete()
    answer = read(world, secret)
    assert answer.status_code == 422
    assert "harbour" in answer.content.decode()
    assert secret not in caplog.text
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"list_name": "people"}, "list"),
        ({"query": "kind=wish"}, "kind"),
        ({"query": f"q={'x' * 2001}"}, "query"),
    ],
)
def test_it_refuses_what_no_feed_can_be(world, given, field):
    asked = {"name": "Report", "list_name": "backlog", "query": ""} | given
    with pytest.raises(Refused) as refused:
        do.feed_make(by=world.owner, product=world.product, **asked)
    assert refused.value.field == field
    assert not Feed.objects.exists()


def test_a_viewer_makes_none_and_a_colleague_revokes_none_but_an_administrator_does(world, made):
    with pytest.raises(PermissionRefused):
        do.feed_make(by=world.viewer, product=world.product, name="x", list_name="backlog")
    with pytest.raises(Refused):
        do.feed_revoke(by=world.developer, feed=made[0])
    do.feed_revoke(by=world.admin, feed=made[0])
    assert Feed.objects.get().revoked_at is not None


def test_the_backlog_leads_to_a_feed_of_what_it_shows(world, items):
    client = world.client(world.owner)
    page = client.get(world.address("backlog/?kind=bug&columns=status")).content.decode()
    link = re.search(r'href="([^"]*feeds/\?list=[^"]*)"', page).group(1).replace("&amp;", "&")
    assert "list=backlog" in link
    form = client.get(link).content.decode()
    query = re.search(r'name="query" value="([^"]*)"', form).group(1).replace("&amp;", "&")
    assert query == "columns=status&q=kind%3Abug"
    answer = client.post(
        world.address("feeds/"), {"list": "backlog", "query": query, "name": "Bugs"}
    )
    address = re.search(r'value="(http[^"]*/feeds/[^"]*)"', answer.content.decode()).group(1)
    assert answer["Cache-Control"] == "private, no-store"
    told = world.client(None).get(address)
    assert [row[0] for row in rows_of(told)[1:]] == ["FERRY-2", "FERRY-3"]
    listed = client.get("/w/skerry/feeds/").content.decode()
    assert "Bugs" in listed
    assert address.rpartition("/")[2].removesuffix(".csv") not in listed
    nobodys = world.client(world.developer).get("/w/skerry/feeds/").content.decode()
    assert "Bugs" not in nobodys


def test_every_list_of_a_product_but_people_can_be_a_feed(world, items):
    team = team_create(by=world.owner, product=world.product, name="=Deck", capacity=10)
    for name in FEED_LISTS:
        _, secret = do.feed_make(by=world.owner, product=world.product, name=name, list_name=name)
        rows = rows_of(read(world, secret))
        assert rows[0], name
        if name == "teams":
            assert rows[1][0] == f"'{team.name}"


@pytest.mark.parametrize("name", ["prioritise/", "activity/"])
def test_other_lists_lead_to_feeds_too(world, items, name):
    client = world.client(world.owner)
    page = client.get(world.address(name)).content.decode()
    link = re.search(r'href="([^"]*feeds/\?list=[^"]*)"', page).group(1).replace("&amp;", "&")
    assert client.get(link).status_code == 200


def test_a_nameless_one_is_asked_again(world):
    answer = world.client(world.owner).post(
        world.address("feeds/"), {"list": "backlog", "query": "kind=bug", "name": ""}
    )
    assert answer.status_code == 422
    assert "Say what the feed is for." in answer.content.decode()
    assert not Feed.objects.exists()
