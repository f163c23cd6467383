"""Files on items and comments: kept once, served so that nothing runs, gone when erased."""

import io
import json
import os
import time
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from tandem.backlog import operations as do
from tandem.backlog import storing_tidy
from tandem.backlog.models import Attachment
from tandem.core.errors import PermissionRefused, Refused
from tandem.core.index import tables
from tandem.core.models import Event
from tandem.core.storing import store
from tandem.integrations.archive.loading import product_load
from tandem.integrations.archive.writing import archive_write
from tandem.integrations.trash import operations as trash
from tandem.integrations.trash.contents import thrown

PNG = b"\x89PNG\r\n\x1a\n" + bytes(8) + (4).to_bytes(4, "big") * 2 + bytes(60)


@pytest.fixture
def item(world):
    return do.item_create(by=world.owner, product=world.product, title="Book a seat")


@pytest.fixture
def other(world, item):
    return do.item_create(by=world.owner, product=world.product, title="Pay by card")


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA = tmp_path


def attach(world, item, name="seat.png", content=PNG, by=None, **more):
    return do.attachment_add(by=by or world.owner, item=item, name=name, chunks=[content], **more)


def files():
    return sorted(p for p in Path(settings.DATA).rglob("*") if p.is_file() and "attach" in str(p))


def test_a_file_is_kept_told_and_found(world, item):
    found = attach(world, item, "../../etc/Seat plan.md", "Fähre **deck**".encode())
    assert (found.name, found.media, found.size) == ("Seat plan.md", "text/markdown", 15)
    assert found.excerpt == "Fähre **deck**"
    event = Event.objects.of("item", item.pk)[0]
    assert (event.verb, event.changes["attachment"]) == ("attachment.added", [None, "Seat plan.md"])
    text = world.client(world.owner).get("/w/skerry/search/?q=deck").content.decode()
    assert "Seat plan.md" in text
    assert {each.check: each.ok for each in tables.examined()}["search index"]


def test_equal_bytes_of_a_workspace_are_kept_once(world, item, other):
    one, two = attach(world, item), attach(world, other, "again.png")
    assert one.key == two.key
    assert len(files()) == 1
    foreign = do.item_create(by=world.outsider, product=world.foreign_product, title="Theirs")
    theirs = do.attachment_add(by=world.outsider, item=foreign, name="a.png", chunks=[PNG])
    assert theirs.key != one.key


@pytest.mark.parametrize(
    ("chunks", "limit", "words"),
    [
        ([], 10, "is empty"),
        ([b"x" * 11], 10, "is larger than"),
        ([b"x"] * 11, 10, "is larger than"),
    ],
)
def test_it_refuses_nothing_and_too_much_and_keeps_nothing(
    world, item, settings, chunks, limit, words
):
    settings.ATTACHMENT_LIMIT = limit
    with pytest.raises(Refused, match=words):
        do.attachment_add(by=world.owner, item=item, name="a", chunks=chunks)
    assert [p for p in Path(settings.DATA).rglob("*") if p.is_file()] == []


def test_an_upload_that_breaks_off_leaves_nothing(world, item):
    def broken():
        yield PNG
        raise ConnectionResetError("gone")

    with pytest.raises((Refused, OSError)):
        do.attachment_add(by=world.owner, item=item, name="a.png", chunks=broken())
    assert [p for p in Path(settings.DATA).rglob("*") if p.is_file()] == []
    assert not Attachment.objects.exists()


def test_a_workspace_has_an_end(world, item, settings):
    settings.ATTACHMENTS_LIMIT = 100
    attach(world, item)
    attach(world, item, "the same bytes.png")
    with pytest.raises(Refused, match="is reached") as refused:
        attach(world, item, "more.txt", b"x" * 90)
    assert refused.value.status == 507
    assert len(files()) == 1


def test_only_its_author_attaches_to_a_comment(world, item, other):
    comment = do.comment_write(by=world.owner, item=item, text="See the chart")
    assert attach(world, item, comment=comment).comment == comment
    with pytest.raises(PermissionRefused):
        attach(world, item, by=world.technical, comment=comment)
    with pytest.raises(Refused, match="not on this item"):
        attach(world, other, comment=comment)
    with pytest.raises(PermissionRefused):
        attach(world, item, by=world.viewer)


def test_what_is_removed_comes_back_until_it_is_erased(
    world, item, django_capture_on_commit_callbacks
):
    found = attach(world, item)
    event = do.attachment_remove(by=world.owner, attachment=found)
    assert [each.kind for each in thrown(world.admin)] == ["attachment"]
    do.change_undo(by=world.owner, event=event)
    assert Attachment.objects.of(item).exists()
    stranger = world.stakeholder
    with pytest.raises(PermissionRefused):
        do.attachment_remove(by=stranger, attachment=found)
    do.attachment_remove(by=world.developer, attachment=found)
    twin = attach(world, item, "twin.png")
    with django_capture_on_commit_callbacks(execute=True):
        trash.thrown_erase(by=world.admin, kind="attachment", pk=found.pk)
    assert len(files()) == 1, "the twin still needs the bytes"
    do.attachment_remove(by=world.owner, attachment=twin)
    with django_capture_on_commit_callbacks(execute=True):
        trash.thrown_erase(by=world.admin, kind="attachment", pk=twin.pk)
    assert files() == []


def test_bytes_go_with_the_item_and_the_product(world, item, django_capture_on_commit_callbacks):
    attach(world, item)
    do.item_delete(by=world.owner, item=item)
    with django_capture_on_commit_callbacks(execute=True):
        trash.thrown_erase(by=world.admin, kind="item", pk=item.pk)
    assert files() == []
    again = do.item_create(by=world.owner, product=world.product, title="Again")
    attach(world, again)
    trash.product_delete(by=world.admin, product=world.product)
    with django_capture_on_commit_callbacks(execute=True):
        trash.thrown_erase(by=world.admin, kind="product", pk=world.product.pk)
    assert files() == []


def test_the_night_removes_old_bytes_without_a_row_alone(world, item):
    attach(world, item)
    source = Path(settings.DATA) / "source"
    source.write_bytes(b"left behind")
    for key in ("1/old", "1/young"):
        store().put(key, source)
    old = Path(settings.DATA) / "attachments" / "1" / "old"
    os.utime(old, (time.time() - 86_400, time.time() - 86_400))
    assert storing_tidy.tidy() == 1
    assert not old.exists()
    assert len(files()) == 2


def test_an_archive_brings_the_bytes_along_and_believes_nothing(world, item):
    attach(world, item)
    attach(world, item, "twin.png")
    do.attachment_link(by=world.owner, item=item, link="https://pier.example/plan.pdf")
    file = io.BytesIO()
    archive_write(by=world.admin, subject=world.product, file=file)
    with zipfile.ZipFile(file) as made:
        assert sum(name.startswith("attachments/") for name in made.namelist()) == 2
    file.seek(0)
    loaded = product_load(by=world.outsider, file=file, key="COPY")
    rows = Attachment.objects.filter(item__product=loaded.product)
    assert sorted(rows.values_list("name", "media", "shown")) == [
        ("plan.pdf", "", False),
        ("seat.png", "image/png", True),
        ("twin.png", "image/png", True),
    ]
    assert b"".join(store().read(rows.get(name="seat.png").key)) == PNG
    spoilt = io.BytesIO()
    with zipfile.ZipFile(file) as good, zipfile.ZipFile(spoilt, "w") as bad:
        for entry in good.infolist():
            held = good.read(entry)
            is_bytes = entry.filename.startswith("attachments/") and held
            bad.writestr(entry.filename, b"<script>" if is_bytes else held)
    before = len(files())
    with pytest.raises(Refused, match="holds other bytes"):
        product_load(by=world.outsider, file=spoilt, key="BAD")
    assert len(files()) == before


# Pages


def test_a_picture_is_shown_and_all_else_is_saved_without_power(world, item):
    picture = attach(world, item)
    page = attach(world, item, "page.html", b"<script>alert(1)</script>")
    # A name that says picture makes no picture of it.
    lie = attach(world, item, "..\\..\\seat.png", b"<svg onload='alert(1)'></svg>")
    assert (lie.name.partition(".")[0], lie.media.startswith("image/")) == ("seat", False)
    client = world.client(world.viewer)
    shown = client.get(world.address(f"items/{item.key}/attachments/{picture.pk}/"))
    assert (shown["Content-Type"], b"".join(shown.streaming_content)) == ("image/png", PNG)
    assert shown["Content-Disposition"].startswith("inline")
    told = client.get(world.address(f"items/{item.key}/attachments/{page.pk}/"))
    assert told["Content-Type"] == "text/plain; charset=utf-8"
    assert told["Content-Disposition"].startswith('attachment; filename="page.html.txt"')
    for response in (shown, told):
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == (
            "default-src 'none'; frame-ancestors 'none'; sandbox"
        )
        assert response["Cache-Control"] == "private, no-cache"
    again = client.get(
        world.address(f"items/{item.key}/attachments/{picture.pk}/"),
        headers={"If-None-Match": shown["ETag"]},
    )
    assert again.status_code == 304
    saved = client.get(world.address(f"items/{item.key}/attachments/{picture.pk}/?save"))
    assert saved["Content-Disposition"].startswith("attachment")


def test_the_item_shows_its_files_and_takes_more(world, item, django_assert_max_num_queries):
    client = world.client(world.owner)
    address = world.address(f"items/{item.key}/attachments/")
    sent = {"file": SimpleUploadedFile("deck.png", PNG, content_type="text/html")}
    answer = client.post(address, sent, headers={"Accept": "application/json"})
    assert answer.status_code == 201
    told = answer.json()
    assert told["markdown"] == f"![deck.png]({address}{told['id']}/)"
    do.comment_write(
        by=world.owner, item=item, text=told["markdown"] + " ![x](https://spy.example/a.png)"
    )
    text = client.get(world.address(f"items/{item.key}/")).content.decode()
    assert f'<img src="{address}{told["id"]}/" alt="deck.png"' in text
    assert 'src="https://spy' not in text
    assert client.post(address, {}).status_code == 422
    empty = {"file": SimpleUploadedFile("a.txt", b"")}
    refused = client.post(address, empty, headers={"Accept": "application/json"})
    assert (refused.status_code, "empty" in refused.json()["message"]) == (422, True)
    gone = client.post(f"{address}{told['id']}/removal/", headers={"HX-Request": "true"})
    assert "deck.png" not in gone.content.decode().split("toast")[0]


def test_the_api_and_the_command_attach(world, item, command, tmp_path):
    client = world.client(world.owner)
    made = client.post(
        f"/api/v1/items/{item.key}/attachments", {"file": SimpleUploadedFile("list.csv", b"a,b")}
    )
    assert (made.status_code, made.json()["media"]) == (201, "text/csv")
    content = client.get(f"/api/v1/items/{item.key}/attachments/{made.json()['id']}/content")
    assert b"".join(content.streaming_content) == b"a,b"
    link = {"link": "javascript:alert(1)"}
    bad = client.post(f"/api/v1/items/{item.key}/links", link, content_type="application/json")
    assert bad.status_code == 422
    (tmp_path / "deck.png").write_bytes(PNG)
    (tmp_path / "empty.txt").touch()
    done = command(
        "attach",
        item.key,
        tmp_path / "deck.png",
        tmp_path / "empty.txt",
        "--workspace",
        "skerry",
        "--json",
    )
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert [each["name"] for each in told["attached"]] == ["deck.png"]
    assert "is empty" in told["refused"][0]["reason"]
