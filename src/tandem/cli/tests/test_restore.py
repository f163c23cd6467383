"""What cannot be restored is refused before anything is changed."""

import json
import sqlite3
import zipfile

import pytest

from tandem.core.backup import contents
from tandem.core.backup.restoring import backup_restore, unpacked
from tandem.core.errors import Refused


@pytest.fixture
def made(tmp_path):
    """A small backup, laid out as ``backup_make`` lays them out."""
    with sqlite3.connect(tmp_path / "one.sqlite3") as opened:
        opened.execute("CREATE TABLE django_migrations (app TEXT, name TEXT)")
        opened.execute("INSERT INTO django_migrations VALUES ('backlog', '0001_initial')")
    opened.close()
    (tmp_path / "upload").write_bytes(b"some rows")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        writer = contents.Writer(archive)
        writer.add_path("tandem.sqlite3", tmp_path / "one.sqlite3")
        writer.add_path("data/imports/upload-2", tmp_path / "upload")
        manifest = {"tandem": "backup", "format": 1, "made_at": "", "database": "sqlite",
                    "migrations": [], "files": writer.files}  # fmt: skip
        archive.writestr("manifest.json", json.dumps(manifest))
    return tmp_path / "b.zip"


def rewritten(source, target, change):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name, text in change({name: old.read(name) for name in old.namelist()}).items():
            new.writestr(name, text)
    return target


def test_a_backup_is_unpacked_with_its_files(made, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    assert unpacked(made, folder)["database"] == "sqlite"
    assert (folder / "data" / "imports" / "upload-2").read_bytes() == b"some rows"


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda e: e | {"data/imports/upload-2": b"other rows"}, "SHA-256 of data/imports/upload-2"),
        (lambda e: {n: t for n, t in e.items() if n != "data/imports/upload-2"}, "not those of its manifest"),
        (lambda e: e | {"data/../../evil": b"x"}, "none of Tandem's"),
        (lambda e: e | {"evil": b"x"}, "none of Tandem's"),
        (lambda e: {n: t for n, t in e.items() if n != "manifest.json"}, "no manifest"),
        (lambda e: e | {"manifest.json": b"{"}, "manifest.json is damaged"),
        (lambda e: e | {"manifest.json": json.dumps(json.loads(e["manifest.json"]) | {"format": 2}).encode()}, "Upgrade Tandem"),
        (lambda e: e | {"manifest.json": json.dumps(json.loads(e["manifest.json"]) | {"tandem": "product"}).encode()}, "tandem import tandem"),
    ],
)  # fmt: skip
def test_it_refuses_a_damaged_backup_and_changes_nothing(made, tmp_path, change, match):
    broken = rewritten(made, tmp_path / "broken.zip", change)
    with pytest.raises(Refused, match=match):
        backup_restore(broken, tmp_path / "data")
    assert list((tmp_path / "data").iterdir()) == []


def test_it_refuses_what_is_no_backup(tmp_path):
    (tmp_path / "notes.txt").write_text("not a backup")
    with pytest.raises(Refused, match="damaged"):
        backup_restore(tmp_path / "notes.txt", tmp_path / "data")
    with pytest.raises(Refused, match="Cannot read"):
        backup_restore(tmp_path / "absent.zip", tmp_path / "data")


def test_it_refuses_a_folder_that_is_not_empty(made, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mine.txt").write_text("keep me")
    with pytest.raises(Refused, match="--replace"):
        backup_restore(made, tmp_path / "data")
    assert (tmp_path / "data" / "mine.txt").read_text() == "keep me"
