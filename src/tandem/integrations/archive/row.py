"""A line of an archive's file as the model it is to become."""

from typing import Any

from django.db.models import Field, Model
from django.utils.translation import gettext as _

from tandem.accounts.models import Workspace
from tandem.core.errors import Refused
from tandem.integrations.archive import columns, sources
from tandem.integrations.archive.reading import refuse
from tandem.integrations.archive.references import Numbers, walked
from tandem.integrations.archive.tables import Table
from tandem_engine.words import said


def model_of(
    table: Table,
    line: int,
    row: dict[str, Any],
    numbers: Numbers,
    workspace: Workspace | None,
    **fixed: Any,
) -> Model:
    """The row as the model; refuses unknown columns and values, naming file and line."""
    values: dict[str, Any] = dict(fixed)
    references = columns.references_of(table)
    known = {"id", "workspace_id", *table.leave_out}
    for column in columns.fields_of(table):
        known.add(column.attname)
        if column.attname not in row:
            # A column younger than the archive: its default, if it has one.
            if not column.has_default() and not column.null and not column.empty_strings_allowed:
                raise refuse(
                    said(
                        "%(name)s.jsonl, line %(line)s: “%(attname)s” is missing.",
                        name=table.name,
                        line=line,
                        attname=column.attname,
                    )
                )
            continue
        try:
            values[column.attname] = _value(
                table, column, references.get(column.attname), row[column.attname], numbers
            )
        except Refused as refusal:
            raise refuse(
                said(
                    "%(name)s.jsonl, line %(line)s: %(message)s",
                    name=table.name,
                    line=line,
                    message=str(refusal.message),
                )
            ) from refusal
    strange = sorted(set(row) - known)
    if strange:
        raise refuse(
            said(
                "%(name)s.jsonl, line %(line)s: “%(strange)s” is no column of this version of Tandem. A newer one may know it.",
                name=table.name,
                line=line,
                strange=strange[0][:60],
            )
        )
    model = table.model
    if any(each.attname == "workspace_id" for each in model._meta.concrete_fields):
        values["workspace_id"] = workspace.pk if workspace else None
    return model(**values)


def _value(
    table: Table,
    column: "Field[Any, Any]",
    target: str | None,
    value: Any,
    numbers: Numbers,
) -> Any:
    if table.name == "events" and column.attname == "object_id":
        return 0
    if target is not None and value is not None:
        if not isinstance(value, int | str) or isinstance(value, bool):
            raise Refused(_("“%(field)s” is no number of a row.") % {"field": column.attname})
        if column.is_relation:
            found = numbers.row(target, value)
            if found is None:
                raise Refused(
                    _("“%(field)s” names a row of %(target)s that is not here.")
                    % {"field": column.attname, "target": target}
                )
            return found
        return numbers.of(target, value)
    value = columns.read(column, value)
    if column.attname in table.json:
        value = walked(value, numbers.of, accept=_is_number)
    if table.name == "source_states" and column.attname == "fields":
        if not isinstance(value, dict):
            raise Refused(_("“fields” is no object."))
        value = sources.read(value, numbers)
    return value


def _is_number(table: str, value: Any) -> bool:
    if table == "members" and isinstance(value, str):
        return True
    return isinstance(value, int) and not isinstance(value, bool)
