"""What both databases' triggers are made of."""

from tandem.core.index.kinds import Follows, Kind

#: What of a text is indexed; the rest of a longer one is not found.
MOST_CHARACTERS = 50_000

COMMON = (
    (
        "CREATE TABLE IF NOT EXISTS core_searchstate (name VARCHAR(60) PRIMARY KEY, "
        "value VARCHAR(200) NOT NULL)"
    ),
)


def entries(kind: Kind, which: str = "") -> str:
    """The kind's entries as they should be; ``which`` narrows the rows of ``t``."""
    narrowed = f" AND ({which})" if which else ""
    return (
        f"SELECT '{kind.name}' AS kind, t.id AS object_id, {kind.workspace} AS workspace_id, "
        f"{kind.product} AS product_id, substr({kind.title}, 1, 500) AS title, "
        f"substr({kind.body}, 1, {MOST_CHARACTERS}) AS body FROM {kind.table} t {kind.joins} "
        f"WHERE {kind.condition}{narrowed}"
    )


def put(kind: Kind, which: str = "", order: str = "") -> str:
    ordered = f" ORDER BY {order}" if order else ""
    return (
        "INSERT INTO core_searchdoc (kind, object_id, workspace_id, product_id, title, body) "
        f"{entries(kind, which)}{ordered}"
    )


def drop(kind: Kind, which: str) -> str:
    return f"DELETE FROM core_searchdoc WHERE kind = '{kind.name}' AND {which}"


def changed(columns: tuple[str, ...], differs: str) -> str:
    """``differs``: the database's "is not equal, nulls included"."""
    return " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in columns)


def followers(kind: Kind, follows: Follows) -> tuple[str, str]:
    """The kind's rows that follow the changed row, for ``drop`` and for ``put``."""
    inside = f"SELECT id FROM {kind.table} WHERE {follows.column} = NEW.id"
    return f"object_id IN ({inside})", f"t.{follows.column} = NEW.id"
