"""Importing in the browser, by role."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tandem.backlog.models import Item
from tandem.integrations.models import ImportRun
from tandem.integrations.tests.test_steps import CSV


def upload(client, world, content=CSV, name="sea.csv"):
    return client.post(
        world.address("import/files/"), {"file": SimpleUploadedFile(name, content), "format": ""}
    )


@pytest.mark.parametrize("person", ["owner", "technical", "developer", "admin"])
def test_a_maker_goes_from_file_to_items_and_back(
    world, person, django_capture_on_commit_callbacks
):
    client = world.client(getattr(world, person))
    answer = upload(client, world)
    assert answer.status_code == 302
    page = client.get(answer.url)
    assert "2 of 2 rows can be imported" in page.content.decode()
    run = ImportRun.objects.get()
    assert client.post(answer.url + "dry-run/", {"status-0": "done"}).status_code == 302
    page = client.get(answer.url).content.decode()
    assert "Nothing was changed" in page
    assert "Import 2 items" in page
    with django_capture_on_commit_callbacks(execute=True):
        client.post(answer.url + "start/")
    page = client.get(answer.url).content.decode()
    assert "2 created" in page
    assert Item.objects.of(world.product).count() == 2
    client.post(answer.url + "revert/")
    assert "taken back" in client.get(answer.url).content.decode()
    run.refresh_from_db()
    assert run.state == "reverted"
    assert not Item.objects.exists()


def test_a_chosen_meaning_of_a_status_is_used(world, django_capture_on_commit_callbacks):
    client = world.client(world.owner)
    address = upload(client, world).url
    run = ImportRun.objects.get()
    number = [found["name"] for found in run.check_result["statuses"]].index("To Do")
    client.post(address + "dry-run/", {f"status-{number}": "dropped"})
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address + "start/")
    assert Item.objects.get(source_ref="SEA-1").status.category == "dropped"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\x00", "text"),
        (b'{"a": ', "import"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_beside_the_form(world, content, reason):
    page = upload(world.client(world.owner), world, content)
    text = page.content.decode()
    if page.status_code == 302:
        text = world.client(world.owner).get(page.url).content.decode()
    else:
        assert page.status_code == 422
    assert reason in text
    assert not Item.objects.exists()


def test_what_the_worker_says_of_a_file_is_read_in_the_readers_language(world):
    client = world.client(world.owner)
    content = b"Issue key,Summary,Status\nSEA-1,One,To Do\nSEA-1,Again,To Do\n"
    address = upload(client, world, content).url
    client.post(address + "dry-run/", {})
    run = ImportRun.objects.get()
    assert run.dry_run["refused"][0]["reason"].startswith("the key SEA-1 is in line 2 already")
    assert "the key SEA-1 is in line 2 already" in client.get(address).content.decode()
    german = {"Accept-Language": "de"}
    page = client.get(address, headers=german).content.decode()
    assert "Der Schlüssel SEA-1 steht schon in Zeile 2" in page
    answer = client.post(
        world.address("import/files/"), {"file": SimpleUploadedFile("a.png", b"\x89PNG")},
        headers=german,
    )  # fmt: skip
    assert "ist kein Text: Sie ist ein PNG-Bild." in answer.content.decode()


def test_no_file_is_a_sentence(world):
    answer = world.client(world.owner).post(world.address("import/files/"), {})
    assert answer.status_code == 422
    assert "Choose a file first" in answer.content.decode()


@pytest.mark.parametrize("person", ["stakeholder", "viewer"])
def test_those_who_do_not_make_the_product_upload_nothing(world, person):
    client = world.client(getattr(world, person))
    assert 'name="file"' not in client.get(world.address("import/")).content.decode()
    assert upload(client, world).status_code == 403
    assert not ImportRun.objects.exists()


def test_nobody_else_sees_an_import(world):
    address = upload(world.client(world.owner), world).url
    assert world.client(world.outsider).get(address).status_code == 404
    assert world.client(None).get(address).status_code == 302
    number = ImportRun.objects.get().pk
    other = f"/w/{world.outsider.workspace.slug}/FERRY/import/{number}/"
    assert world.client(world.outsider).get(other).status_code == 404


@pytest.mark.parametrize(
    ("form", "kind"), [("items.csv", "text/csv"), ("archive.zip", "application/zip")]
)
def test_a_product_can_be_taken_away(world, form, kind):
    answer = world.client(world.viewer).get(world.address(f"export/{form}/"))
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith(kind)
    assert b"".join(answer.streaming_content)
    assert world.client(world.outsider).get(world.address(f"export/{form}/")).status_code == 404
