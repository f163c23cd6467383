"""An import from the file to its revert, and taking a product out, over REST."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tandem.accounts.models import Product
from tandem.accounts.tests.caller import Caller
from tandem.backlog import operations as backlog
from tandem.backlog.models import Item
from tandem.integrations.adapters import adapters
from tandem.integrations.imports import run as steps
from tandem.integrations.models import ImportRun
from tandem.integrations.tests.test_steps import CSV

BROKEN = CSV + b",SEA-3,3,Story,Done,SEA,10/Jan/26 9:00 AM,11/Jan/26 9:00 AM\n"


def uploaded(who, content=CSV, name="sea.csv", **fields):
    file = SimpleUploadedFile(name, content)
    return who.upload("/products/FERRY/imports", file=file, **fields)


@pytest.fixture
def owner(world):
    return Caller(world.owner)


def test_a_file_goes_all_the_way_and_back(world, owner, django_capture_on_commit_callbacks):
    answer = uploaded(owner, BROKEN)
    assert answer.status_code == 201
    run = answer.json()
    path = f"/products/FERRY/imports/{run['id']}"
    assert (run["state"], run["format"], run["rows"]) == ("checked", "jira-csv", 3)
    assert {each["name"] for each in run["check"]["statuses"]} == {"To Do", "Done"}
    assert run["mapping"]["columns"]["Summary"] == "title"
    assert run["check"]["refused"] == 1

    mapping = run["mapping"] | {"statuses": {"To Do": "dropped"}}
    kept = owner("PUT", f"{path}/mapping", mapping).json()
    assert kept["mapping"]["statuses"] == {"To Do": "dropped"}
    tried = owner("POST", f"{path}/dry-run", {})
    assert tried.status_code == 202
    assert tried.json()["state"] == "tried"
    assert tried.json()["dry_run"]["created"] == 2
    assert not Item.objects.exists()

    with django_capture_on_commit_callbacks(execute=True):
        assert owner("POST", f"{path}/start").status_code == 202
    done = owner("GET", path).json()
    assert done["state"] == "done"
    assert done["result"]["created"] == 2
    assert done["result"]["refused"] == [{"line": 4, "reason": "the title is empty"}]
    assert Item.objects.get(source_ref="SEA-1").status.category == "dropped"
    rows = owner("GET", f"{path}/rows?outcome=created&limit=1").json()
    assert rows["items"][0]["item"] == "FERRY-1"
    assert owner("GET", f"{path}/rows?after={rows['next']}&outcome=created").json()["next"] is None
    listed = owner("GET", "/products/FERRY/imports").json()["items"]
    assert [(each["id"], each["created"], each["refused"]) for each in listed] == [
        (run["id"], 2, 1)
    ]

    assert owner("POST", f"{path}/revert").status_code == 202
    reverted = owner("GET", path).json()
    assert reverted["state"] == "reverted"
    assert reverted["reverted"] == {"removed": 2, "restored": 0, "kept": 0}
    assert not Item.objects.exists()


def test_the_result_is_what_the_command_prints(world, owner, tmp_path):
    file = tmp_path / "sea.csv"
    file.write_bytes(BROKEN)
    source = steps.source_opened(file)
    printed = steps.dry_run(
        by=world.owner,
        product=world.product,
        source=source,
        adapter=steps.adapter_chosen(source),
        mapping=steps.mapping_read({}, world.product),
        tell=lambda rows, note: None,
    ).as_json()
    path = f"/products/FERRY/imports/{uploaded(owner, BROKEN).json()['id']}"
    tried = owner("POST", f"{path}/dry-run", {}).json()
    assert tried["dry_run"] == printed | {"dry_run": True}


def test_a_mapping_that_does_not_fit_can_be_mended(world, owner):
    path = f"/products/FERRY/imports/{uploaded(owner).json()['id']}"
    wrong = owner("POST", f"{path}/dry-run", {"mapping": {"columns": {"Sumary": "title"}}}).json()
    assert (wrong["state"], wrong["dry_run"]) == ("checked", None)
    assert "Summary" in wrong["message"]
    assert owner("POST", f"{path}/dry-run", {"mapping": {}}).json()["state"] == "tried"


def test_another_mapping_makes_the_dry_run_count_no_more(world, owner):
    run = uploaded(owner).json()
    path = f"/products/FERRY/imports/{run['id']}"
    owner("POST", f"{path}/dry-run", {})
    changed = owner("PUT", f"{path}/mapping", run["mapping"] | {"kinds": {"Story": "bug"}}).json()
    assert (changed["state"], changed["dry_run"]) == ("checked", None)
    refused = owner("POST", f"{path}/start")
    assert refused.status_code == 422
    assert "Checked" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kinds": {"Story": "novel"}}, "mapping"),
        ({"columns": {"Summary": "nonsense"}}, "mapping"),
        ({"colums": {}}, "colums"),
        ({"time_zone": "Mars/Base"}, "mapping"),
    ],
)
def test_a_wrong_mapping_names_the_field(world, owner, body, field):
    path = f"/products/FERRY/imports/{uploaded(owner).json()['id']}"
    answer = owner("PUT", f"{path}/mapping", body)
    assert answer.status_code == 422
    assert answer.json()["field"] == field


def test_a_discarded_import_is_gone(world, owner):
    path = f"/products/FERRY/imports/{uploaded(owner).json()['id']}"
    assert owner("DELETE", path).status_code == 204
    assert owner("GET", path).status_code == 404


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"content": b""}, "file"),
        ({"content": b"\x89PNG\r\n\x1a\n\x00\x00"}, "file"),
        ({"format": "excell"}, "format"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_and_not_kept(world, owner, fields, field):
    answer = uploaded(owner, **fields)
    assert answer.status_code == 422
    assert answer.json()["field"] == field
    assert not ImportRun.objects.exists()


def test_no_file_names_the_field(world, owner):
    answer = owner.upload("/products/FERRY/imports", format="csv")
    assert answer.status_code == 422
    assert answer.json()["field"].endswith("file")


def test_the_formats_are_told(world, owner):
    names = [each["name"] for each in owner("GET", "/import-formats").json()]
    assert names == list(adapters())


def test_who_only_looks_sees_imports_and_runs_none(world, owner):
    run = uploaded(owner).json()
    path = f"/products/FERRY/imports/{run['id']}"
    viewer, outsider = Caller(world.viewer), Caller(world.outsider)
    assert viewer("GET", path).status_code == 200
    for method, rest in [("POST", "/dry-run"), ("PUT", "/mapping"), ("DELETE", "")]:
        assert viewer(method, path + rest, {}).status_code == 403
    assert uploaded(viewer).status_code == 403
    for method, rest in [("GET", ""), ("POST", "/dry-run"), ("POST", "/start"), ("DELETE", "")]:
        assert outsider(method, path + rest, {}).status_code == 404
    assert ImportRun.objects.get().state == "checked"


def test_a_product_is_taken_out_and_brought_back(world, owner):
    backlog.item_create(by=world.owner, product=world.product, title="Book")
    answer = owner("GET", "/products/FERRY/archive.zip")
    assert answer["Content-Type"] == "application/zip"
    content = b"".join(answer.streaming_content)
    assert "manifest.json" in zipfile.ZipFile(io.BytesIO(content)).namelist()
    file = SimpleUploadedFile("ferry.zip", content)
    assert owner.upload("/archives", file=file, key="BOAT").status_code == 403
    admin = Caller(world.admin)
    file.seek(0)
    loaded = admin.upload("/archives", file=file, key="BOAT")
    assert loaded.status_code == 201
    assert loaded.json()["product"] == "BOAT"
    assert Item.objects.of(Product.objects.get(key="BOAT")).get().title == "Book"
    file.seek(0)
    assert admin.upload("/archives", file=file, key="BOAT").status_code == 422


def test_items_come_as_csv(world, owner):
    backlog.item_create(by=world.owner, product=world.product, title="Book")
    answer = owner("GET", "/products/FERRY/items.csv")
    assert answer["Content-Type"].startswith("text/csv")
    assert b"FERRY-1,story,Book" in b"".join(answer.streaming_content)


def test_only_administrators_take_the_workspace(world, owner):
    assert owner("GET", "/archive.zip").status_code == 403
    assert Caller(world.admin)("GET", "/archive.zip").status_code == 200
    assert Caller(world.outsider)("GET", "/products/NOPE/archive.zip").status_code == 404
