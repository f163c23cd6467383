"""What the backlog's filter can ask of priorities: the score and what each lens says of an item."""

import numpy as np
from django.db.models import Q
from django.utils.translation import gettext_noop as N_

from tandem.accounts.permissions import require
from tandem.backlog.language.fields import COMPARING, Asking, Field, ends_of, number_of, register
from tandem.backlog.language.parsing import Term, Value
from tandem.core.search import among
from tandem.prioritisation.calculations import model_in_force, table_at_hand, table_for
from tandem.prioritisation.score_table import Flags, Floats, ScoreTable
from tandem.prioritisation.views.shared import PATIENT

#: Scores are computed, not kept with the items: no index holds their order.
_UNSORTED = N_(
    "Lists have no order by scores. The Prioritise page has it, with the same filter; so have GET /products/{key}/ranking and tandem rank."
)
_SORTED = {"value": "?sort=value", "technical": "?sort=technical"}


def _table(asking: Asking) -> ScoreTable:
    """The ranking plans use; of a large backlog the last one computed, as its column shows."""
    require(asking.member, "score.view")
    if "scores" not in asking.kept:
        model = model_in_force(asking.product)
        table, fresh = table_at_hand(asking.product, model)
        if table is None or not (fresh or len(table) >= PATIENT):
            table = table_for(asking.product, model)
        asking.kept["scores"] = table
    table_kept: ScoreTable = asking.kept["scores"]
    return table_kept


def _fits(column: Floats, operator: str, value: Value) -> Flags:
    ends = ends_of(value) if operator == ":" else None
    keep = np.ones(column.size, dtype=bool)
    if ends is not None:
        if ends[0]:
            keep &= column >= number_of(value, ends[0])
        if ends[1]:
            keep &= column <= number_of(value, ends[1])
        return keep
    number = number_of(value)
    if operator == ":":
        # As it is read on the page: to the whole number, or as exact as it was written.
        digits = len(value.text.partition(".")[2])
        found: Flags = np.round(column, digits) == number
        return found
    compare = {">": np.greater, ">=": np.greater_equal, "<": np.less, "<=": np.less_equal}
    kept: Flags = compare[operator](column, number)
    return kept


def _field(name: str, title: str, column: str, heard: str | None, hint: str, order: int) -> Field:
    def rated(table: ScoreTable) -> Flags:
        found: Flags = table[heard] if heard else np.ones(len(table), dtype=bool)
        return found

    def make(asking: Asking, term: Term, field: Field) -> tuple[Q, str]:
        table = _table(asking)
        keep = np.zeros(len(table), dtype=bool)
        for value in term.values:
            keep |= _fits(table[column], term.operator, value)
        ids = table["ids"][keep & rated(table)].tolist()
        return Q(pk__in=among(ids)), ", ".join(value.text for value in term.values)

    def present(asking: Asking) -> Q:
        table = _table(asking)
        return Q(pk__in=among(table["ids"][rated(table)].tolist()))

    return Field(
        name,
        title,
        make,
        kind="number",
        operators=COMPARING,
        present=present,
        hint=hint,
        example=">5, 20..80",
        order=order,
        unsorted=_UNSORTED,
        sorted_at=f"prioritisation:prioritise{_SORTED.get(name, '')}",
    )


_OF_VALUE = N_("What the value lens says, 0 to 100; items nobody rated there do not fit")
_OF_TECHNICAL = N_("What the technical lens says, 0 to 100; items nobody rated there do not fit")

register(
    _field("score", N_("Score"), "score", None, N_("The score of the model that plans use"), 27),
    _field("value", N_("Value lens"), "value", "value_heard", _OF_VALUE, 28),
    _field(
        "technical",
        N_("Technical lens"),
        "technical",
        "technical_heard",
        _OF_TECHNICAL,
        29,
    ),
)
