"""Archives made and brought in from the browser."""

import datetime
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from support.worlds import world_again
from tandem.accounts.models import Member, Product, Role, Workspace
from tandem.backlog.models import Item
from tandem.core import kept
from tandem.core.errors import PermissionRefused, Refused
from tandem.core.jobs import housekeeping
from tandem.core.models import Event
from tandem.integrations.archive.operations import archive_ask, archive_bring
from tandem.integrations.archive.tests.rich_world import rich_world
from tandem.integrations.models import ArchiveRun, ArchiveState

PAGE = "/w/skerry/take-out/"


@pytest.fixture
def filled(db):
    return world_again(rich_world)


def made(client, of="FERRY"):
    assert client.post(f"{PAGE}archives/", {"of": of}).status_code == 302
    run = ArchiveRun.objects.latest("pk")
    return run, client.get(f"{PAGE}archives/{run.pk}/file/")


def bring(client, content, name="ferry.zip", wanted=""):
    file = SimpleUploadedFile(name, content)
    return client.post(f"{PAGE}uploads/", {"file": file, "wanted": wanted})


def test_a_products_archive_is_made_downloaded_and_brought_in_under_another_key(filled):
    client = filled.client(filled.admin)
    run, answer = made(client)
    content = answer.getvalue()
    assert (run.state, run.rows > 10, run.bytes) == (ArchiveState.DONE, True, len(content))
    assert answer["Content-Disposition"] == f'attachment; filename="{run.file_name}"'
    assert answer["Cache-Control"] == "private, no-store"
    assert "items.jsonl" in zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert run.file_name in client.get(PAGE).content.decode()
    assert Event.objects.filter(verb="archive.exported").count() == 1
    assert bring(client, content, wanted="pier").status_code == 302
    told = ArchiveRun.objects.latest("pk")
    assert (told.state, told.path) == (ArchiveState.DONE, "")
    pier = Product.objects.get(workspace=filled.people.workspace, key="PIER")
    assert (
        Item.objects.filter(product=pier).count()
        == Item.objects.filter(product=filled.product).count()
    )
    assert "Skerry Booking is here" in client.get(PAGE).content.decode()


def test_a_workspaces_archive_becomes_a_workspace_of_its_own(filled):
    client = filled.client(filled.admin)
    _, answer = made(client, of="")
    bring(client, answer.getvalue(), wanted="second")
    second = Workspace.objects.get(slug="second")
    assert Member.objects.get(workspace=second, user=filled.admin.user).role == Role.ADMIN


@pytest.mark.parametrize("what", ["key taken", "damaged"])
def test_a_refusal_stands_in_the_list_and_nothing_is_changed(
    filled, what, django_capture_on_commit_callbacks
):
    client = filled.client(filled.admin)
    content = made(client)[1].getvalue()
    if what == "damaged":
        content = damaged(content)
    before = Item.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        bring(client, content, wanted="" if what == "key taken" else "PIER")
    run = ArchiveRun.objects.latest("pk")
    assert (run.state, run.path, Item.objects.count()) == (ArchiveState.FAILED, "", before)
    told = client.get(PAGE).content.decode()
    assert ("already" if what == "key taken" else "items.jsonl") in told
    assert "Nothing was changed." in told


def damaged(content):
    """The archive with one line of its items changed, its sums as they were."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(
                name, text.replace(b"title", b"tifle", 1) if name == "items.jsonl" else text
            )
    return out.getvalue()


def test_what_is_no_archive_is_refused_at_once(world, settings):
    client = world.client(world.admin)
    answer = bring(client, b"no zip at all")
    assert answer.status_code == 422
    assert "This is no archive of Tandem" in answer.content.decode()
    settings.UPLOAD_LIMIT = 4
    with pytest.raises(Refused, match="is larger than"):
        archive_bring(by=world.admin, name="a.zip", chunks=[b"12345"])
    assert not ArchiveRun.objects.exists()
    assert "Choose an archive first." in client.post(f"{PAGE}uploads/").content.decode()


def test_only_those_who_may_make_bring_in_and_download(filled):
    with pytest.raises(PermissionRefused):
        archive_ask(by=filled.owner)
    with pytest.raises(PermissionRefused):
        archive_bring(by=filled.owner, name="a.zip", chunks=[b""])
    run = made(filled.client(filled.owner))[0]
    assert made(filled.client(filled.viewer))[1].status_code == 200
    address = f"{PAGE}archives/{run.pk}/file/"
    assert filled.client(filled.viewer).get(address).status_code == 403
    assert filled.client(filled.outsider).get(address).status_code == 404
    whole = made(filled.client(filled.admin), of="")[0]
    Member.objects.filter(pk=filled.admin.pk).update(role=Role.VIEWER)
    lost = filled.client(filled.admin).get(f"{PAGE}archives/{whole.pk}/file/")
    assert lost.status_code == 403


def test_one_at_a_time_for_each_person(world):
    ArchiveRun.objects.create(
        workspace=world.people.workspace, file_name="a.zip", asked_by=world.owner
    )
    with pytest.raises(Refused, match="Wait until it is done"):
        archive_ask(by=world.owner, product=world.product)
    assert archive_ask(by=world.admin, product=world.product).pk
    part = world.client(world.owner).get(
        PAGE, headers={"HX-Request": "true", "HX-Target": "archives"}
    )
    assert 'hx-trigger="every 1s"' in part.content.decode()
    assert "<html" not in part.content.decode()


def test_it_is_forgotten_with_its_file_after_its_days(
    world, settings, django_capture_on_commit_callbacks
):
    settings.KEEP_ARCHIVES_DAYS = 3
    run = archive_ask(by=world.admin, product=world.product)
    run.refresh_from_db()
    assert kept.exists(run.path)
    for days, left in ((2, 1), (4, 0)):
        ArchiveRun.objects.update(asked_at=timezone.now() - datetime.timedelta(days=days))
        with django_capture_on_commit_callbacks(execute=True):
            housekeeping.prune()
        assert ArchiveRun.objects.count() == left
    assert not kept.exists(run.path)
