"""Which scoring model counts: saved rows, or a preset nobody has saved yet, as the engine's model."""

from dataclasses import dataclass, replace
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tandem.accounts.models import Product
from tandem.backlog.texts import as_made
from tandem.core.errors import Refused
from tandem.core.prepared import placed, prepared
from tandem.prioritisation.fields import fields_of
from tandem.prioritisation.models import ScoringCriterion, ScoringModel
from tandem.ui.filters import spoken
from tandem.ui.phrases import headed
from tandem_engine.prioritisation import (
    FORMULA_KINDS,
    PRESETS,
    Anchor,
    Criterion,
    FormulaError,
    Scale,
    ScoringError,
    preset,
)
from tandem_engine.prioritisation import ScoringModel as EngineModel

__all__ = [
    "FORMULA_KINDS",
    "PRESETS",
    "ModelInForce",
    "criteria_rows",
    "in_force",
    "model_in_force",
    "models_of",
    "ready",
    "unsaved",
]

#: What a product without a scoring model is ranked by.
DEFAULT_PRESET: Final = "value_effort"


@dataclass(frozen=True)
class ModelInForce:
    """A scoring model to rank by. ``row`` is ``None`` for a preset nobody has saved yet."""

    engine: EngineModel
    row: ScoringModel | None
    criteria: tuple[ScoringCriterion, ...]

    @property
    def name(self) -> str:
        return self.engine.name

    @property
    def slug(self) -> str:
        """What an address or a file calls it."""
        return str(self.row.pk) if self.row else self.engine.preset

    @property
    def unit(self) -> str:
        return self.engine.unit

    def rated(self, lens: str | None = None) -> list[ScoringCriterion]:
        """The criteria members answer, of one lens or of both."""
        return [
            each for each in self.criteria if each.kind == "rating" and lens in (None, each.lens)
        ]

    def criterion(self, slug: str) -> ScoringCriterion | None:
        return next((each for each in self.criteria if each.slug == slug), None)


def preset_for(slug: str, product: Product) -> EngineModel:
    """A preset measured in the product's estimate unit, worded as what is made on this page."""
    made = preset(slug, effort_unit=product.estimate_unit)
    return replace(
        made,
        name=as_made(made.name),
        score_unit=as_made(made.score_unit),
        criteria=tuple(map(_as_made, made.criteria)),
    )


def _as_made(criterion: Criterion) -> Criterion:
    scale = criterion.scale
    anchors = tuple(replace(each, text=as_made(each.text)) for each in scale.anchors)
    return replace(
        criterion,
        name=as_made(criterion.name),
        question=as_made(criterion.question),
        unit=as_made(criterion.unit) if criterion.kind != "effort" else criterion.unit,
        scale=replace(scale, anchors=anchors),
    )


def criteria_rows(made: EngineModel, model: ScoringModel | None = None) -> list[ScoringCriterion]:
    """The engine's criteria as rows that are not saved yet."""
    return [
        ScoringCriterion(
            model=model,
            position=position,
            slug=each.slug,
            name=each.name,
            question=each.question,
            lens=each.lens,
            kind=each.kind,
            low=each.scale.low,
            high=each.scale.high,
            step=each.scale.step,
            spacing=each.scale.spacing,
            direction=each.direction,
            weight=each.weight,
            unit=each.unit,
            anchors=[[anchor.value, anchor.text] for anchor in each.scale.anchors],
        )
        for position, each in enumerate(made.criteria)
    ]


def engine_criterion(row: ScoringCriterion) -> Criterion:
    anchors = tuple(Anchor(float(value), str(text)) for value, text in row.anchors)
    scale = Scale(row.low, row.high, row.step, anchors, row.spacing)  # type: ignore[arg-type]
    return Criterion(
        slug=row.slug,
        name=row.name,
        lens=row.lens,  # type: ignore[arg-type]
        scale=scale,
        direction=row.direction,  # type: ignore[arg-type]
        weight=row.weight,
        unit=row.unit,
        kind=row.kind,  # type: ignore[arg-type]
        question=row.question,
    )


def in_force(row: ScoringModel) -> ModelInForce:
    """A saved model, ready to rank by."""
    # In Python, so that criteria fetched beforehand are not asked for again.
    criteria = tuple(each for each in row.criteria.all() if each.removed_at is None)
    return ready(row, criteria, row)


def ready(
    settings: ScoringModel, criteria: tuple[ScoringCriterion, ...], row: ScoringModel | None
) -> ModelInForce:
    """A model from rows, saved or not; refuses settings that nothing can be ranked by."""
    try:
        engine = EngineModel(
            settings.name,
            tuple(engine_criterion(each) for each in criteria),
            settings.formula_kind,  # type: ignore[arg-type]
            settings.preset,
            settings.formula_text,
            settings.score_unit,
            fields_of(row),
        )
    except FormulaError as error:
        sentence = f"{headed(spoken(error.where))}: {spoken(error.message)}"
        sentence += "" if sentence.endswith("?") else "."
        raise Refused(
            sentence,
            field="formula_text",
            at=error.at,
            pointed=error.pointed,
        ) from error
    except ScoringError as error:
        raise Refused(
            _("The scoring model %(model)s cannot be used: %(message)s.")
            % {"model": settings.name, "message": spoken(error.message)}
        ) from error
    return ModelInForce(engine, row, criteria)


def with_formula(model: ModelInForce, text: str) -> ModelInForce:
    """The model's criteria under a formula nobody has saved; refuses one that cannot be read."""
    then = ScoringModel(
        name=model.name,
        preset=model.engine.preset,
        formula_kind="custom",
        formula_text=text.strip(),
    )
    return ready(then, model.criteria, model.row)


def unsaved(slug: str, product: Product) -> ModelInForce:
    """A preset nobody has saved, ready to rank by."""
    made = preset_for(slug, product)
    return ModelInForce(made, None, tuple(criteria_rows(made)))


@prepared
def _in_use(product_id: int) -> QuerySet[ScoringModel]:
    return ScoringModel.objects.filter(product_id=product_id, archived_at=None)


@prepared
def _criteria(model_ids: list[int]) -> QuerySet[ScoringCriterion]:
    return ScoringCriterion.objects.filter(model__in=model_ids)


def models_of(product: Product) -> list[ModelInForce]:
    """The product's models, the one plans use first; the default preset when there is none.

    A page may be read without writing, so the preset is not saved before somebody rates.
    """
    rows = _in_use(product.pk)
    criteria = _criteria([row.pk for row in rows]) if rows else []
    for row in rows:
        row.product = product
        placed(row, "criteria", [each for each in criteria if each.model_id == row.pk])
    return [in_force(row) for row in rows] or [unsaved(DEFAULT_PRESET, product)]


def model_in_force(product: Product, wanted: str | int | None = None) -> ModelInForce:
    """The model called ``wanted`` (its name, number, or a preset's), else the one plans use."""
    models = models_of(product)
    if wanted in (None, ""):
        return models[0]
    word = str(wanted).strip().casefold()
    for each in models:
        if each.name.casefold() == word:
            return each
    for each in models:
        if each.slug.casefold() == word:
            return each
    for slug, name in PRESETS.items():
        if word in (slug, name.casefold()):
            return unsaved(slug, product)
    names = ", ".join(dict.fromkeys([*(each.name for each in models), *PRESETS]))
    raise Refused(
        _("There is no scoring model %(wanted)s. Models here: %(names)s.")
        % {"wanted": wanted, "names": names},
        field="model",
    )
