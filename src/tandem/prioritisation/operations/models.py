"""Making, naming, choosing and archiving scoring models."""

from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.backlog.texts import as_made
from tandem.core import events
from tandem.core.errors import Refused
from tandem.prioritisation.calculations_models import (
    DEFAULT_PRESET,
    PRESETS,
    criteria_rows,
    preset_for,
)
from tandem.prioritisation.models import ScoringCriterion, ScoringModel
from tandem.prioritisation.versions import changing, version_first
from tandem_engine.words import said

LONGEST_NAME: Final = 80
#: How a score follows from the criteria.
FORMULA_FIELDS: Final = ("formula_kind", "formula_text", "score_unit")


def _model_name(others: QuerySet[ScoringModel], name: str) -> str:
    """The name as it is kept; refuses one that another model of the product has."""
    name = " ".join(name.replace("\x00", "").split())
    if not name:
        raise Refused(_("A scoring model needs a name."), field="name")
    if len(name) > LONGEST_NAME:
        raise Refused(
            _("A name has at most %(count)s characters.") % {"count": LONGEST_NAME},
            field="name",
        )
    taken = others.filter(name__iexact=name).first()
    if taken is not None:
        raise Refused(
            (
                _("There is a scoring model %(name)s already in the archive.")
                if taken.archived_at
                else _("There is a scoring model %(name)s already.")
            )
            % {"name": name},
            field="name",
        )
    return name


def _no_longer_default(by: Member, product_id: int) -> None:
    for model in ScoringModel.objects.filter(product_id=product_id, is_default=True):
        with changing(model, by=by, why=said("Plans use another model from now on.")):
            model.is_default = False
            model.save(update_fields=["is_default"])


@transaction.atomic
def model_create(
    *, by: Member, product: Product, preset: str, name: str = "", is_default: bool = False
) -> ScoringModel:
    """A scoring model from a preset; the product's first one becomes the one plans use."""
    require(by, "model.edit")
    if preset not in PRESETS:
        raise Refused(
            _("%(preset)s is no preset. Presets: %(known)s.")
            % {"preset": preset, "known": ", ".join(PRESETS)},
            field="preset",
        )
    made = preset_for(preset, product)
    models = ScoringModel.objects.filter(product=product)
    name = _model_name(models, (name.strip() and name) or made.name)
    first = not models.exists()
    if is_default:
        _no_longer_default(by, product.pk)
    model = ScoringModel.objects.create(
        product=product,
        name=name,
        preset=preset,
        formula_kind=made.formula_kind,
        formula_text=made.formula_text,
        score_unit=made.score_unit,
        is_default=is_default or first,
    )
    ScoringCriterion.objects.bulk_create(criteria_rows(made, model))
    version_first(model, by=by)
    events.record(by=by, verb="model.created", obj=model, changes={"preset": [None, preset]})
    return model


@transaction.atomic
def model_copy(*, by: Member, model: ScoringModel, name: str = "") -> ScoringModel:
    """Another model that asks and computes the same: what is asked, anchors, weights, formula.

    Ratings answer a criterion of their model and stay with it: the copy starts unrated. Nor does
    it come along that plans use the model.
    """
    require(by, "model.edit", model)
    models = ScoringModel.objects.filter(product_id=model.product_id)
    made = ScoringModel.objects.create(
        product_id=model.product_id,
        name=_model_name(models, name) if name.strip() else _copy_name(models, model.name),
        **{each: getattr(model, each) for each in ("preset", *FORMULA_FIELDS)},
    )
    rows = list(model.criteria.filter(removed_at=None))
    for place, row in enumerate(rows):
        row.pk, row.model, row.position = None, made, place
    ScoringCriterion.objects.bulk_create(rows)
    version_first(
        made,
        by=by,
        why=said(
            "Copied from %(name)s, version %(version)s.", name=model.name, version=model.version
        ),
    )
    events.record(by=by, verb="model.copied", obj=made, changes={"from": [None, model.name]})
    return made


def _copy_name(models: QuerySet[ScoringModel], name: str) -> str:
    taken = {each.lower() for each in models.values_list("name", flat=True)}
    for number in range(1, len(taken) + 2):
        end = as_made(N_(", copy")) + (f" {number}" if number > 1 else "")
        found = name[: LONGEST_NAME - len(end)].rstrip() + end
        if found.lower() not in taken:
            break
    return found


@transaction.atomic
def model_ensure(*, by: Member, product: Product) -> ScoringModel:
    """The model plans use; the default preset becomes it when the product has none yet."""
    # The product's row is the lock: of two first ratings at once only one makes the model.
    Product.objects.select_for_update().filter(pk=product.pk).first()
    found = ScoringModel.objects.filter(product=product, is_default=True).first()
    return found or model_create(by=by, product=product, preset=DEFAULT_PRESET, is_default=True)


@transaction.atomic
def model_make_default(*, by: Member, model: ScoringModel) -> ScoringModel:
    """Plans and the backlog use this model from now on."""
    require(by, "model.edit", model)
    if model.archived_at is not None:
        raise Refused(
            _("%(model)s is in the archive. Bring it back first.") % {"model": model.name}
        )
    if not model.is_default:
        _no_longer_default(by, model.product_id)
        with changing(model, by=by, why=said("Plans use it from now on.")):
            model.is_default = True
            model.save(update_fields=["is_default"])
        events.record(by=by, verb="model.made_default", obj=model)
    return model


@transaction.atomic
def model_rename(*, by: Member, model: ScoringModel, name: str) -> ScoringModel:
    require(by, "model.edit", model)
    others = ScoringModel.objects.filter(product_id=model.product_id).exclude(pk=model.pk)
    before, name = model.name, _model_name(others, name)
    if name != before:
        with changing(model, by=by, why=said("Renamed from %(before)s.", before=before)):
            model.name = name
            model.save(update_fields=["name"])
        events.record(
            by=by, verb="model.renamed", obj=model, changes={"name": [before, model.name]}
        )
    return model


@transaction.atomic
def model_archive(*, by: Member, model: ScoringModel) -> ScoringModel:
    """No longer offered. Its ratings stay, and so do scenarios and plans made with it."""
    require(by, "model.edit", model)
    if model.is_default:
        raise Refused(
            _("Plans use %(model)s. Choose another model for plans first.") % {"model": model.name}
        )
    if model.archived_at is None:
        with changing(model, by=by, why=said("Put into the archive.")):
            model.archived_at = timezone.now()
            model.save(update_fields=["archived_at"])
        events.record(by=by, verb="model.archived", obj=model)
    return model


@transaction.atomic
def model_restore(*, by: Member, model: ScoringModel) -> ScoringModel:
    """Out of the archive: offered again with everything that was rated by it."""
    require(by, "model.edit", model)
    if model.archived_at is not None:
        with changing(model, by=by, why=said("Brought back from the archive.")):
            model.archived_at = None
            model.save(update_fields=["archived_at"])
        events.record(by=by, verb="model.restored", obj=model)
    return model
