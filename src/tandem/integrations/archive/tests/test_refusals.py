"""A damaged or hostile archive is refused with its place, and nothing is half done."""

import hashlib
import io
import json
import zipfile

import pytest

from tandem.accounts.models import Member, Product, User
from tandem.backlog import operations as backlog
from tandem.core.errors import Refused
from tandem.core.models import Event
from tandem.integrations.archive import reading
from tandem.integrations.archive.loading import product_load
from tandem.integrations.archive.tests.test_round_trip import taken


@pytest.fixture
def entries(world):
    """The entries of a small archive: a label, an item and its past."""
    backlog.item_create(by=world.owner, product=world.product, title="One", labels=["web"])
    with zipfile.ZipFile(taken(world.owner, world.product)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(entries, *, mended=True, infos=()):
    """A zip of the entries; ``mended``: with sums that fit what they now hold."""
    manifest = json.loads(entries["manifest.json"])
    if mended:
        for name in manifest["files"]:
            text = entries.get(name, b"")
            manifest["files"][name] |= {
                "rows": text.count(b"\n"),
                "sha256": hashlib.sha256(text).hexdigest(),
            }
        entries = entries | {"manifest.json": json.dumps(manifest).encode()}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in [*entries.items(), *infos]:
            archive.writestr(name, text)
    file.seek(0)
    return file


def refused(world, file, match):
    before = (
        Product.objects.count(),
        Member.objects.count(),
        User.objects.count(),
        Event.objects.count(),
    )
    with pytest.raises(Refused, match=match) as caught:
        product_load(by=world.admin, file=file, key="COPY")
    after = (
        Product.objects.count(),
        Member.objects.count(),
        User.objects.count(),
        Event.objects.count(),
    )
    assert after == before
    return caught.value


def changed(entries, name, old, new):
    assert old in entries[name]
    return entries | {name: entries[name].replace(old, new, 1)}


def test_the_small_archive_itself_imports(world, entries):
    assert product_load(by=world.admin, file=packed(entries), key="COPY").rows["items"] == 1


@pytest.mark.parametrize(
    ("name", "old", "new", "match"),
    [
        ("items.jsonl", b'"One"', b'"Two"', r"items\.jsonl was changed or damaged: its SHA-256"),
        ("events.jsonl", b'{"', b'"', r"events\.jsonl, line 1: no JSON"),
    ],
)
def test_it_refuses_what_does_not_fit_its_sum(world, entries, name, old, new, match):
    refused(world, packed(changed(entries, name, old, new), mended=False), match)


@pytest.mark.parametrize(
    ("name", "old", "new", "match"),
    [
        ("items.jsonl", b'"id": 1', b'"id": [1]', r"items\.jsonl, line 1: “id”"),
        ("items.jsonl", b'"One"', b'["One"]', r"items\.jsonl, line 1: “title” must be one value"),
        ("items.jsonl", b'"One"', b"null", r"items\.jsonl, line 1: “title” must not be empty"),
        ("items.jsonl", b'"One"', b'"a\\u0000"', r"items\.jsonl, line 1: .*no database keeps"),
        (
            "items.jsonl",
            b'"kind": "story"',
            b'"kind": "wish"',
            r"line 1: “kind” is 'wish', which is no choice",
        ),
        ("items.jsonl", b'"number": 1', b'"number": -1', r"items\.jsonl, line 1: “number”"),
        ("items.jsonl", b'"number": 1', b'"number": "x"', r"items\.jsonl, line 1: “number”"),
        (
            "items.jsonl",
            b'"status_id": 1',
            b'"status_id": 99',
            r"line 1: “status_id” names a row of statuses",
        ),
        (
            "items.jsonl",
            b'"title"',
            b'"salary": 1, "title"',
            r"items\.jsonl, line 1: “salary” is no column",
        ),
        (
            "items.jsonl",
            b'"due_date": null',
            b'"due_date": "31.2."',
            r"items\.jsonl, line 1: “due_date”",
        ),
        (
            "labels.jsonl",
            b"\n",
            b"",
            r"labels\.jsonl, line 1: the file ends after 1 rows; manifest.json says 0",
        ),
        (
            "statuses.jsonl",
            b'"Ready"',
            b'"Backlog"',
            r"statuses\.jsonl, line 2: contradicts another row",
        ),
        ("members.jsonl", b'"id": "', b'"id": "no mail ', r"members\.jsonl, line 1"),
    ],
)
def test_it_names_file_and_line_of_what_cannot_be(world, entries, name, old, new, match):
    refused(world, packed(changed(entries, name, old, new)), match)


def test_it_refuses_a_file_that_is_cut_off(world, entries):
    whole = packed(entries).getvalue()
    refused(world, io.BytesIO(whole[: len(whole) // 2]), "no archive of Tandem")
    refused(world, io.BytesIO(b"key,title\n"), "no archive of Tandem")


def test_it_refuses_a_newer_schema_and_says_what_to_do(world, entries):
    newer = changed(entries, "manifest.json", b'"schema": 2', b'"schema": 3')
    assert "Upgrade Tandem" in refused(world, packed(newer), "schema 3").message


@pytest.mark.parametrize(
    "name",
    [
        "../items.jsonl",
        "/etc/passwd",
        "items.jsonl/../x.jsonl",
        "secrets.jsonl",
        "C:\\x.jsonl",
        "readme.txt",
    ],
)
def test_it_refuses_entries_it_does_not_know(world, entries, name, tmp_path):
    refused(world, packed(entries, infos=[(name, b"{}\n")]), "does not know")


def test_it_refuses_an_entry_twice_a_file_of_a_newer_version_and_a_missing_one(world, entries):
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = packed(entries, infos=[("items.jsonl", b"")])
    refused(world, twice, "twice")
    refused(world, packed(entries, infos=[("attachments/plan.png", b"x")]), "is no attachment")
    less = {name: text for name, text in entries.items() if name != "items.jsonl"}
    refused(world, packed(less), r"items\.jsonl is missing")


def test_it_refuses_a_bomb_before_reading_it(world, entries, settings, monkeypatch):
    monkeypatch.setattr(reading, "SMALL", 1024)
    bomb = entries | {"labels.jsonl": b" " * 2_000_000 + b"\n"}
    refused(world, packed(bomb), "times its size")
    settings.ARCHIVE_LIMIT = 1024
    refused(world, packed(entries), "TANDEM_ARCHIVE_MB")


def test_a_product_archive_brings_no_workspace_of_its_own(world, entries):
    manifest = json.loads(entries["manifest.json"])
    row = b'{"id": 1, "name": "X", "slug": "x"}\n'
    manifest["files"]["workspace.jsonl"] = {"rows": 1, "bytes": 1, "sha256": ""}
    more = entries | {"manifest.json": json.dumps(manifest).encode(), "workspace.jsonl": row}
    refused(world, packed(more), "does not belong")
