"""The translations of what people read.

    python scripts/translations.py            compile what is translated (part of `make setup`)
    python scripts/translations.py --renew    put new texts into the files of every language

Each app keeps its own below ``locale/<language>/LC_MESSAGES/``: ``django.po`` holds the texts of
templates and Python, ``djangojs.po`` those of scripts. What is compiled is git-ignored and goes
into the wheel.
"""

import argparse
import datetime
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).resolve().parent.parent / "src" / "tandem"
#: App -> the parts of the engine whose sentences it shows; they are translated with its own texts.
ENGINE = {
    "planning": ("planning", "forecasting"),
    "prioritisation": ("prioritisation", "statistics", "words.py"),
}
#: Apps that keep sentences like those of the engine with its answers.
SPEAKING = ("backlog", "core", "delivery", "integrations", "planning", "prioritisation")
LANGUAGES = ("de",)
#: The dates of a file tell nothing that its history does not.
WHEN = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
DOMAINS = ("django", "djangojs")
#: Domain -> what is read for it: pattern and reader; sentences stand in Python alone.
READ = {
    "django": [("**/tests/**", "ignore"), ("**.py", "python"), ("**.jinja", "jinja2")],
    "python": [("**/tests/**", "ignore"), ("**.py", "python")],
    "djangojs": [("**/vendor/**", "ignore"), ("**.js", "javascript")],
}
#: Functions whose first argument is a text; numbers say where a plural or a context stands.
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "N_": None,
    "t": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
#: The same for sentences of the engine and those kept with its answers.
SAYING: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "said": None,
    "phrase": None,
    "counted": (1, 2),
}
OPTIONS = {"**.jinja": {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}}


def apps() -> list[Path]:
    """The apps that people read something of."""
    return sorted(path.parent for path in SOURCE.glob("*/apps.py"))


def template(app: Path, domain: str) -> Catalog:
    """Every text the app's sources hold, in the order of their files."""
    made = Catalog(domain=domain, fuzzy=False)
    found = list(_texts(app, READ[domain], KEYWORDS))
    if domain == "django" and app.name in SPEAKING:
        found += _texts(app, READ["python"], SAYING)
    if domain == "django":
        engine = SOURCE.parent / "tandem_engine"
        for part in ENGINE.get(app.name, ()):
            read = [(part if part.endswith(".py") else f"{part}/**.py", "python")]
            found += [(f"engine/{name}", *rest) for name, *rest in _texts(engine, read, SAYING)]
    for name, _line, text, comments, context in sorted(found, key=lambda each: (each[0], each[1])):
        # Places without lines: these change with every change above them.
        made.add(text, None, [(name, 0)], auto_comments=comments, context=context)
    return made


def _texts(folder: Path, read: list[tuple[str, str]], keywords: dict[str, Any]) -> Iterator[Any]:
    """File, line, text, comments and context of what is marked in the files of a folder."""
    return extract_from_dir(
        folder,
        method_map=read,
        options_map=OPTIONS,
        keywords=keywords,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
    )


def files() -> Iterator[Path]:
    yield from sorted(SOURCE.glob("*/locale/*/LC_MESSAGES/*.po"))


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, domain=path.stem)


def written(catalogue: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, catalogue, width=100, include_lineno=False, ignore_obsolete=True)
    return out.getvalue()


def renewed(known: Catalog, fresh: Catalog) -> Catalog:
    """``known`` with new texts untranslated and old ones gone; none is guessed from another."""
    known.update(fresh, no_fuzzy_matching=True, update_header_comment=False)
    known.project, known.version = "Tandem", ""
    known.header_comment = ""
    known.msgid_bugs_address = known.last_translator = known.language_team = ""
    known.revision_date = known.creation_date = WHEN
    return known


def renew() -> None:
    for app in apps():
        for domain in DOMAINS:
            fresh = template(app, domain)
            for language in LANGUAGES if len(fresh) else ():
                path = app / "locale" / language / "LC_MESSAGES" / f"{domain}.po"
                path.parent.mkdir(parents=True, exist_ok=True)
                known = read(path) if path.exists() else Catalog(language, domain, fuzzy=False)
                path.write_bytes(written(renewed(known, fresh)))
                left = sum(1 for each in known if each.id and not complete(each))
                print(f"{path.relative_to(SOURCE)}: {len(known)} texts, {left} to translate")


def complete(message: Message) -> bool:
    said = message.string
    return all(said) if isinstance(said, list | tuple) else bool(said)


def compile_all() -> None:
    for path in files():
        with path.with_suffix(".mo").open("wb") as out:
            write_mo(out, read(path))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--renew", action="store_true", help="put new texts into the files")
    if parser.parse_args().renew:
        renew()
    compile_all()


if __name__ == "__main__":
    sys.exit(main())
