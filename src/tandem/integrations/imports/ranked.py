"""The order that records of a file have by a rank of their own."""

from collections.abc import Iterator

from tandem.core.importing.scratch import Scratch


class Ranked(Scratch):
    """Items in the order of their records' ranks, which compare as plain text."""

    def __init__(self) -> None:
        super().__init__(
            "CREATE TABLE ranked (rank TEXT, item INTEGER, PRIMARY KEY (rank, item)) WITHOUT ROWID"
        )

    def add(self, rank: str, item_id: int) -> None:
        self.ask("INSERT OR IGNORE INTO ranked VALUES (?, ?)", (rank, item_id))

    def __iter__(self) -> Iterator[int]:
        for (item_id,) in self.ask("SELECT item FROM ranked ORDER BY rank, item"):
            yield item_id
