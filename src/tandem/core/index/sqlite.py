"""The index on SQLite: a table of entries, two FTS5 indexes over it, triggers on the rows."""

from collections.abc import Iterator

from tandem.core.index.kinds import Kind
from tandem.core.index.statements import COMMON, changed, drop, followers, put

#: Beside words, each entry carries where it belongs and of which kind it is, as words: one search
#: then meets only what the member may see, however much others have written.
SCOPE = (
    "(CASE WHEN {0}.product_id IS NULL THEN 'w' || {0}.workspace_id ELSE 'p' || {0}.product_id "
    "END) || ' k' || {0}.kind"
)
TOKENS = "tokenize='unicode61 remove_diacritics 2'"

TABLES = (
    *COMMON,
    (
        "CREATE TABLE IF NOT EXISTS core_searchdoc (id INTEGER PRIMARY KEY AUTOINCREMENT, "
        "kind TEXT NOT NULL, object_id INTEGER NOT NULL, workspace_id INTEGER NOT NULL, "
        "product_id INTEGER, title TEXT NOT NULL, body TEXT NOT NULL)"
    ),
    "CREATE UNIQUE INDEX IF NOT EXISTS core_searchdoc_row ON core_searchdoc (kind, object_id)",
    "CREATE INDEX IF NOT EXISTS core_searchdoc_workspace ON core_searchdoc (workspace_id, id)",
    # What a word is found by stands in the indexes; the texts stand once, in the table's rows.
    (
        "CREATE VIRTUAL TABLE IF NOT EXISTS core_searchtitle USING fts5(title, scope, content='', "
        f"prefix='1 2 3', {TOKENS})"
    ),
    (
        "CREATE VIRTUAL TABLE IF NOT EXISTS core_searchtext USING fts5(title, body, scope, content='', "
        f"{TOKENS})"
    ),
    (
        "CREATE TABLE IF NOT EXISTS core_searchword (workspace_id INTEGER NOT NULL, word TEXT NOT NULL, "
        "docs INTEGER NOT NULL, PRIMARY KEY (workspace_id, word)) WITHOUT ROWID"
    ),
    (
        "CREATE TABLE IF NOT EXISTS core_searchnear (workspace_id INTEGER NOT NULL, near TEXT NOT NULL, "
        "word TEXT NOT NULL, PRIMARY KEY (workspace_id, near, word)) WITHOUT ROWID"
    ),
)
DROPPED = (
    "core_searchtitle",
    "core_searchtext",
    "core_searchdoc",
    "core_searchword",
    "core_searchnear",
    "core_searchstate",
)


def _indexed() -> Iterator[tuple[str, str]]:
    new, old = SCOPE.format("NEW"), SCOPE.format("OLD")
    yield (
        "core_search_put",
        (
            "AFTER INSERT ON core_searchdoc BEGIN "
            "INSERT INTO core_searchtext (rowid, title, body, scope) "
            f"VALUES (NEW.id, NEW.title, NEW.body, {new}); "
            "INSERT INTO core_searchtitle (rowid, title, scope) "
            f"SELECT NEW.id, NEW.title, {new} WHERE NEW.title <> ''; END"
        ),
    )
    yield (
        "core_search_drop",
        (
            "AFTER DELETE ON core_searchdoc BEGIN "
            "INSERT INTO core_searchtext (core_searchtext, rowid, title, body, scope) "
            f"VALUES ('delete', OLD.id, OLD.title, OLD.body, {old}); "
            "INSERT INTO core_searchtitle (core_searchtitle, rowid, title, scope) "
            f"SELECT 'delete', OLD.id, OLD.title, {old} WHERE OLD.title <> ''; END"
        ),
    )


def triggers(kinds: list[Kind]) -> dict[str, str]:
    """Name -> what follows ``CREATE TRIGGER name``."""
    found = dict(_indexed())
    for kind in kinds:
        name = f"core_search_{kind.name}"
        own = "object_id = OLD.id"
        differs = changed(kind.columns, "IS NOT")
        again = f"{drop(kind, own)}; {put(kind, 't.id = NEW.id')};"
        found[f"{name}_insert"] = (
            f"AFTER INSERT ON {kind.table} BEGIN {put(kind, 't.id = NEW.id')}; END"
        )
        found[f"{name}_update"] = (
            f"AFTER UPDATE OF {', '.join(kind.columns)} ON {kind.table} WHEN {differs} "
            f"BEGIN {again} END"
        )
        found[f"{name}_delete"] = f"AFTER DELETE ON {kind.table} BEGIN {drop(kind, own)}; END"
        for number, each in enumerate(kind.follows):
            gone, fresh = followers(kind, each)
            found[f"{name}_follows{number}"] = (
                f"AFTER UPDATE OF {', '.join(each.columns)} ON {each.table} "
                f"WHEN {changed(each.columns, 'IS NOT')} "
                f"BEGIN {drop(kind, gone)}; {put(kind, fresh)}; END"
            )
    return found


def made(kinds: list[Kind]) -> list[str]:
    """Every statement that makes the index's tables and triggers."""
    found = list(TABLES)
    found += [f"CREATE TRIGGER {name} {text}" for name, text in triggers(kinds).items()]
    return found


TRIGGERS_THERE = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'core\\_search%' ESCAPE '\\'"
