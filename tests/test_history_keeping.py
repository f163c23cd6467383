"""How long a workspace keeps its history, and what no longer can be said of the time before."""

import datetime
import json

import pytest
from click.testing import CliRunner
from django.utils import timezone

from tandem.accounts import history_keeping
from tandem.accounts.operations_history import history_keep
from tandem.backlog.models import Item
from tandem.backlog.operations import item_create
from tandem.cli.main import tandem
from tandem.core import forgetting
from tandem.core.errors import PermissionRefused, Refused
from tandem.core.integrity import examined
from tandem.core.models import Event
from tandem.integrations.imports.revert import import_revert
from tandem.integrations.models import ImportRun
from tandem.prioritisation.calculations_history import then

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
TOLD = "workspace.history_deleted"


@pytest.fixture
def aged(world):
    """Two items made 200 days ago and one just now; a stranger's item is as old."""
    for by, product in ((world.owner, world.product), (world.outsider, world.foreign_product)):
        for title in ("Book", "Pay"):
            item = item_create(by=by, product=product, title=title)
            type(item).objects.filter(pk=item.pk).update(created_at=timezone.now() - 200 * DAY)
    forgetting.reword(Event.objects.all(), at=timezone.now() - 200 * DAY)
    item_create(by=world.owner, product=world.product, title="Board")
    return world


def events_of(member):
    return Event.objects.in_workspace(member.workspace_id)


def test_history_is_kept_for_ever_until_somebody_says_otherwise(aged):
    before = Event.objects.count()
    assert history_keeping.prune(timezone.now()) == 0
    assert Event.objects.count() == before


def test_what_is_older_goes_in_batches_and_one_event_says_how_much(aged, monkeypatch):
    monkeypatch.setattr(history_keeping, "BATCH", 3)
    history_keep(by=aged.admin, days=100)
    old = events_of(aged.admin).filter(at__lt=timezone.now() - 100 * DAY).count()
    strangers = events_of(aged.outsider).count()
    young = set(events_of(aged.admin).filter(at__gt=timezone.now() - DAY).values_list("pk"))
    now = timezone.now()
    assert history_keeping.prune(now) == old > 3
    assert history_keeping.prune(now) == 0
    [told] = events_of(aged.admin).filter(verb=TOLD)
    assert told.changes == {"events": old, "before": (now - 100 * DAY).isoformat()}
    assert (told.channel, told.member_id) == ("job", None)
    assert set(events_of(aged.admin).exclude(pk=told.pk).values_list("pk")) == young
    assert events_of(aged.outsider).count() == strangers


def test_a_run_killed_half_way_is_finished_and_counted_whole(aged, monkeypatch):
    history_keep(by=aged.admin, days=100)
    old = events_of(aged.admin).filter(at__lt=timezone.now() - 100 * DAY).count()
    monkeypatch.setattr(history_keeping, "BATCH", 2)
    forget, calls = forgetting.forget, []

    def dying(rows):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return forget(rows)

    monkeypatch.setattr(forgetting, "forget", dying)
    with pytest.raises(KeyboardInterrupt):
        history_keeping.prune(timezone.now())
    assert not events_of(aged.admin).filter(verb=TOLD).exists()
    assert history_keeping.prune(timezone.now()) == old
    assert events_of(aged.admin).get(verb=TOLD).changes["events"] == old


def test_what_needs_the_deleted_history_refuses_instead_of_guessing(aged):
    run = ImportRun.objects.create(
        product=aged.product,
        format="csv",
        file_name="a.csv",
        state="done",
        started_by=aged.owner,
        started_at=timezone.now() - 150 * DAY,
        finished_at=timezone.now() - 150 * DAY,
    )
    history_keep(by=aged.admin, days=100)
    history_keeping.prune(timezone.now())
    aged.product.refresh_from_db()
    with pytest.raises(Refused, match="not kept any more"):
        then(aged.product, timezone.now() - 101 * DAY)
    assert then(aged.product, timezone.now() - 99 * DAY)
    with pytest.raises(Refused, match="not kept any more"):
        import_revert(by=aged.owner, run=run)
    assert not [each for each in examined() if each.check == "history" and not each.ok]


def test_wherever_history_is_read_it_says_where_it_begins(aged):
    """Not where all of it is there: of a younger item, and of a page with older pages behind it."""
    items = Item.objects.of(aged.product)
    old, young = (items.get(title=title).key for title in ("Book", "Board"))
    pages = [aged.address(f"items/{old}/"), aged.address("activity/"), "/w/skerry/audit/"]
    answers = [f"items/{old}/history", "products/FERRY/activity", "audit", "audit/keeping"]
    client = aged.client(aged.admin)

    def kept_from(path):
        return client.get(f"/api/v1/{path}").json()["kept_from"]

    for page in pages:
        assert "not kept any more" not in client.get(page).content.decode()
    assert [kept_from(path) for path in answers] == [None] * 4
    history_keep(by=aged.admin, days=100)
    history_keeping.prune(timezone.now())
    day = timezone.now() - 100 * DAY
    said = f"What happened before {day.day} {day:%b %Y} is not kept any more."
    for page in pages:
        assert said in client.get(page).content.decode(), page
    assert {kept_from(path)[:10] for path in answers} == {day.date().isoformat()}
    assert said not in client.get(aged.address(f"items/{young}/")).content.decode()
    assert kept_from(f"items/{young}/history") is None
    nothing = client.get(aged.address("activity/"), {"what": "dependencies"}).content.decode()
    assert said in nothing
    assert said in CliRunner().invoke(tandem, ["history", "--workspace", "skerry"]).stdout
    stranger = aged.client(aged.outsider).get("/api/v1/audit").json()
    assert stranger["kept_from"] is None


@pytest.mark.parametrize("days", [0, 1, 89, 36_501])
def test_it_refuses_to_keep_less_than_a_quarter(world, days):
    with pytest.raises(Refused, match="90 to 36,500"):
        history_keep(by=world.admin, days=days)
    answer = world.client(world.admin).put(
        "/api/v1/audit/keeping", {"days": days}, content_type="application/json"
    )
    assert answer.status_code == 422
    assert answer.json()["field"] == "days"


def test_only_administrators_say_so_and_it_is_recorded(world):
    with pytest.raises(PermissionRefused):
        history_keep(by=world.owner, days=365)
    client = world.client(world.admin)
    assert client.post("/w/skerry/audit/keeping/", {"days": "365"}).status_code == 302
    assert client.get("/api/v1/audit/keeping").json()["days"] == 365
    event = events_of(world.admin).get(verb="workspace.updated")
    assert event.changes == {"keep_history_days": [None, 365]}
    page = client.get("/w/skerry/audit/").content.decode()
    assert '<option value="365" selected>a year</option>' in page
    assert client.post("/w/skerry/audit/keeping/", {"days": "soon"}).status_code == 422
    assert client.post("/w/skerry/audit/keeping/", {"days": ""}).status_code == 302
    assert client.get("/api/v1/audit/keeping").json()["days"] is None


def test_the_command_line_sets_it_and_deletes_at_once(aged):
    def told(*args):
        done = CliRunner().invoke(tandem, ["history", "--workspace", "skerry", "--json", *args])
        if done.exit_code:
            return done.exception
        answer = json.loads(done.stdout)
        assert bool(answer.pop("kept_from")) == (answer["deleted"] > 0 or "for-ever" in args)
        return answer

    old = events_of(aged.admin).filter(at__lt=timezone.now() - 90 * DAY).count()
    assert told() == {"days": None, "deleted": 0}
    assert told("--keep", "90", "--delete-now") == {"days": 90, "deleted": old}
    assert told("--keep", "for-ever") == {"days": None, "deleted": 0}
    assert isinstance(told("--keep", "soon"), Refused)
