"""Both stores do the same; the bucket is one of a real S3-compatible server, in a process of its own."""

import datetime
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tandem.core.storing.local import LocalStore
from tandem.core.storing.place import Place
from tandem.core.storing.s3 import S3Store
from tandem.core.storing.store import Gone, NoRoom

BUCKET = "harbour"
NOWHERE = Path("/nowhere")


@pytest.fixture(scope="module")
def s3_server():
    """The address of an S3-compatible server with the bucket ``BUCKET``."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    before = {name: os.environ.get(name) for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
    os.environ |= {"AWS_ACCESS_KEY_ID": "harbour", "AWS_SECRET_ACCESS_KEY": "made-up"}
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(port, server)
        store = S3Store(Place.of(f"s3://{BUCKET}?endpoint={address}&region=us-east-1", NOWHERE))
        store.client.create_bucket(Bucket=BUCKET)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _wait_for(port, server, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert server.poll() is None, "the S3 server ended at once"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the S3 server did not start")


def s3(address, prefix="tandem"):
    place = f"s3://{BUCKET}/{prefix}?endpoint={address}&region=us-east-1"
    return S3Store(Place.of(place, NOWHERE))


@pytest.fixture(params=["local", "s3"])
def store(request, tmp_path):
    if request.param == "local":
        return LocalStore(tmp_path / "files")
    return s3(request.getfixturevalue("s3_server"), prefix=tmp_path.name)


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "given"
    path.write_bytes(b"seagull " * 100_000)
    return path


def test_what_is_put_is_read_listed_and_removed(store, source):
    store.put("7/one", source)
    store.put("7/two", source)
    assert b"".join(store.read("7/one")) == source.read_bytes()
    assert store.size("7/one") == 800_000
    kept = {each.key: each for each in store.kept()}
    assert set(kept) == {"7/one", "7/two"}
    age = datetime.datetime.now(datetime.UTC) - kept["7/one"].changed_at
    assert abs(age) < datetime.timedelta(minutes=5)
    store.remove("7/one")
    store.remove("7/one")
    assert store.size("7/one") is None
    assert [each.key for each in store.kept()] == ["7/two"]
    with pytest.raises(Gone):
        store.read("7/one")


def test_a_full_disk_leaves_nothing_and_says_so(tmp_path, source, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tandem.core.storing.local.shutil.copyfileobj", full)
    store = LocalStore(tmp_path / "files")
    with pytest.raises(NoRoom, match="disk of this Tandem is full"):
        store.put("7/one", source)
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []


def test_a_key_never_leads_out_of_the_folder(tmp_path, source):
    with pytest.raises(ValueError, match="leads out"):
        LocalStore(tmp_path / "files").put("../escaped", source)


def test_a_bucket_that_is_away_or_closed_is_told_in_words(s3_server, source):
    place = Place.of(f"s3://nowhere?endpoint={s3_server}&region=us-east-1", NOWHERE)
    with pytest.raises(NoRoom, match="NoSuchBucket"):
        S3Store(place).put("7/one", source)
    with pytest.raises(Gone, match="NoSuchBucket"):
        S3Store(place).read("7/one")


@pytest.mark.parametrize(
    "address", ["relative/folder", "s3:", "s3:///prefix", "s3://bucket?secret=x"]
)
def test_it_refuses_an_address_that_is_none(address, tmp_path):
    with pytest.raises(ValueError, match=r"absolute|bucket|unknown"):
        Place.of(address, tmp_path)


def test_it_reads_where_attachments_lie(tmp_path):
    assert Place.of("", tmp_path).folder == tmp_path / "attachments"
    assert Place.of("/srv/files", tmp_path).folder.as_posix() == "/srv/files"
    found = Place.of("s3://b/p/q?endpoint=https://s3.example&region=eu", tmp_path)
    assert (found.bucket, found.prefix, found.endpoint, found.region) == (
        "b",
        "p/q/",
        "https://s3.example",
        "eu",
    )
