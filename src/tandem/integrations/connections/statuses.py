"""Our statuses and theirs: which stands for which, in both directions."""

from collections.abc import Iterable
from dataclasses import dataclass

from tandem.backlog.models import Category, Item, Status
from tandem.backlog.operations import statuses_ensure
from tandem.integrations.imports.names import SAME_AS, folded
from tandem.integrations.models import Connection


def suggested(
    connection: Connection, words: Iterable[tuple[str, str]]
) -> tuple[dict[str, int], dict[str, str]]:
    """Both maps: what a person decided where it still holds, then equal names, then equal categories."""
    statuses = statuses_ensure(connection.product)
    known = {status.pk: status for status in statuses}
    words = list(words)
    names = [name for name, _ in words]
    inwards: dict[str, int] = {}
    for name, category in words:
        kept = connection.inwards.get(name)
        inwards[name] = kept if kept in known else _ours(name, category, statuses).pk
    outwards: dict[str, str] = {}
    for status in statuses:
        kept_word = connection.outwards.get(str(status.pk))
        outwards[str(status.pk)] = kept_word if kept_word in names else _theirs(status, words)
    return inwards, outwards


def _ours(name: str, category: str, statuses: list[Status]) -> Status:
    alike = {folded(name), folded(SAME_AS.get(folded(name), ""))}
    named = [each for each in statuses if folded(each.name) in alike and each.category == category]
    fitting = [each for each in statuses if each.category == category]
    return (named or fitting or statuses)[0]


def _theirs(status: Status, words: list[tuple[str, str]]) -> str:
    """The nearest of their statuses: of the same name, of the same category, or what comes closest to it."""
    for name, _ in words:
        if folded(name) == folded(status.name):
            return name
    nearest = {
        Category.OPEN: ("open", "started"),
        Category.STARTED: ("started", "open"),
        Category.DONE: ("done", "dropped"),
        Category.DROPPED: ("dropped", "done"),
    }[Category(status.category)]
    for category in nearest:
        for name, meant in words:
            if meant == category:
                return name
    return words[0][0] if words else ""


@dataclass(frozen=True)
class Maps:
    """The two maps at work. ``statuses`` are the product's by number."""

    inwards: dict[str, int]
    outwards: dict[str, str]
    statuses: dict[int, Status]

    @classmethod
    def of(cls, connection: Connection) -> "Maps":
        found = {status.pk: status for status in statuses_ensure(connection.product)}
        return cls(connection.inwards, connection.outwards, found)

    def here(self, word: str, category: str) -> Status | None:
        """Our status for theirs; by its category for a word nobody mapped."""
        mapped = self.statuses.get(self.inwards.get(word, 0))
        return mapped if mapped is not None else self.usual(category)

    def usual(self, category: str) -> Status | None:
        """The first of our statuses of that category."""
        fitting = [each for each in self.statuses.values() if each.category == category]
        return min(fitting, key=lambda each: each.position, default=None)

    def there(self, item: Item, agreed: str | None) -> str:
        """Their status for the item's. What both agreed on still holds while it stands for the item's status here."""
        if agreed is not None:
            agreed_here = self.inwards.get(agreed)
            if agreed_here == item.status_id or self.outwards.get(str(item.status_id)) == agreed:
                return agreed
        return self.outwards.get(str(item.status_id), agreed or "")
