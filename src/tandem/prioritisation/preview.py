"""A scoring model as it would be after a change, tried on real items; nothing is saved."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tandem.accounts.models import Product
from tandem.backlog.models import Item
from tandem.core.errors import Refused
from tandem.prioritisation.calculations import (
    SEED,
    inputs_of,
    reference_of,
    table_for,
)
from tandem.prioritisation.calculations_models import ModelInForce, in_force, ready
from tandem.prioritisation.checks import number_of
from tandem.prioritisation.models import ScoringModel
from tandem.prioritisation.refusing import refused
from tandem_engine.prioritisation import Score, ScoringError, rank

#: Items shown: few enough to read, many enough to see the order move.
SHOWN: Final = 8
_DRAWS: Final = 500


@dataclass(frozen=True)
class Tried:
    """One item now and after the change; places count among the items shown."""

    key: str
    title: str
    before: Score
    after: Score
    place_before: int
    place_after: int


@dataclass(frozen=True)
class Preview:
    """The model after the change, with what is wrong with it, and items under both."""

    model: ModelInForce | None
    trouble: Refused | None
    items: tuple[Tried, ...] = ()


def changed_model(row: ScoringModel, given: Mapping[str, Any]) -> ModelInForce:
    """The model with the formula, unit and ``weight-<slug>`` of ``given``; refuses what it cannot be."""
    then = ScoringModel(
        product=row.product,
        name=row.name,
        preset=row.preset,
        formula_kind=given.get("formula_kind", row.formula_kind),
        formula_text=str(given.get("formula_text", row.formula_text)).replace("\r\n", "\n").strip(),
        score_unit=given.get("score_unit", row.score_unit),
    )
    criteria = [each for each in row.criteria.all() if each.removed_at is None]
    for each in criteria:
        number = number_of(given.get(f"weight-{each.slug}"), each.slug)
        if number is not None:
            each.weight = number
    return ready(then, tuple(criteria), row)


def preview(product: Product, row: ScoringModel, given: Mapping[str, Any]) -> Preview:
    """The model after the change, on the first items of its ranking now that are known best."""
    try:
        after = changed_model(row, given)
    except Refused as refusal:
        return Preview(None, refusal)
    now = in_force(row)
    table = table_for(product, now)
    if not len(table):
        return Preview(after, None)
    # Those with the fewest guesses show most; among them the first of the ranking.
    guesses = [bin(bits).count("1") for bits in table["guess_bits"].tolist()]
    places = sorted(range(len(table)), key=lambda place: (guesses[place] > 0, place))[:SHOWN]
    ids = [int(table["ids"][place]) for place in places]
    inputs, titles = _inputs(product, after, ids)
    reference = reference_of(table)
    try:
        scored = {
            side: rank(model.engine, inputs, seed=SEED, draws=_DRAWS, effort_reference=reference)
            for side, model in (("before", now), ("after", after))
        }
    except ScoringError as error:
        return Preview(
            after,
            refused(error),
        )
    order = {
        side: {score.key: place for place, score in enumerate(found.scores, start=1)}
        for side, found in scored.items()
    }
    items = tuple(
        Tried(
            score.key,
            titles[score.key],
            scored["before"][score.key],
            score,
            order["before"][score.key],
            order["after"][score.key],
        )
        for score in scored["after"].scores
    )
    return Preview(after, None, items)


def _inputs(
    product: Product, model: ModelInForce, ids: list[int]
) -> tuple[list[Any], dict[str, str]]:
    rows = Item.objects.of(product).in_bulk(ids)
    found, titles = [], {}
    for pk in ids:
        item = rows.get(pk)
        if item is not None:
            item.product = product
            found.append(inputs_of(item, model))
            titles[item.key] = item.title
    return found, titles


def formula_checked(row: ScoringModel, text: str, unit: str) -> dict[str, Any]:
    """What a custom formula of this model comes to: its unit and warnings, or the error's place."""
    names = sorted(in_force(row).engine.names)
    given = {"formula_kind": "custom", "formula_text": text, "score_unit": unit}
    try:
        engine = changed_model(row, given).engine
    except Refused as refusal:
        return {
            "error": refusal.message,
            "at": refusal.details.get("at"),
            "pointed": refusal.details.get("pointed", ""),
            "unit": "",
            "warnings": [],
            "names": names,
        }
    return {
        "error": "",
        "at": None,
        "pointed": "",
        "unit": engine.unit,
        "warnings": warnings_of(engine),
        "names": names,
    }


def warnings_of(engine: Any) -> list[dict[str, Any]]:
    """What a custom formula probably does not mean, with the place; and criteria it leaves out."""
    if engine.compiled is None:
        return []
    found = [
        {
            "message": f"{each.message[:1].upper()}{each.message[1:]}.",
            "at": each.span.start,
            "pointed": each.pointed,
        }
        for each in engine.compiled.warnings
    ]
    found += [
        {
            "message": f"{each.name} is asked and not read: it counts in its lens only.",
            "at": 0,
            "pointed": "",
        }
        for each in engine.unread
    ]
    return found


def starting_text(engine: Any) -> str:
    """The model's formula written out, as the start of one of its own."""
    if engine.formula_text:
        return str(engine.formula_text)
    rated = [each.slug for each in engine.ratings]
    kind = engine.formula_kind
    if kind == "rice":
        return f"{' * '.join(rated)} / effort"
    if kind == "wsjf":
        parts = " + ".join(f"weight({slug}) * {slug}" for slug in rated)
        return f"cost_of_delay = {parts}\ncost_of_delay / effort"
    slugs = rated if kind == "value_effort" else [each.slug for each in engine.criteria]
    above = " + ".join(f"weight({slug}) * place({slug})" for slug in slugs)
    below = " + ".join(f"weight({slug})" for slug in slugs)
    if kind == "value_effort":
        return f"benefit = 100 * ({above}) / ({below})\nbenefit / effort"
    return f"100 * ({above}) / ({below})"
