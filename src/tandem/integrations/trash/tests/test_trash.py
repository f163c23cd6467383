"""Deleted things are nowhere to be seen, can be restored for 30 days, and then are gone."""

import datetime

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from tandem.accounts import operations as accounts
from tandem.accounts.models import ApiToken, Product, User, Workspace
from tandem.accounts.operations_services import service_create
from tandem.accounts.sign_in.factors import app_add
from tandem.backlog import operations as backlog
from tandem.backlog.models import Comment, Item
from tandem.core.errors import PermissionRefused, Refused
from tandem.core.jobs import notes
from tandem.core.jobs.schedules import plans
from tandem.core.models import Event, Job, Note, StoredPart
from tandem.integrations.archive.operations import archive_ask
from tandem.integrations.archive.tables import TABLES
from tandem.integrations.archive.tests.rich_world import rich
from tandem.integrations.models import ArchiveRun
from tandem.integrations.trash import contents
from tandem.integrations.trash.erasing import workspace_erase
from tandem.integrations.trash.operations import (
    product_delete,
    product_restore,
    purge,
    thrown_erase,
    thrown_restore,
)
from tandem.prioritisation.calculations import model_in_force, table_for

PAGES = (
    "", "backlog/?category=all", "board/", "prioritise/", "plan/", "forecast/", "import/",
    "backlog/?q=zebra", "backlog/count/?category=all",
)  # fmt: skip
API = (
    "items?category=all", "scenarios", "plans", "ranking", "forecasts", "sprints", "teams",
    "scores", "dependencies", "questions",
)  # fmt: skip


def thrown_at(row, days):
    type(row).objects.filter(pk=row.pk).update(
        deleted_at=timezone.now() - datetime.timedelta(days=days)
    )


@pytest.fixture
def item(world):
    """The rich world's first item: rated, planned, ruled, in a sprint, linked to another."""
    first = rich(world)
    return backlog.item_update(by=world.owner, item=first, title="Zebra crossing")


def test_a_deleted_item_is_on_no_page_and_in_no_answer(world, item):
    client = world.client(world.owner)
    before = b"".join(client.get(world.address(page)).content for page in PAGES)
    assert b"Zebra crossing" in before
    backlog.item_delete(by=world.owner, item=item)
    for page in PAGES:
        assert b"Zebra crossing" not in client.get(world.address(page)).content, page
    for path in API:
        answer = client.get(f"/api/v1/products/FERRY/{path}")
        assert b"Zebra crossing" not in answer.content, path
        if path in {"scenarios", "sprints", "items?category=all"}:
            assert answer.status_code == 200, path
            assert f'"{item.key}"'.encode() not in answer.content, path
    other = Item.objects.get(title="Gladly, Søren")
    for key in (other.key, item.parent.key):
        assert b"Zebra crossing" not in client.get(world.address(f"items/{key}/")).content
    palette = client.get(f"/w/{world.people.workspace.slug}/palette/?q=zebra")
    assert b"Zebra crossing" not in palette.content
    assert client.get(f"/api/v1/items/{item.key}").status_code == 404
    assert client.get(world.address("export/items.csv/")).getvalue().find(b"Zebra") == -1


def test_a_deleted_product_is_nowhere(world, item):
    product_delete(by=world.admin, product=world.product)
    client = world.client(world.owner)
    for page in PAGES:
        assert client.get(world.address(page)).status_code == 404, page
    for path in API:
        assert client.get(f"/api/v1/products/FERRY/{path}").status_code == 404, path
    for page in ("", "products/", "people/", "palette/?q=zebra", "palette/?q=skerry+booking"):
        text = client.get(f"/w/skerry/{page}", follow=True).content
        assert b"Zebra crossing" not in text, page
        assert b"Skerry Booking" not in text, page
    assert b"FERRY" not in client.get("/api/v1/products").content
    assert client.get(f"/api/v1/items/{item.key}").status_code == 404
    product_restore(by=world.admin, product=world.product)
    assert b"Zebra crossing" in client.get(world.address("backlog/?category=all")).content


def test_the_trash_says_who_when_and_how_long(world, item):
    backlog.item_delete(by=world.developer, item=item)
    thrown_at(item, 10)
    found = {
        each.kind: each
        for each in contents.thrown(world.owner, world.product)
        if each.pk == item.pk or each.kind == "comment"
    }
    assert (found["item"].deleted_by, found["item"].days_left) == ("Dana Novak", 20)
    assert not found["comment"].may_restore, "only its author may bring a comment back"
    page = world.client(world.owner).get(world.address("trash/")).content.decode()
    assert "Zebra crossing" in page
    assert "Erase now" not in page
    assert (
        "Zebra crossing"
        not in world.client(world.outsider).get("/w/other-works/trash/").content.decode()
    )


def test_it_is_restored_from_the_page_with_everything_on_it(world, item):
    ratings = item.ratings.count()
    backlog.item_delete(by=world.owner, item=item)
    answer = world.client(world.owner).post(f"/w/skerry/trash/item/{item.pk}/restoration/")
    assert answer.status_code == 302
    assert Item.objects.of(world.product).get(pk=item.pk).ratings.count() == ratings > 0


def test_only_those_who_may_throw_away_restore_and_erase(world, item):
    backlog.item_delete(by=world.owner, item=item)
    with pytest.raises(PermissionRefused):
        thrown_restore(by=world.stakeholder, kind="item", pk=item.pk)
    with pytest.raises(PermissionRefused):
        thrown_erase(by=world.owner, kind="item", pk=item.pk)
    with pytest.raises(PermissionRefused):
        product_delete(by=world.owner, product=world.product)
    with pytest.raises(Refused, match="not in the trash"):
        thrown_restore(by=world.outsider, kind="item", pk=item.pk)
    with pytest.raises(Refused, match="not in this workspace"):
        product_delete(by=world.outsider, product=world.product)
    assert world.client(world.viewer).get("/w/skerry/trash/").status_code == 403


def test_after_thirty_days_it_is_gone_with_what_was_said_of_it(world, item):
    backlog.item_delete(by=world.owner, item=item)
    comment = Comment.objects.get(text="At last")
    thrown_at(item, 29)
    thrown_at(comment, 31)
    done = purge(timezone.now())
    assert (done.products, done.items, done.comments) == (0, 0, 1)
    assert not any(
        "At last" in str(each) for each in Event.objects.values_list("changes", flat=True)
    )
    done = purge(timezone.now() + datetime.timedelta(days=2))
    assert done.items == 1
    assert not Item.objects.filter(pk=item.pk).exists()
    [told] = Event.objects.of("item", item.pk)
    assert (told.verb, told.object_label, told.changes) == ("item.erased", item.key, {})
    # The tail of the deleted three: what was thrown away today stays.
    assert purge(timezone.now()).items == 0


def test_an_erased_product_leaves_one_line_in_the_history(world, item):
    product_delete(by=world.admin, product=world.product)
    thrown_erase(by=world.admin, kind="product", pk=world.product.pk)
    assert not Product.objects.filter(pk=world.product.pk).exists()
    assert not Item.objects.filter(workspace=world.people.workspace).exists()
    told = Event.objects.filter(object_kind="product", object_id=world.product.pk)
    assert [(each.verb, each.object_label) for each in told] == [("product.erased", "FERRY")]
    assert world.foreign_product.items.count() == 0
    assert Product.objects.filter(pk=world.foreign_product.pk).exists()


def test_an_erased_workspace_leaves_nothing_in_any_table(world, item):
    backlog.item_create(by=world.outsider, product=world.foreign_product, title="Stays here")
    client = world.client(world.owner)
    upload = settings.DATA / "imports" / "upload-3"
    upload.parent.mkdir(exist_ok=True)
    upload.write_text("rows")
    world.product.import_runs.update(path="imports/upload-3")
    workspace = world.people.workspace
    service_create(by=world.admin, name="Zebra robot", role="developer")
    accounts.member_add(by=world.outsider, user=world.viewer.user, role="viewer")
    with pytest.raises(Refused, match="Type the workspace's name"):
        workspace_erase(by=world.admin, name="Skerry")
    with pytest.raises(PermissionRefused):
        workspace_erase(by=world.owner, name="Skerry Lines")
    workspace_erase(by=world.admin, name="Skerry Lines")
    for table in TABLES:
        assert not table.rows(workspace).exists(), table.name
    # Nothing that only this workspace said stands in any row of any table.
    marks = ("skerry", "Skerry", "Zebra", "Petra", "Søren", "sea.csv")
    for model in apps.get_models(include_auto_created=True):
        for values in model._base_manager.values_list():
            text = str(values)
            assert not any(mark in text for mark in marks if "vera@" not in text), (model, text)
    assert set(User.objects.values_list("name", flat=True)) == {"Otto Other", "Vera Moss"}
    assert not ApiToken.objects.exists()
    assert Workspace.objects.get().name == "Other Works"
    assert Item.objects.get().title == "Stays here"
    assert client.get("/w/skerry/").status_code in {302, 404}


def test_the_file_of_an_erased_workspace_goes_and_one_line_remains(
    world, django_capture_on_commit_callbacks
):
    rich(world)
    upload = settings.DATA / "imports" / "upload-4"
    upload.parent.mkdir(exist_ok=True)
    upload.write_text("rows")
    world.product.import_runs.update(path="imports/upload-4")
    log = settings.DATA / "instance.log"
    log.unlink(missing_ok=True)
    with django_capture_on_commit_callbacks(execute=True):
        workspace_erase(by=world.admin, name="Skerry Lines")
    assert not upload.exists()
    [line] = log.read_text().splitlines()
    assert line.endswith("The workspace skerry was erased for good by Ada Berg.")


def test_the_page_asks_for_the_name_and_the_password(world):
    world.admin.user.set_password("a long password")
    world.admin.user.save()
    client = world.client(world.admin)
    address = "/w/skerry/erasure/"
    assert "Your password" in client.get(address).content.decode()
    wrong = client.post(address, {"name": "Skerry Lines", "password": "guess"})
    assert (wrong.status_code, Workspace.objects.filter(slug="skerry").count()) == (422, 1)
    assert "That is not your password" in wrong.content.decode()
    right = client.post(address, {"name": "Skerry Lines", "password": "a long password"})
    assert (right.status_code, Workspace.objects.filter(slug="skerry").count()) == (302, 0)
    assert world.client(world.outsider).get("/w/skerry/erasure/").status_code == 404


def test_it_asks_for_the_second_factor_of_those_who_have_one(world):
    cache.clear()  # what other tests tried counts against nobody here
    secret = totp.generate_totp_secret()
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    code = totp.format_hotp_value(totp.hotp_value(secret, counter))
    codes = app_add(user=world.admin.user, secret=secret, code=code)
    client = world.client(world.admin)
    assert "recovery code" in client.get("/w/skerry/erasure/").content.decode()
    for wrong in ("", "123456", code):
        answer = client.post("/w/skerry/erasure/", {"name": "Skerry Lines", "code": wrong})
        assert (answer.status_code, Workspace.objects.filter(slug="skerry").count()) == (422, 1)
        assert "This code is not right" in answer.content.decode()
    right = client.post("/w/skerry/erasure/", {"name": "Skerry Lines", "code": codes[0]})
    assert (right.status_code, Workspace.objects.filter(slug="skerry").count()) == (302, 0)


def test_it_takes_its_own_jobs_and_files_and_leaves_those_of_others(
    world, django_capture_on_commit_callbacks
):
    old = files_of(settings.DATA)
    rich(world)
    now = timezone.now()

    def job(workspace, key, state="done", **more):
        notes.write(key, {"done": 1, "total": 2})
        return Job.objects.create(
            task="tandem.none", state=state, workspace_id=workspace and workspace.pk,
            progress_key=key, run_after=now, enqueued_at=now, **more,
        )  # fmt: skip

    ours, theirs = world.people.workspace, world.outsider.workspace
    for state in ("ready", "running", "done", "dead"):
        job(ours, f"import-90{len(state)}{state[0]}", state)
    mail = job(None, "mail-1", kwargs={"email": world.owner.user.email})
    stays = [job(theirs, "import-77"), job(None, "house-1"), job(theirs, "plan-78", "dead")]
    for product in (world.product, world.foreign_product):
        table_for(product, model_in_force(product))
    archive_ask(by=world.admin)
    others = archive_ask(by=world.outsider)
    added = files_of(settings.DATA) - old
    assert len([name for name in added if name.endswith(".npz")]) == 2
    with django_capture_on_commit_callbacks(execute=True):
        workspace_erase(by=world.admin, name="Skerry Lines")
    assert set(Job.objects.values_list("pk", flat=True)) == {each.pk for each in stays}
    assert not Job.objects.filter(pk=mail.pk).exists()
    assert {each.pk for each in ArchiveRun.objects.all()} == {others.pk}
    # What is left of what was added: the others' ranking, progress and archive, and the log.
    left = {name for name in files_of(settings.DATA) - old if not name.startswith("test")}
    others.refresh_from_db()
    kept_files = {name for name in left if name.startswith(("cache/", "archives/", "progress/"))}
    if connection.vendor == "sqlite":
        assert {name for name in kept_files if name.startswith("progress/")} == {
            "progress/import-77.json", "progress/house-1.json", "progress/plan-78.json",
        }  # fmt: skip
        assert {name for name in kept_files if name.startswith("archives/")} == {others.path}
    else:
        assert set(Note.objects.values_list("pk", flat=True)) == {"import-77", "house-1", "plan-78"}
        assert set(StoredPart.objects.values_list("key", flat=True)) == {others.path}
    [ranking] = [name for name in kept_files if name.startswith("cache/")]
    assert f"/{world.foreign_product.pk}-" in ranking
    for path in (settings.DATA / name for name in left - {"instance.log"}):
        if path.suffix not in {".sqlite3", ".npz", ".log"} and path.is_file():
            assert b"FERRY" not in path.read_bytes() or str(others.path) in str(path), path


def files_of(folder):
    """Every file below the folder, by its path in it."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_the_purge_is_due_every_night(world):
    gone = backlog.item_create(by=world.owner, product=world.product, title="Old")
    backlog.item_delete(by=world.owner, item=gone)
    thrown_at(gone, 31)
    [plan] = [each for each in plans() if each.name.endswith(".trash_purge")]
    assert plan.cron == "40 3 * * *"
    plan.task.call()
    assert not Item.objects.filter(pk=gone.pk).exists()
