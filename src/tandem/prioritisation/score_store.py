"""Where computed rankings are kept: in memory, and in the data folder for the next start.

A ranking is valid while nothing that it was computed from has changed. Every change is one event,
so the newest events of the product stand for its state: cheap to ask (one query on an index) and
never forgotten by an operation. The newest fifty are taken with their times and not just the last
number, because two transactions may commit in the other order of their numbers, and because a
restored backup counts on from an old number.

Each machine keeps its own: what is kept is asked for by the state it was computed from, so a
machine that has none, or an old one, computes again and answers the same.
"""

import contextlib
import hashlib
import os
import tempfile
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db.models import Q

from tandem.accounts.models import Product
from tandem.core.models import Event
from tandem.prioritisation.score_table import FORMAT, ScoreTable, read, written

#: Events that cannot change a score: talk, acceptance criteria, dependencies, and later apps'. What
#: a session changes is told by its items' own events.
QUIET: Final = (
    "comment.",
    "question.",
    "criterion.",
    "dependency.",
    "forecast.",
    "plan.",
    "scenario.",
    "rule.",
    "sprint.",
    "team.",
    "rating.challenge",
    "session.",
    # Answers about weights count only once applied, which is an event of its own.
    "model.weights_answered",
)
_NEWEST: Final = 50
#: Tables kept in memory; one of 100,000 items takes some 20 MB.
_KEPT: Final = 4

#: With the moment its file was written: another process of this machine may have written since.
_memory: "OrderedDict[Path, tuple[int, ScoreTable]]" = OrderedDict()
_lock = threading.Lock()


def state_key(product: Product, *parts: object, quiet: tuple[str, ...] = QUIET) -> str:
    """Stands for everything the product's ranking depends on; ``parts`` name model and engine.

    ``quiet``: the events that cannot change what is kept.
    """
    loud = Q()
    for prefix in quiet:
        loud |= Q(verb__startswith=prefix)
    rows = Event.objects.filter(product_id=product.pk).exclude(loud).order_by("-id")
    newest = [(pk, at.isoformat()) for pk, at in rows.values_list("id", "at")[:_NEWEST]]
    return hashlib.sha256(repr((FORMAT, product.pk, parts, newest)).encode()).hexdigest()


def path_of(product: Product, model_name: str) -> Path:
    """Where a model's ranking of the product is kept.

    The moment the product was made stands in the name: in a database made anew its number may
    belong to another product, whose last ranking must not be shown.
    """
    made = f"{product.created_at:%Y%m%d%H%M%S%f}"
    return Path(settings.DATA) / "cache" / "scores" / f"{product.pk}-{made}-{model_name}.npz"


def at_hand(path: Path) -> ScoreTable | None:
    """The last table computed for this path, whatever state it is from."""
    written_at = _written_at(path)
    with _lock:
        found = _memory.get(path)
        if found is not None and written_at <= found[0]:
            _memory.move_to_end(path)
            return found[1]
    stored = read(path)
    if stored is None:
        return found[1] if found is not None else None
    _remember(path, written_at, stored)
    return stored


def keep(path: Path, table: ScoreTable) -> None:
    """Keep the table. A folder that cannot be written to costs time later, not the answer."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(descriptor, "wb") as file:
            file.write(written(table))
        os.replace(name, path)
    _remember(path, _written_at(path), table)


def erase(product: Product) -> None:
    """Remove every ranking kept of the product, from memory and from this machine's folder."""
    each = path_of(product, "*")
    # The model's name is the last part; a number and a moment name no other product.
    for path in each.parent.glob(each.name):
        path.unlink(missing_ok=True)
    start = each.name.removesuffix("*.npz")
    with _lock:
        for path in [path for path in _memory if path.name.startswith(start)]:
            del _memory[path]


def _written_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _remember(path: Path, written_at: int, table: ScoreTable) -> None:
    with _lock:
        _memory[path] = written_at, table
        _memory.move_to_end(path)
        while len(_memory) > _KEPT:
            _memory.popitem(last=False)


def forget() -> None:
    """Empty the memory (the files stay); for tests."""
    with _lock:
        _memory.clear()
