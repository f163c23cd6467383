"""Texts that people read and nobody marked for translation, in templates and in Python."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment

SOURCE = Path(__file__).resolve().parents[2] / "src" / "tandem"
#: Stands in the page for what a variable or a block puts there.
HOLE = "\x00"
#: The same in every language.
NAMES = {
    "Tandem",
    "Tandem · Tandem",
    "Mod",
    "API",
    "CSV",
    "XLSX",
    "JSON",
    "URL",
    "Markdown",
    "OpenID Connect",
    "username webauthn",
    "Backspace",
}
SPOKEN = (
    "aria-label",
    "aria-roledescription",
    "aria-description",
    "alt",
    "placeholder",
    "title",
    "label",
    "data-tip",
    "data-hotkey-name",
    "data-palette-action",
    "data-peek-name",
)
#: Shown to those who build Tandem, in English: every component beside every other.
FOR_BUILDERS = ("ui/templates/ui/gallery", "ui/views/gallery.py")
#: Said on the command line alone, in English; some of it before Django knows a language.
FOR_OPERATORS = (
    "core/backup/",
    "core/database.py",
    "core/files.py",
    "core/moving.py",
    "core/storing/s3.py",
    "core/upgrade.py",
)
ATTRIBUTE = re.compile(rf'\s(?:{"|".join(SPOKEN)}|data-say-[\w-]+)="([^"]*)"')
TAG = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1>|</?[a-zA-Z!][^>]*>", re.DOTALL)
WORD = re.compile(r"[^\W\d_]{2,}")
#: What htmx is told, no matter where it stands: a target, and when a form sends.
TOLD_HTMX = re.compile(r"closest [.\w-]+|(?:(?:submit|change)(?: delay:\d+m?s)?(?:, )?)+")
#: An attribute that a macro writes into a tag.
WRITTEN = re.compile(rf'(?<!\S)(?!(?:{"|".join(SPOKEN)}|data-say-)\b)[a-z][\w-]*="[^"]*"')
#: What marks a text for translation.
MARKING = {
    "_", "N_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "pgettext", "npgettext",
    "said", "counted", "phrase",
}  # fmt: skip
#: Notes: their second argument is read by people.
NOTES = {"success", "warning", "error"}
#: What scripts say: the text beside it has to stand in t("…").
SCRIPT_SAYS = re.compile(
    r"""(?:toast|announce)\(\s*(["'`].*)|(?:textContent|ariaLabel) = (["'`].*[^\W\d_]{2,}.*)|"""
    r"""setAttribute\("aria-label", (["'`].*)"""
)
_environment = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True)


@cache
def _classes() -> frozenset[str]:
    sheets = (path.read_text() for path in (SOURCE / "ui/static/ui/css").rglob("*.css"))
    return frozenset(name for sheet in sheets for name in re.findall(r"\.([a-zA-Z][\w-]*)", sheet))


@cache
def _known() -> dict[tuple[str, str], list[tuple[str, str]]]:
    """A name of a module -> what it stands for: the bases of a class, or what it is imported as."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for path in SOURCE.rglob("*.py"):
        module = _module(path)
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.ImportFrom)
                and node.module
                and node.module.startswith("tandem")
            ):
                for each in node.names:
                    found[module, each.asname or each.name] = [(node.module, each.name)]
            elif isinstance(node, ast.ClassDef):
                found[module, node.name] = [(module, _name(base)) for base in node.bases]
    return found


def _module(path: Path) -> str:
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def _refuses(module: str, name: str) -> bool:
    """Whether it is ``Refused`` or a class below it: its first argument is read by people."""
    if (module, name) == ("tandem.core.errors", "Refused"):
        return True
    return any(_refuses(*each) for each in _known().get((module, name), []))


def _name(node: ast.expr) -> str:
    return str(getattr(node, "id", getattr(node, "attr", "")))


def _spoken(text: str) -> str:
    """What of a text has to be translated: nothing, where it holds names and holes alone."""
    text = WRITTEN.sub(" ", text)
    text = " ".join(re.sub(r"&\w+;", " ", text.replace(HOLE, " ")).split())
    return text if WORD.search(text) and text.strip(" .:…()·") not in NAMES else ""


def _is_sentence(text: str) -> bool:
    """Whether a string of an expression is read by people, as far as can be told from it."""
    if not WORD.search(text) or text.strip() in NAMES or "/" in text or "<" in text:
        return False
    if TOLD_HTMX.fullmatch(text):
        return False
    if re.match(r"[A-ZÄÖÜ“][a-z’]+($|[ ,.:…?!])", text):
        return True
    words = text.split()
    return len(words) > 1 and not all(
        re.fullmatch(r"[\w-]*[-_\d][\w-]*", each) or each in _classes() for each in words
    )


def unmarked_in_template(path: Path) -> Iterator[str]:
    page: list[str] = []
    before: list[str] = []
    inside, block = False, False
    for _line, kind, value in _environment.lex(path.read_text()):
        if kind == "data":
            page.append("" if inside else value)
        elif kind == "variable_end":
            page.append("" if inside else HOLE)
        elif kind == "block_begin":
            block, before = True, []
        elif kind == "block_end":
            block = False
        if kind == "name" and block and not before:
            inside = value == "trans" or (inside and value != "endtrans")
        if kind == "string":
            text = ast.literal_eval(value) if "\n" not in value else value
            marked = before[-2:] in (["_", "("], ["gettext", "("], ["pgettext", "("])
            marked = marked or before[-4:-2] == ["pgettext", "("]
            marked = marked or ["ngettext", "("] in (before[-2:], before[-4:-2])
            if not marked and not inside and _is_sentence(text):
                yield text
        if kind in ("name", "operator", "string", "variable_begin"):
            before.append(value)
    text = "".join(page)
    for found in TAG.finditer(text):
        for said in ATTRIBUTE.findall(found[0]):
            if _spoken(said):
                yield _spoken(said)
    for part in TAG.split(text):
        if part and part not in ("script", "style") and _spoken(part):
            yield _spoken(part)


def _marks(node: ast.AST) -> bool:
    """Whether it marks a text. Inside an f-string the reader of the sources misses that."""
    return (
        isinstance(node, ast.Call)
        and _name(node.func) in MARKING
        and any(isinstance(each, ast.Constant) for each in node.args)
    )


def unmarked_in_python(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.JoinedStr):
            yield from map(ast.unparse, filter(_marks, ast.walk(node)))
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = _name(node.func)
        if getattr(getattr(node.func, "value", None), "id", "") == "log":
            continue
        first = node.args[1] if name in NOTES and len(node.args) > 1 else node.args[0]
        if (name in NOTES or _refuses(_module(path), name)) and isinstance(
            first, ast.JoinedStr | ast.Constant
        ):
            said = ast.unparse(first)
            if WORD.search(said):
                yield said


def unmarked_in_script(path: Path) -> Iterator[str]:
    for found in SCRIPT_SAYS.finditer(path.read_text()):
        yield next(said for said in found.groups() if said)


def unmarked(app: Path) -> dict[str, list[str]]:
    """File -> its unmarked texts."""
    found: dict[str, list[str]] = {}
    for path in sorted(app.rglob("*.jinja")):
        found[path.relative_to(SOURCE).as_posix()] = list(unmarked_in_template(path))
    for path in sorted(app.glob("static/*/js/*.js")):
        found[path.relative_to(SOURCE).as_posix()] = list(unmarked_in_script(path))
    for path in sorted(app.rglob("*.py")):
        if "tests" not in path.parts and "migrations" not in path.parts:
            found[path.relative_to(SOURCE).as_posix()] = list(unmarked_in_python(path))
    return {
        name: texts
        for name, texts in found.items()
        if texts and not name.startswith(FOR_BUILDERS + FOR_OPERATORS)
    }
