"""What a person decided about a file: which column is what, what a status means, how dates read.

A mapping holds decisions only. What nobody decided, the adapter suggests (see
:class:`~tandem.core.importing.adapter.Check`).
"""

from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field, replace
from typing import Any

from tandem_engine.words import phrase, said

from .dates import DATE_ORDERS, zone_named
from .errors import ImportRefused
from .record import CATEGORIES
from .words import did_you_mean

#: What a column may be. ``extra`` keeps it under its own name, ``ignore`` leaves it out.
FIELDS = {
    "ref": phrase("key"),
    "alias": phrase("second key"),
    "title": phrase("title"),
    "description": phrase("description"),
    "kind": phrase("kind"),
    "status": phrase("status"),
    "category": phrase("status category"),
    "resolution": phrase("resolution"),
    "labels": phrase("labels"),
    "assignee": phrase("assignee"),
    "reporter": phrase("reporter"),
    "priority": phrase("priority"),
    "created": phrase("created"),
    "updated": phrase("updated"),
    "started": phrase("started"),
    "finished": phrase("finished"),
    "due": phrase("due day"),
    "estimate": phrase("estimate"),
    "parent": phrase("parent"),
    "blocks": phrase("blocks"),
    "blocked_by": phrase("blocked by"),
    "relates": phrase("relates to"),
    "duplicates": phrase("duplicates"),
    "duplicated_by": phrase("duplicated by"),
    "comments": phrase("comments"),
    "criteria": phrase("acceptance criteria"),
    "criteria_state": phrase("state of the criteria"),
    "rank": phrase("order"),
    "url": phrase("link"),
    "extra": phrase("keep as it is"),
    "ignore": phrase("leave out"),
}
#: Fields that gather the values of several columns; the others take the first column that has text.
MANY_VALUED = {
    "alias", "labels", "blocks", "blocked_by", "relates", "duplicates", "duplicated_by", "comments", "criteria",
    "criteria_state", "extra", "ignore",
}  # fmt: skip
_JSON_NAMES = ("columns", "statuses", "kinds", "date_order", "time_zone", "delimiter", "encoding")


@dataclass(frozen=True, slots=True)
class StatusRule:
    """What a status of the source becomes: a category, and another name if ``name`` is not empty."""

    category: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """The decisions about one file.

    ``columns`` gives each header name its fields; ``statuses`` and ``kinds`` translate the source's names. ``None``
    (``""`` for ``time_zone``) means nobody decided. ``from_json`` reads what ``as_json`` wrote and what people write.
    """

    columns: AnyMapping[str, tuple[str, ...]] = field(default_factory=dict)
    statuses: AnyMapping[str, StatusRule] = field(default_factory=dict)
    kinds: AnyMapping[str, str] = field(default_factory=dict)
    date_order: str | None = None
    time_zone: str = ""
    delimiter: str | None = None
    encoding: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The documented JSON form, without what nobody decided."""
        values: dict[str, Any] = {
            "columns": {
                name: fields[0] if len(fields) == 1 else list(fields)
                for name, fields in self.columns.items()
            },
            "statuses": {
                name: {"category": rule.category, "name": rule.name} if rule.name else rule.category
                for name, rule in self.statuses.items()
            },
            "kinds": dict(self.kinds),
        }
        for name in ("date_order", "time_zone", "delimiter", "encoding"):
            values[name] = getattr(self, name)
        return {name: value for name, value in values.items() if value}

    @classmethod
    def from_json(cls, values: Any) -> "Mapping":
        """The mapping a JSON object describes. Raises ImportRefused naming what is unknown and what is near it."""
        if not isinstance(values, dict):
            raise ImportRefused(
                said(
                    "A mapping is a JSON object with any of: %(names)s.",
                    names=", ".join(_JSON_NAMES),
                )
            )
        for name in values:
            if name not in _JSON_NAMES:
                raise ImportRefused(
                    said(
                        "The mapping has no part “%(name)s”. %(hint)s",
                        name=name,
                        hint=did_you_mean(name, _JSON_NAMES),
                    )
                )
        mapping = cls(
            columns={
                name: _column_fields(name, value) for name, value in _object(values, "columns")
            },
            statuses={
                name: _status_rule(name, value) for name, value in _object(values, "statuses")
            },
            kinds={
                name: _text(value, f"kinds: {name}") for name, value in _object(values, "kinds")
            },
            date_order=_optional(values, "date_order"),
            time_zone=_optional(values, "time_zone") or "",
            delimiter=_optional(values, "delimiter"),
            encoding=_optional(values, "encoding"),
        )
        mapping.validate()
        return mapping

    def validate(
        self, *, columns: Iterable[str] | None = None, kinds: Iterable[str] | None = None
    ) -> None:
        """Raise ImportRefused for a decision that means nothing, naming it and what exists instead.

        ``columns`` are the header names of the file and ``kinds`` the kinds there are, when they are known.
        """
        for name, fields in self.columns.items():
            for target in fields:
                if target not in FIELDS:
                    raise ImportRefused(
                        said(
                            "Column “%(name)s” cannot become “%(target)s”. %(hint)s",
                            name=name,
                            target=target,
                            hint=did_you_mean(target, FIELDS),
                        )
                    )
        if columns is not None:
            existing = list(columns)
            for name in self.columns:
                if name not in existing:
                    raise ImportRefused(
                        said(
                            "The file has no column “%(name)s”. %(hint)s",
                            name=name,
                            hint=did_you_mean(name, existing),
                        )
                    )
        for name, rule in self.statuses.items():
            if rule.category not in CATEGORIES:
                raise ImportRefused(
                    said(
                        "Status “%(name)s” cannot become “%(category)s”. Categories are: %(names)s.",
                        name=name,
                        category=rule.category,
                        names=", ".join(CATEGORIES),
                    )
                )
        if kinds is not None:
            allowed = list(kinds)
            for name, kind in self.kinds.items():
                if kind not in allowed:
                    raise ImportRefused(
                        said(
                            "Kind “%(name)s” cannot become “%(kind)s”. Kinds are: %(names)s.",
                            name=name,
                            kind=kind,
                            names=", ".join(allowed),
                        )
                    )
        if self.date_order is not None and self.date_order not in DATE_ORDERS:
            raise ImportRefused(
                said(
                    "“%(date_order)s” is not an order of dates. Use one of: %(names)s.",
                    date_order=self.date_order,
                    names=", ".join(DATE_ORDERS),
                )
            )
        if self.time_zone:
            zone_named(self.time_zone)

    def over(self, suggested: "Mapping") -> "Mapping":
        """These decisions, and the suggestion for everything nobody decided.

        A suggested column steps back when a decision gives its single-valued field to another column.
        """
        taken = {target for fields in self.columns.values() for target in fields} - MANY_VALUED
        columns = {
            name: tuple(target for target in fields if target not in taken) or ("extra",)
            for name, fields in suggested.columns.items()
            if name not in self.columns
        }
        return replace(
            self,
            columns=columns | dict(self.columns),
            statuses=dict(suggested.statuses) | dict(self.statuses),
            kinds=dict(suggested.kinds) | dict(self.kinds),
            date_order=self.date_order or suggested.date_order,
            time_zone=self.time_zone or suggested.time_zone,
            delimiter=self.delimiter or suggested.delimiter,
            encoding=self.encoding or suggested.encoding,
        )


def _object(values: dict[str, Any], name: str) -> Iterable[tuple[str, Any]]:
    value = values.get(name)
    if value is None:
        return ()
    if not isinstance(value, dict):
        raise ImportRefused(
            said("The mapping's %(name)s are a JSON object from names to values.", name=name)
        )
    return value.items()


def _column_fields(name: str, value: Any) -> tuple[str, ...]:
    if value is None or value == "":
        return ("extra",)
    if isinstance(value, list) and value:
        return tuple(_text(inner, f"columns: {name}") for inner in value)
    return (_text(value, f"columns: {name}"),)


def _status_rule(name: str, value: Any) -> StatusRule:
    if isinstance(value, dict):
        return StatusRule(
            _text(value.get("category"), f"statuses: {name}: category"),
            _text(value.get("name") or "", f"statuses: {name}: name"),
        )
    return StatusRule(_text(value, f"statuses: {name}"))


def _optional(values: dict[str, Any], name: str) -> str | None:
    value = values.get(name)
    return None if value in (None, "") else _text(value, name)


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise ImportRefused(said("The mapping's %(where)s has to be text.", where=where))
    return value
