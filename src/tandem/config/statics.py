"""The styles, scripts and icons a page loads, as a server gives them out.

They are gathered once per version into ``static/<version>/`` of the data folder, each with its
compressed forms beside it. The version is made of their content, so what stands at an address
never changes and browsers keep it; a new version has new addresses, and ES modules find each
other there because they name each other relatively. The style sheets that ``main.css`` names are
put into it: one request instead of one for each.
"""

import gzip
import hashlib
import posixpath
import re
import shutil
import tempfile
from collections.abc import Iterator, MutableMapping
from functools import cache
from pathlib import Path

import brotli

PACKAGE = Path(__file__).resolve().parent.parent
FOLDERS = (PACKAGE / "ui" / "static", PACKAGE / "static")
SHEET = "ui/css/main.css"
IMPORT = re.compile(r'@import url\("(?P<name>[^"]+)"\) layer\((?P<layer>[\w-]+)\);')
CHARSET = '@charset "UTF-8";'
#: Compressing less than this saves nothing.
SMALL = 400
YEAR = 365 * 24 * 60 * 60
#: So many versions stay: a page that was opened before an upgrade still finds its modules.
KEPT = 3


def files() -> Iterator[tuple[str, Path]]:
    """``(name, path)`` of each file, in the order of the names."""
    found = {
        path.relative_to(folder).as_posix(): path
        for folder in FOLDERS
        for path in folder.rglob("*")
        if path.is_file()
    }
    yield from sorted(found.items())


@cache
def version() -> str:
    """Twelve hexadecimal digits that are others when any file is another."""
    digest = hashlib.sha256()
    for name, path in files():
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:12]


def gather(root: Path) -> Path:
    """The folder of this version below ``root``, made when it is not there.

    Several processes may ask at once: each prepares a folder of its own and the first to finish
    puts it in place whole.
    """
    target = root / version()
    if not target.is_dir():
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=root) as made:
            prepared = Path(made) / "files"
            for name, path in files():
                _put(prepared / name, _content(name, path))
            try:
                prepared.rename(target)
            except OSError:
                if not target.is_dir():
                    raise
        _forget(root, target)
    return target


def keep_for_good(headers: MutableMapping[str, str], path: str, address: str) -> None:
    """Tell browsers that what stands at this address stays as it is. (ServeStatic's own setting
    for that is not read by its middleware.)"""
    headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"


def _content(name: str, path: Path) -> bytes:
    content = path.read_bytes()
    return _joined(content.decode()).encode() if name == SHEET else content


def _joined(text: str) -> str:
    """The style sheet with those that it names put in their places, each in its layer."""
    all_files = dict(files())

    def named(match: re.Match[str]) -> str:
        name = posixpath.normpath(posixpath.join(posixpath.dirname(SHEET), match["name"]))
        part = all_files[name].read_text(encoding="utf-8").removeprefix(CHARSET)
        return f"@layer {match['layer']} {{\n{part}\n}}"

    return f"{CHARSET}\n{IMPORT.sub(named, text)}"


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if len(content) < SMALL:
        return
    for suffix, packed in (
        (".br", brotli.compress(content, quality=9)),
        (".gz", gzip.compress(content, 9, mtime=0)),
    ):
        if len(packed) < len(content):
            path.with_name(path.name + suffix).write_bytes(packed)


def _forget(root: Path, newest: Path) -> None:
    """Versions before the last few."""
    others = [path for path in root.iterdir() if path.is_dir() and path != newest]
    others = [path for path in others if not path.name.startswith(".")]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in others[KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)
