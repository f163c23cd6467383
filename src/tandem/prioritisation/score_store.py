"""Where computed rankings are kept: in memory, and in the data folder for the next start.

A ranking is valid while nothing that it was computed from has changed. Every change is one event,
so the newest events of the product stand for its state: cheap to ask (one query on an index) and
never forgotten by an operation. The newest fifty are taken with their times and not just the last
number, because two transactions may commit in the other order of their numbers, and because a
restored backup counts on from an old number.
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

#: Events that cannot change a score: talk, acceptance criteria, dependencies, and later apps'.
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
)
_NEWEST: Final = 50
#: Tables kept in memory; one of 100,000 items takes some 20 MB.
_KEPT: Final = 4

_memory: "OrderedDict[Path, ScoreTable]" = OrderedDict()
_lock = threading.Lock()


def state_key(product: Product, *parts: object) -> str:
    """Stands for everything the product's ranking depends on; ``parts`` name model and engine."""
    loud = Q()
    for prefix in QUIET:
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
    with _lock:
        found = _memory.get(path)
        if found is not None:
            _memory.move_to_end(path)
            return found
    stored = read(path)
    if stored is not None:
        _remember(path, stored)
    return stored


def keep(path: Path, table: ScoreTable) -> None:
    """Keep the table. A folder that cannot be written to costs time later, not the answer."""
    _remember(path, table)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(descriptor, "wb") as file:
            file.write(written(table))
        os.replace(name, path)


def _remember(path: Path, table: ScoreTable) -> None:
    with _lock:
        _memory[path] = table
        _memory.move_to_end(path)
        while len(_memory) > _KEPT:
            _memory.popitem(last=False)


def forget() -> None:
    """Empty the memory (the files stay); for tests."""
    with _lock:
        _memory.clear()
