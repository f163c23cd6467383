"""Rows of a spreadsheet as items, over the API: tried first, made as one, taken back as one."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from tandem.accounts.auth import caller, product_for
from tandem.accounts.permissions import require
from tandem.backlog import operations as do
from tandem.core.api import REFUSALS
from tandem.core.errors import Refused
from tandem.core.rest.bodies import Body
from tandem.integrations.pasting import LONGEST, pasted

router = Router(tags=["backlog"])


class PasteIn(Body):
    """``text``: tab separated, CSV, or one title a line, up to 2,000 rows. ``columns``: what the
    columns are, from the first on (`title`, `kind`, `status`, `field-tier`, …, `ignore`); without
    it they are recognised by the header, or by what stands in them. ``dry_run`` makes nothing."""

    text: Annotated[str, Field(max_length=LONGEST)]
    columns: Annotated[list[str], Field(max_length=100)] | None = None
    header: bool | None = None
    separator: Literal["", "tab", "comma", "semicolon", "none"] = ""
    place: Literal["end", "top"] = "end"
    dry_run: bool = False


class TroubleOut(Schema):
    """``row`` counts the header, ``column`` is its name there."""

    row: int
    column: str
    message: str


class PasteOut(Schema):
    """``rows``: how many become items; ``columns``: what each was taken for. ``troubles`` of a
    ``dry_run``: while there are any, nothing is made. ``event``: undoes the whole, at
    ``POST /products/{key}/changes/{event}/undo``."""

    rows: int
    columns: list[str]
    labels: list[str]
    keys: list[str]
    troubles: list[TroubleOut]
    event: int | None


@router.post("/products/{key}/items/paste", response={200: PasteOut, **REFUSALS})
def items_paste(request: HttpRequest, key: str, body: PasteIn) -> Any:
    """Make an item of every row, or of none: a cell that cannot be read refuses the whole (422
    with ``errors``, each with row and column)."""
    product, by = product_for(request, key), caller(request)
    require(by, "item.create")
    table = pasted(
        body.text,
        by=by,
        product=product,
        separator=body.separator,
        header=body.header,
        columns=dict(enumerate(body.columns or [])),
    )
    make: dict[str, Any] = {
        "by": by,
        "product": product,
        "rows": table.rows,
        "at_top": body.place == "top",
    }
    made = do.items_create(**make, dry=True)
    told = [
        {"row": each.row, "column": each.column, "message": each.message}
        for each in table.troubles_of(made)
    ]
    if told and not body.dry_run:
        first = told[0]
        raise Refused(
            _("Row %(row)s, %(column)s: %(message)s Nothing was made.")
            % {
                "row": first["row"],
                "column": first["column"] or _("all of it"),
                "message": first["message"],
            },
            field="text",
            errors=told[:100],
        )
    if not body.dry_run:
        made = do.items_create(**make)
    return {
        "rows": len(table.rows),
        "columns": table.targets,
        "labels": made.labels,
        "keys": [item.key for item in made.items] if made.event else [],
        "troubles": told[:100],
        "event": made.event.pk if made.event else None,
    }
