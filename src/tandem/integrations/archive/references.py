"""Numbers of rows inside an archive: stable, the same in whichever database the rows live.

In the archive a row is numbered from 1 in the order of its file, and a member is named by mail
address. A number of a row that is gone (the event of a removed criterion) becomes -1, -2, … in
the order of appearance; so export, import and export again write the same lines.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

#: Inside JSON: a key and the table whose number it holds (alone or as a list of numbers).
KEYS = {
    "status_id": "statuses",
    "assignee_id": "members",
    "met_by_id": "members",
    "parent_id": "items",
    "team_id": "teams",
    "behind_id": "items",
    "to_id": "items",
    "criterion_id": "criteria",
    "comment_id": "comments",
    "named_ids": "members",
    "question_id": "questions",
    "attachment_id": "attachments",
    "approval_id": "approvals",
    "signer_id": "members",
    "scoring_model_id": "scoring_models",
    "restored_from": "events",
    # The events of the items that one change of many is made of.
    "parts": "events",
    # What was merged or split, and the rows that moved with it.
    "merged_id": "items",
    "split_ids": "items",
    "comments_moved": "comments",
    "attachments_moved": "attachments",
    "criteria_moved": "criteria",
    "questions_moved": "questions",
    "watches_moved": "watches",
    "children_moved": "items",
    "dependencies_moved": "dependencies",
    "field_values_moved": "field_values",
    "ratings_moved": "ratings",
    "prices_moved": "debt_prices",
    "rules_moved": "rules",
    "sprints_moved": "sprint_items",
    "teams_moved": "assignments",
    # A field of persons: its slug -> before and after.
    "field_members": "members",
    "comments_added": "comments",
    "criteria_added": "criteria",
    # What a forecast was asked about.
    "scenario": "scenarios",
}

Resolve = Callable[[str, Any], Any]


def is_reference(value: Any) -> bool:
    """A number (members in an archive: a mail address); anything else under a key is text."""
    return isinstance(value, int) and not isinstance(value, bool)


def walked(value: Any, resolve: Resolve, *, accept: Callable[[str, Any], bool]) -> Any:
    """JSON with every reference put through ``resolve(table, number)``."""
    if isinstance(value, list):
        return [walked(each, resolve, accept=accept) for each in value]
    if not isinstance(value, dict):
        return value
    found = {}
    for key, inner in value.items():
        table = KEYS.get(key)
        if table is None:
            found[key] = walked(inner, resolve, accept=accept)
        elif isinstance(inner, dict):
            found[key] = walked(
                {name: {key: each} for name, each in inner.items()}, resolve, accept=accept
            )
            found[key] = {name: each[key] for name, each in found[key].items()}
        elif isinstance(inner, list):
            found[key] = [resolve(table, each) if accept(table, each) else each for each in inner]
        else:
            found[key] = resolve(table, inner) if accept(table, inner) else inner
    return found


@dataclass
class Numbers:
    """Which number a row of one side has on the other."""

    known: dict[str, dict[Any, Any]] = field(default_factory=dict)
    _gone: dict[str, dict[Any, int]] = field(default_factory=dict)

    def learn(self, table: str, pairs: Mapping[Any, Any] | Iterable[tuple[Any, Any]]) -> None:
        self.known.setdefault(table, {}).update(pairs)

    def of(self, table: str, number: Any) -> Any:
        """The other side's number; a negative one when the row is gone."""
        found = self.known.get(table, {}).get(number)
        if found is not None:
            return found
        gone = self._gone.setdefault(table, {})
        return gone.setdefault(number, -len(gone) - 1)

    def row(self, table: str, number: Any) -> Any:
        """The other side's number of a row that is there, else ``None``."""
        return self.known.get(table, {}).get(number)
