"""What is remembered of rows while a file is read, and that its length costs no memory."""

import tracemalloc

from tandem.core.importing.adapter import accounted
from tandem.core.importing.record import Record
from tandem.core.importing.scratch import Counts, Lines


def test_a_name_is_known_by_its_first_line():
    with Lines() as lines:
        assert [lines.note("SEA-1", 0), lines.note("Größe", 5), lines.note("sea-1", 9)] == [
            None
        ] * 3
        assert [lines.note("SEA-1", 12), lines.note("SEA-1", 13), lines.note("Größe", 14)] == [
            0,
            0,
            5,
        ]


def test_names_are_counted():
    with Counts() as counts:
        assert [counts.add(name) for name in "abacaa"] == [1, 1, 2, 1, 3, 4]


def test_memory_does_not_grow_with_the_rows():
    def peak(rows: int) -> int:
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        for _ in accounted(Record(line, f"SEA-{line}", "Book") for line in range(1, rows)):
            pass
        return tracemalloc.get_traced_memory()[1] - before

    tracemalloc.start()
    try:
        peak(10)
        assert peak(8_000) < peak(1_000) + 20_000
    finally:
        tracemalloc.stop()
