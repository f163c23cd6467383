"""Settling a dispute where the agenda shows it: through a rating session of this one item.

The session is made, revealed, settled and closed in one go, by the operations every session uses,
so that a value settled here is kept, locked, challenged and undone like any other settled one.
"""

from collections.abc import Iterator
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member
from tandem.accounts.permissions import require
from tandem.backlog.models import Item
from tandem.core.errors import Elsewhere, Refused
from tandem.planning.calculations_agenda import LABELS, rater_label
from tandem.planning.models import Plan, Scenario
from tandem.planning.queries_agenda import needs_together
from tandem.planning.queries_plan import newest_solved
from tandem.prioritisation import operations as rating
from tandem.prioritisation.calculations import inputs_of, row_of, table_for
from tandem.prioritisation.calculations_models import ModelInForce, model_in_force
from tandem.prioritisation.checks import note_of, number_of
from tandem.prioritisation.models import Pace, ScoringCriterion, SessionItem
from tandem_engine.prioritisation import current_ratings

ANOTHER: Final = "another"
#: Short words for the two lenses' sides.
SIDES: Final = {"value": LABELS[0], "technical": LABELS[1]}
Finals = dict[str, dict[str, Any]]


@transaction.atomic
def dispute_settle(
    *, by: Member, scenario: Scenario, item: Item, towards: str, reason: str, place: Any = None
) -> SessionItem:
    """Settle what the item is worth, and keep what the agenda said this does to the plan.

    ``towards``: an ending's label as the agenda has it, ``value`` or ``technical`` for short, or
    ``another`` with ``place``: where on every scale, 0 (worst) to 100 (best), the item stands.
    Following a lens settles the other lens's criteria at the place of its score.
    """
    require(by, "session.hold", item)
    product = scenario.product
    if product.workspace_id != by.workspace_id or item.product_id != product.pk:
        raise Elsewhere()
    told = note_of(reason, "reason", "reason")
    if not told:
        raise Refused(_("Say why: a settled value is kept with its reason."), field="reason")
    model = model_in_force(product, scenario.scoring_model_id)
    if model.row is None:
        raise Refused(_("Make a scoring model first: it says what is rated."), field="model")
    label = SIDES.get(towards, towards)
    finals = _finals(item, model, label, place)
    for final in finals.values():
        final["reason"] = told
    session = rating.session_create(
        by=by,
        product=product,
        name=f"Agenda: {item.key}",
        items=[item],
        pace=Pace.LIVE,
        model=model.row,
        criteria=finals,
    )
    entry = session.entries.select_related("session", "item").get()
    rating.entry_reveal(by=by, entry=entry)
    entry = rating.entry_settle(by=by, entry=entry, finals=finals)
    entry.session = rating.session_close(by=by, session=session)
    _keep(by, scenario, item.key, label)
    return entry


def _finals(item: Item, model: ModelInForce, label: str, place: Any) -> Finals:
    """The final values, by the criteria's slugs."""
    if label == ANOTHER:
        given = number_of(place, "place")
        if given is None or not 0 <= given <= 100:
            raise Refused(_("Say where the item stands, from 0 to 100."), field="place")
        found = _at(model.rated(), given / 100)
    elif label in LABELS:
        found = _followed(item, model, label)
    else:
        found = dict(_of_rater(item, model, label))
        if not found:
            raise Refused(
                _(
                    "Nothing about %(key)s can be settled “%(label)s”. Choose one of the ways "
                    "the agenda shows, or another value."
                )
                % {"key": item.key, "label": label[:60]},
                field="towards",
            )
    if not found:
        raise Refused(
            _("%(name)s rates nothing that could be settled.") % {"name": model.name},
            field="towards",
        )
    return found


def _at(criteria: list[ScoringCriterion], place: float) -> Finals:
    """Every criterion at this place of its scale, 0 at the worse and 1 at the better end."""
    found: Finals = {}
    for each in criteria:
        up = 1 - place if each.direction == "lower" else place
        value = each.low + up * (each.high - each.low)
        found[each.slug] = {"value": min(each.high, max(each.low, round(value, 4)))}
    return found


def _followed(item: Item, model: ModelInForce, label: str) -> Finals:
    row = row_of(item, model, table_for(item.product, model))
    first = label == LABELS[0]
    span, heard = (row.value, row.value_heard) if first else (row.technical, row.technical_heard)
    other = "technical" if first else "value"
    if not heard:
        raise Refused(
            (
                _("Nobody rated %(key)s under the value lens: there is nothing to follow.")
                if first
                else _("Nobody rated %(key)s under the technical lens: there is nothing to follow.")
            )
            % {"key": item.key},
            field="towards",
        )
    return _at(model.rated(other), min(1.0, max(0.0, span.likely / 100)))


def _of_rater(item: Item, model: ModelInForce, label: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rater's own answers where several raters differ."""
    for slug, given in current_ratings(inputs_of(item, model)).items():
        if len({(each.value, each.low, each.high) for each in given}) < 2:
            continue
        for each in given:
            if rater_label(each.rater) == label:
                kept = {"value": each.value, "low": each.low, "high": each.high}
                yield slug, {**kept, "confidence": each.confidence}


def _keep(by: Member, scenario: Scenario, key: str, label: str) -> None:
    """Beside the plan that was in force: what was settled, and what that was said to change."""
    from tandem.planning.tasks_agenda import together_work

    plan = newest_solved(scenario)
    if plan is None:
        return
    row = Plan.objects.select_for_update().get(pk=plan.pk)
    agenda = row.details.get("agenda") or {}
    verdicts = [*agenda.get("decisive", []), *agenda.get("noise", [])]
    endings: list[dict[str, Any]] = next(
        (each["endings"] for each in verdicts if each["key"] == key), []
    )
    foretold = next((each for each in endings if each["label"] == label), None)
    settled = [each for each in row.details.get("settled", []) if each["key"] != key]
    settled.append(
        {
            "key": key,
            "label": label,
            "enters": foretold["enters"] if foretold else None,
            "leaves": foretold["leaves"] if foretold else None,
            "value": foretold["value"] if foretold else None,
            "at": timezone.now().isoformat(),
        }
    )
    row.details = {**row.details, "settled": settled}
    row.save(update_fields=["details"])
    if needs_together(settled):
        together_work.of(by.workspace_id).enqueue(plan.pk)
