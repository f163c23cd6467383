"""Order by hand: fractional keys, one row written per move.

Keys are byte-ordered text from ``fractional_indexing``. A move says after which row the moved
row should stand; ranks never leave the server, so filters and other people's moves cannot
make a stale one. The caller holds the list's lock (the product row) while reading neighbours.
"""

from collections.abc import Sequence
from typing import Any

from django.db import models
from fractional_indexing import generate_key_between, generate_n_keys_between

#: Beyond this length a list should be given fresh keys.
LONGEST = 48


class RankField(models.CharField):  # type: ignore[type-arg]
    """A fractional key. PostgreSQL must compare it byte by byte, whatever its locale."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 255)
        super().__init__(*args, **kwargs)

    def db_parameters(self, connection: Any) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


def between(before: str | None, after: str | None) -> str:
    """A key strictly between two others; ``None`` is the list's end on that side."""
    return str(generate_key_between(before, after))


def many_between(before: str | None, after: str | None, count: int) -> Sequence[str]:
    """``count`` keys in order strictly between two others."""
    return list(generate_n_keys_between(before, after, count))
