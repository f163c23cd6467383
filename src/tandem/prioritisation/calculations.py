"""Rows -> the prioritisation engine -> what pages, commands and plans use.

Start with :func:`model_in_force` (which scoring model counts) and :func:`table_for` (its ranking,
cached). ``docs/algorithms/prioritisation.md`` explains the numbers.
"""

import dataclasses
import math
from collections.abc import Iterable
from typing import Any, Final

from django.utils import timezone

from tandem.accounts.models import Member, Product
from tandem.backlog.models import Item
from tandem.prioritisation import score_store, score_table
from tandem.prioritisation.calculations_fading import as_it_counts, fades, today
from tandem.prioritisation.calculations_models import (
    PRESETS,
    ModelInForce,
    criteria_rows,
    model_in_force,
    models_of,
    preset_for,
)
from tandem.prioritisation.fields import values_for
from tandem.prioritisation.models import Rating
from tandem.prioritisation.refusing import refused
from tandem.prioritisation.score_table import ScoreRow, ScoreTable, Span
from tandem_engine import ENGINE_VERSION
from tandem_engine.prioritisation import (
    DEFAULT_CONFIDENCE,
    EffortReference,
    Estimate,
    ItemInputs,
    Node,
    Ranking,
    ScoringError,
    derive,
    heard,
    lens_differences,
    rank,
)
from tandem_engine.prioritisation import Rating as EngineRating
from tandem_engine.prioritisation.results import without_result

__all__ = [
    "PRESETS",
    "ModelInForce",
    "Node",
    "Ranking",
    "criteria_rows",
    "model_in_force",
    "models_of",
    "preset_for",
    "table_for",
]

SEED: Final = 0
#: The k of "probability of being among the first k".
TOP: Final = 10
#: How many differences between the lenses are kept with a ranking.
DIFFERENCES: Final = 50
#: P10 and P90 of an effort of which only the likely number is known, as shares of it. One number
#: is no certainty: these are the neighbours on the scales teams estimate with (2 and 5 around 3),
#: and the range of S. McConnell's cone of uncertainty once requirements are written (Software
#: Estimation, 2006, table 4-1).
SPREAD: Final = (2 / 3, 3 / 2)


# Inputs


def estimate_of(
    low: float | None, likely: float | None, high: float | None
) -> tuple[float, float, float] | None:
    """An item's estimate as P10, P50 and P90; ``None`` when too little is known.

    With the likely number alone, or with it and one end, the missing ends lie at ``SPREAD`` times
    the likely number. Two ends without a likely number have their geometric mean as likely.
    """
    if likely is None:
        if low is None or high is None or not 0 <= low <= high:
            return None
        likely = math.sqrt(low * high)
    if not (math.isfinite(likely) and likely >= 0):
        return None
    low = likely * SPREAD[0] if low is None else low
    high = likely * SPREAD[1] if high is None else high
    if not 0 <= low <= likely <= high < math.inf:
        return None
    return (low, likely, high)


def names_of_raters(member_ids: Iterable[int]) -> dict[int, str]:
    """The raters' names; the engine tells raters apart by them, so no two may be the same."""
    names: dict[int, str] = {}
    for member in (
        Member.objects.filter(pk__in=set(member_ids)).select_related("user").order_by("pk")
    ):
        taken = member.name in names.values()
        names[member.pk] = f"{member.name} (member {member.pk})" if taken else member.name
    return names


def _ratings(model: ModelInForce, **which: Any) -> dict[int, list[EngineRating]]:
    """The current answers to the model's criteria as they count today, by item."""
    if model.row is None:
        return {}
    criteria = {each.pk: each for each in model.criteria}
    day = today()
    rows = list(
        Rating.objects.current()
        .filter(criterion__in=list(criteria), **which)
        .values_list(
            "item_id", "criterion_id", "member_id", "value", "low", "high", "confidence", "rated_at"
        )
    )
    names = names_of_raters(row[2] for row in rows) if rows else {}
    found: dict[int, list[EngineRating]] = {}
    for item_id, criterion_id, member_id, value, low, high, confidence, rated_at in rows:
        given = EngineRating(
            criteria[criterion_id].slug,
            value,
            names[member_id],
            rated_at,
            low,
            high,
            DEFAULT_CONFIDENCE if confidence is None else confidence,
        )
        found.setdefault(item_id, []).append(as_it_counts(given, criteria[criterion_id], day))
    return found


def inputs_from(
    key: str,
    ratings: Iterable[EngineRating],
    estimate: tuple[float, float, float] | None,
    fields: dict[str, float] | None = None,
) -> ItemInputs:
    given = tuple(sorted(fields.items())) if fields else ()
    return ItemInputs(key, tuple(ratings), Estimate(*estimate) if estimate else None, given)


def inputs_for(product: Product, model: ModelInForce) -> tuple[list[int], list[ItemInputs]]:
    """Every plannable item with what is known about it, and the items' ids in the same order."""
    ratings = _ratings(model, item__product=product, item__deleted_at=None)
    numbers = values_for(product) if model.engine.fields_read else {}
    ids: list[int] = []
    inputs: list[ItemInputs] = []
    rows = Item.objects.of(product).plannable().order_by("number")
    for pk, number, low, likely, high in rows.values_list(
        "pk", "number", "estimate_low", "estimate_likely", "estimate_high"
    ).iterator(chunk_size=5000):
        ids.append(pk)
        estimate = estimate_of(low, likely, high)
        key = f"{product.key}-{number}"
        inputs.append(inputs_from(key, ratings.get(pk, ()), estimate, numbers.get(pk)))
    return ids, inputs


def ranking_for(product: Product, model: ModelInForce) -> tuple[Ranking, dict[str, int]]:
    """The engine's ranking of the plannable items, computed now, and the items' ids by key."""
    ids, inputs = inputs_for(product, model)
    try:
        ranking = rank(model.engine, inputs, seed=SEED, top=TOP)
    except ScoringError as error:
        raise refused(error) from error
    return ranking, dict(zip((each.key for each in inputs), ids, strict=True))


# Tables


def _key(product: Product, model: ModelInForce) -> str:
    # Where ratings fade, a new day is a new state.
    day = today().isoformat() if fades(model) else ""
    return score_store.state_key(
        product, ENGINE_VERSION, model.slug, repr(model.engine), SEED, TOP, day
    )


def table_at_hand(product: Product, model: ModelInForce) -> tuple[ScoreTable | None, bool]:
    """What was computed last, without computing, and whether it is still true."""
    found = score_store.at_hand(score_store.path_of(product, model.slug))
    return found, found is not None and found.key == _key(product, model)


def table_for(product: Product, model: ModelInForce) -> ScoreTable:
    """The ranking as it follows from what is known now; computed only when something changed."""
    path = score_store.path_of(product, model.slug)
    # The key is taken before the inputs are read: a change in between makes the table old at once
    # instead of new for ever.
    key = _key(product, model)
    found = score_store.at_hand(path)
    if found is not None and found.key == key:
        return found
    ranking, ids = ranking_for(product, model)
    table = table_of(key, model, ranking, ids)
    score_store.keep(path, table)
    return table


def table_now(product: Product, model: ModelInForce) -> ScoreTable:
    """The ranking by a model nobody has saved: computed, and kept nowhere."""
    ranking, ids = ranking_for(product, model)
    return table_of("", model, ranking, ids)


def table_of(key: str, model: ModelInForce, ranking: Ranking, ids: dict[str, int]) -> ScoreTable:
    """The ranking as columns. Written out column by column: a row object for each of 100,000
    items would cost as much as ranking them."""
    scores = ranking.scores
    slugs = [each.slug for each in model.criteria]
    # Few combinations of guesses occur, so what follows from one is worked out once.
    bits: dict[tuple[str, ...], int] = {}
    ears: dict[tuple[str, ...], tuple[bool, bool]] = {}
    for score in scores:
        if score.guesses not in bits:
            bits[score.guesses] = sum(1 << slugs.index(slug) for slug in score.guesses)
            ears[score.guesses] = (
                heard(model.engine, score, "value"),
                heard(model.engine, score, "technical"),
            )
    efforts = [
        _effort(ranking.inputs_by_key[score.key], ranking.effort_reference) for score in scores
    ]
    columns: dict[str, list[Any]] = {
        "ids": [ids[score.key] for score in scores],
        "numbers": [_number_in(score.key) for score in scores],
        "rank": [score.rank for score in scores],
        "rank_low": [score.rank_low for score in scores],
        "rank_high": [score.rank_high for score in scores],
        "guess_bits": [bits[score.guesses] for score in scores],
        "p_top": [score.p_top for score in scores],
        "guess_share": [score.guess_share for score in scores],
        "value_heard": [ears[score.guesses][0] for score in scores],
        "technical_heard": [ears[score.guesses][1] for score in scores],
        "score": [score.score for score in scores],
        "score_low": [score.low for score in scores],
        "score_high": [score.high for score in scores],
    }
    for name, spans in (
        ("value", [score.value_lens for score in scores]),
        ("technical", [score.technical_lens for score in scores]),
        ("gap", [score.gap for score in scores]),
        ("effort", efforts),
    ):
        columns[name] = [span.likely for span in spans]
        columns[f"{name}_low"] = [span.low for span in spans]
        columns[f"{name}_high"] = [span.high for span in spans]
    return score_table.made(key, _meta(model, ranking, slugs), columns)


def _number_in(key: str) -> int:
    return int(key.rpartition("-")[2])


def _meta(model: ModelInForce, ranking: Ranking, slugs: list[str]) -> dict[str, Any]:
    differences = lens_differences(ranking, limit=DIFFERENCES)
    everything, first = ranking.guesses(), ranking.guesses(first=TOP)
    reference = ranking.effort_reference
    return {
        "slugs": slugs,
        "model": model.name,
        "unit": ranking.unit,
        "seed": ranking.seed,
        "draws": ranking.draws,
        "rank_draws": ranking.rank_draws,
        "top": ranking.top,
        "fingerprint": ranking.fingerprint,
        "engine_version": ranking.engine_version,
        "computed_at": timezone.now().isoformat(),
        "no_result": list(without_result(model.engine, ranking.items, reference)),
        "guesses": {
            "sentence": everything.sentence,
            "items": everything.items,
            "items_with_guesses": everything.items_with_guesses,
            "uncertainty_share": everything.uncertainty_share,
            "missing_ratings": everything.missing_ratings,
            "missing_estimates": everything.missing_estimates,
            "first": first.sentence,
        },
        "regret": {"expected": ranking.regret.expected, "share": ranking.regret.share},
        "differences": {
            "tau": differences.tau,
            "bias": differences.bias,
            "items": differences.items,
            "note": differences.note,
            "top": [
                {
                    "key": each.key,
                    "value_rank": each.value_rank,
                    "technical_rank": each.technical_rank,
                    "disagreement": each.disagreement,
                    "gap": [each.gap.likely, each.gap.low, each.gap.high],
                }
                for each in differences.top
            ],
        },
        "reference": None
        if reference is None
        else [list(reference.quantiles), reference.count, reference.source],
    }


def _effort(item: ItemInputs, reference: EffortReference | None) -> Estimate | Span:
    if reference is None:
        return Span(0.0, 0.0, 0.0)
    if item.estimate is not None:
        return item.estimate
    # The reference has 41 quantiles from 0 to 1; P10 and P90 are the fifth from either end.
    return Span(reference.likely, reference.quantiles[4], reference.quantiles[-5])


# One item


def reference_of(table: ScoreTable) -> EffortReference | None:
    """What an item without estimate may cost, as the table took it."""
    kept = table.meta["reference"]
    return EffortReference(tuple(kept[0]), kept[1], kept[2]) if kept else None


def inputs_of(item: Item, model: ModelInForce) -> ItemInputs:
    """What is known about one item now."""
    estimate = estimate_of(item.estimate_low, item.estimate_likely, item.estimate_high)
    numbers = values_for(item.product, [item.pk]) if model.engine.fields_read else {}
    given = _ratings(model, item=item).get(item.pk, ())
    return inputs_from(item.key, given, estimate, numbers.get(item.pk))


def row_of(item: Item, model: ModelInForce, table: ScoreTable) -> ScoreRow:
    """The item's score from its inputs now, its rank from the table.

    Scores do not depend on other items, so this is right even while the table is old, and for
    items that are finished or no longer planned (whose rank is 0).
    """
    try:
        ranking = rank(
            model.engine, [inputs_of(item, model)], seed=SEED, effort_reference=reference_of(table)
        )
    except ScoringError as error:
        raise refused(error) from error
    (alone,) = table_of("", model, ranking, {item.key: item.pk}).rows([0])
    nowhere = {"rank": 0, "rank_low": 0, "rank_high": 0, "p_top": 0.0}
    known = table.rows_of([item.pk]).get(item.pk)
    placed = {name: getattr(known, name) for name in nowhere} if known else nowhere
    return dataclasses.replace(alone, **placed)


def derivation_of(
    item: Item, model: ModelInForce, table: ScoreTable, lens: str | None = None
) -> Node:
    """How the item's score, or one lens's score, follows from its inputs."""
    try:
        return derive(
            model.engine,
            inputs_of(item, model),
            seed=SEED,
            draws=table.meta["draws"],
            effort_reference=reference_of(table),
            lens=lens,  # type: ignore[arg-type]
        )
    except ScoringError as error:
        raise refused(error) from error
