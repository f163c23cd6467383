"""A list as a sheet: its columns' titles, and an endless run of rows."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

BATCH = 1000


@dataclass(frozen=True)
class Sheet:
    """A list: its columns' titles, and its rows as text, numbers, days and moments."""

    titles: list[str]
    rows: Iterator[list[Any]]


def batched(rows: Iterator[Any]) -> Iterator[list[Any]]:
    """The rows in lists of at most ``BATCH``: no more of them are held at once."""
    while part := list(itertools.islice(rows, BATCH)):
        yield part


def sheet_of(titles: list[str], rows: QuerySet[Any], cells: Callable[[Any], list[Any]]) -> Sheet:
    """The rows in their order, each as its ``cells``; read in batches."""

    def run() -> Iterator[list[Any]]:
        for each in rows.iterator(chunk_size=BATCH):
            yield cells(each)

    return Sheet(titles, run())
