"""What Prioritise shows on pages of lower apps: an item's score, and the backlog's column."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext_noop as N_
from markupsafe import Markup

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import can
from tandem.backlog import columns
from tandem.backlog.models import Category, Item, Kind
from tandem.core.panels import Panel, register
from tandem.prioritisation.calculations import model_in_force, table_at_hand, table_for
from tandem.prioritisation.calculations_whatif import session_agreements
from tandem.prioritisation.models import RatingSession
from tandem.prioritisation.permissions import lenses_of
from tandem.prioritisation.views.rating import panel_values
from tandem.prioritisation.views.shared import PATIENT, holds


def item_panel(member: Member, item: Item) -> dict[str, Any] | None:
    """Score, lenses and ratings of an open item; an epic is ranked through its parts."""
    if not can(member, "score.view") or item.kind == Kind.EPIC:
        return None
    model = model_in_force(item.product)
    return {
        **panel_values(member, item, model),
        "here": {"workspace": member.workspace.slug, "product": item.product.key},
        "model": model,
        "model_word": "",
        "lenses": lenses_of(member, model.criteria),
        "open": item.status.category in (Category.OPEN, Category.STARTED),
    }


def score_column(member: Member, product: Product, ids: Sequence[int]) -> Mapping[int, Any]:
    """The score of each listed item that is open, with its interval."""
    if not can(member, "score.view"):
        return {}
    model = model_in_force(product)
    table, fresh = table_at_hand(product, model)
    if table is None or not (fresh or len(table) >= PATIENT):
        if table is None and holds(product, PATIENT):
            # A list does not wait for a large ranking; the Prioritise page computes it.
            return {}
        table = table_for(product, model)
    return {
        pk: Markup(render_to_string("prioritisation/score_text.jinja", {"score": row}))  # noqa: S704
        for pk, row in table.rows_of(ids).items()
    }


def score_cells(
    member: Member, product: Product, ids: Sequence[int]
) -> Mapping[int, Sequence[float]]:
    """Score, P10 and P90 of each of the items that is open, for a table file."""
    if not can(member, "score.view"):
        return {}
    rows = table_for(product, model_in_force(product)).rows_of(ids)
    return {pk: (row.score.likely, row.score.low, row.score.high) for pk, row in rows.items()}


def agreement_panel(member: Member, session: RatingSession) -> dict[str, Any] | None:
    """How far the raters of a revealed session agreed; nothing where nobody can be compared."""
    found = session_agreements(session) if can(member, "score.view") else ()
    return {"agreements": found} if found else None


register(
    Panel(
        "rating_session",
        "agreement",
        N_("Agreement"),
        "prioritisation/sessions/agreement.jinja",
        agreement_panel,
    )
)
register(Panel("item", "score", N_("Priority"), "prioritisation/panel.jinja", item_panel, order=20))
columns.register(
    columns.Column(
        "score",
        N_("Score"),
        65,
        hint=N_("The score of the model that plans use, with its P10 to P90"),
        numeric=True,
        values=score_column,
        sheet_titles=(N_("Score"), N_("Score P10"), N_("Score P90")),
        cells=score_cells,
    )
)
