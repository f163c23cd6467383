"""The columns a list can show. Higher apps add theirs: a score, votes, a sprint.

A column knows how to give the values of many items at once, in one query, so a list takes the
same number of queries whatever it shows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member, Product

#: ``values(member, product, ids)`` -> item's id -> what the cell shows (text or Markup). Items
#: it leaves out show nothing.
Values = Callable[[Member, Product, Sequence[int]], Mapping[int, Any]]
#: The same for a table file: item's id -> one plain value for each of the column's titles.
Cells = Callable[[Member, Product, Sequence[int]], Mapping[int, Sequence[Any]]]


@dataclass(frozen=True)
class Column:
    """One column. Those of the backlog itself have no ``values``: the row carries them."""

    name: str
    title: str
    order: int
    #: One sentence on what it tells, shown on hover.
    hint: str = ""
    numeric: bool = False
    #: Shown until a person chooses.
    usual: bool = False
    #: The sort of the list it stands for.
    sort: str = ""
    #: Hidden on a phone.
    spare: bool = True
    values: Values | None = None
    #: What it is in a CSV or a workbook: titles and plain values. Without: it is left out there.
    sheet_titles: tuple[str, ...] = ()
    cells: Cells | None = None
    #: A field of the product's own: its slug, and what kind of value it holds.
    own: str = ""
    kind: str = ""


#: Columns that depend on the product.
Source = Callable[[Product], Iterable[Column]]
_sources: list[Source] = []
_columns: dict[str, Column] = {}


def register(column: Column) -> None:
    _columns[column.name] = column


def register_source(source: Source) -> None:
    if source not in _sources:
        _sources.append(source)


def every(product: Product) -> list[Column]:
    """Every column a list of the product can show, in order and in the reader's language."""
    found = [
        replace(each, title=_(each.title), hint=each.hint and _(each.hint))
        for each in _columns.values()
    ]
    for source in _sources:
        found += source(product)
    return sorted(found, key=lambda column: column.order)


def chosen(names: Sequence[str] | None, known: Sequence[Column]) -> list[Column]:
    """Those of the ``known`` columns with these names; the usual ones for ``None``.

    A name nobody knows (any more) is passed over: it may come from an old cookie.
    """
    if names is None:
        return [column for column in known if column.usual]
    return [column for column in known if column.name in names]


def values_of(
    columns: Sequence[Column], member: Member, product: Product, ids: Sequence[int]
) -> dict[str, Mapping[int, Any]]:
    """What the registered columns among ``columns`` show for these items."""
    return {
        column.name: column.values(member, product, ids)
        for column in columns
        if column.values is not None
    }


for _column in (
    Column("kind", N_("Kind"), 10, usual=True, sort="kind"),
    Column("labels", N_("Labels"), 30, usual=True),
    Column("status", N_("Status"), 40, usual=True, spare=False, sort="status"),
    Column("assignee", N_("Assignee"), 50, usual=True, sort="assignee"),
    Column("estimate", N_("Estimate"), 60, numeric=True, usual=True, sort="estimate"),
    Column("due", N_("Due"), 70, sort="due"),
    Column("created", N_("Created"), 80, sort="created"),
    Column("updated", N_("Updated"), 90, sort="updated"),
):
    register(_column)
