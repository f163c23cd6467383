"""What a page loads: gathered once per version, compressed, kept by browsers; pages compressed."""

import gzip
import os
from pathlib import Path
from types import SimpleNamespace

import brotli
import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from tandem.accounts.tests.world import World
from tandem.config import statics
from tandem.ui.middleware import FilesMiddleware

LAYERS = "@layer reset, vendor, base, components, modules, utilities;"


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return statics.gather(tmp_path_factory.mktemp("data") / "static")


def test_every_file_is_there_with_compressed_forms_that_hold_the_same(gathered: Path) -> None:
    for name, path in statics.files():
        content = (gathered / name).read_bytes()
        assert name == statics.SHEET or content == path.read_bytes()
        for suffix, unpacked in ((".br", brotli.decompress), (".gz", gzip.decompress)):
            packed = gathered / f"{name}{suffix}"
            assert not packed.exists() or unpacked(packed.read_bytes()) == content
    for name in (statics.SHEET, "ui/js/main.js", "vendor/htmx.esm.min.js", "vendor/icons.svg"):
        assert (gathered / f"{name}.br").stat().st_size < (gathered / name).stat().st_size


def test_the_style_sheet_holds_those_it_names_each_in_its_layer(gathered: Path) -> None:
    sheet = (gathered / statics.SHEET).read_text("utf-8")
    assert "@import" not in sheet
    assert sheet.startswith(f"{statics.CHARSET}\n{LAYERS}")
    assert sheet.count(statics.CHARSET) == 1
    files = dict(statics.files())
    named = statics.IMPORT.findall(files[statics.SHEET].read_text("utf-8"))
    assert len(named) > 40
    at = 0
    for name, layer in named:
        text = files[os.path.normpath(f"ui/css/{name}")].read_text("utf-8")
        whole = f"@layer {layer} {{\n{text.removeprefix(statics.CHARSET)}\n}}"
        at = sheet.index(whole, at) + len(whole)


def test_it_gathers_once_and_forgets_all_but_the_last_versions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, root = tmp_path / "source", tmp_path / "static"
    (source / "ui/css").mkdir(parents=True)
    (source / statics.SHEET).write_text("a { color: red }")
    monkeypatch.setattr(statics, "FOLDERS", (source,))
    folders = []
    for number in range(5):
        (source / "words.js").write_text(f"export const number = {number};")
        statics.version.cache_clear()
        folders.append(statics.gather(root))
        assert statics.gather(root) == folders[-1]
        os.utime(folders[-1], (number, number))
    statics.version.cache_clear()
    assert len(set(folders)) == 5
    assert set(root.iterdir()) == set(folders[2:])


def test_browsers_are_told_to_keep_what_has_its_version_in_its_address(gathered: Path) -> None:
    settings = SimpleNamespace(
        DEBUG=False,
        STATIC_URL=f"static/{gathered.name}/",
        STATIC_ROOT=gathered.parent,
        SERVESTATIC_STATIC_PREFIX="/static/",
        SERVESTATIC_USE_STATIC_ROOT=True,
        SERVESTATIC_ADD_HEADERS_FUNCTION=statics.keep_for_good,
        SERVESTATIC_USE_MANIFEST=False,
    )

    serve = FilesMiddleware(lambda _: HttpResponse(status=404), settings=settings)

    def ask(address: str, **headers: str) -> HttpResponse:
        return serve(RequestFactory(headers=headers).get(address))  # type: ignore[return-value]

    answer = ask(f"/static/{gathered.name}/{statics.SHEET}", accept_encoding="gzip, br")
    assert answer.status_code == 200
    assert answer["Content-Encoding"] == "br"
    assert answer["Content-Type"] == 'text/css; charset="utf-8"'
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    answer = ask(f"/static/{gathered.name}/{statics.SHEET}")
    assert "Content-Encoding" not in answer
    assert ask(f"/static/000000000000/{statics.SHEET}").status_code == 404
    assert ask("/").status_code == 404


def test_a_page_travels_compressed_and_a_file_as_it_is(world: World) -> None:
    client, packing = world.client(world.owner), {"accept-encoding": "gzip, br"}
    plain = client.get(world.address("backlog/"))
    packed = client.get(world.address("backlog/"), headers=packing)
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert b"<h1" in gzip.decompress(packed.content)
    assert len(packed.content) < len(plain.content) / 3
    workbook = client.get(world.address("export/lists/backlog.xlsx"), headers=packing)
    assert workbook.status_code == 200
    assert "Content-Encoding" not in workbook


def test_the_length_of_a_page_differs_each_time(world: World) -> None:
    """Who makes a browser ask with chosen words must not learn from lengths what stands beside."""
    client = world.client(world.owner)
    lengths = {
        len(client.get(world.address("backlog/"), headers={"accept-encoding": "gzip"}).content)
        for _ in range(6)
    }
    assert len(lengths) > 1
