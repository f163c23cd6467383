"""Scoring models through time: what every change keeps, and how a model stood at a moment.

Operations change a model inside :func:`changing`, which keeps the settings as a new
:class:`ModelVersion`; :func:`model_as_of` reads them back, ready to rank by.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.core.errors import Conflict
from tandem.core.events import SAID
from tandem.prioritisation.calculations_models import (
    DEFAULT_PRESET,
    ModelInForce,
    in_force,
    ready,
    unsaved,
)
from tandem.prioritisation.models import ModelVersion, ScoringCriterion, ScoringModel
from tandem_engine.words import Said, kept, said

#: The settings of a model and of a criterion that a snapshot holds.
MODEL_FIELDS: Final = ("name", "preset", "formula_kind", "formula_text", "score_unit", "is_default")
CRITERION_FIELDS: Final = tuple(
    field.name
    for field in ScoringCriterion._meta.concrete_fields
    if field.name not in ("id", "model", "removed_at")
)
LONGEST_WHY: Final = 300


def snapshot_of(model: ScoringModel) -> dict[str, Any]:
    """The model's settings as they stand in the database, its criteria in their order."""
    row = ScoringModel.objects.get(pk=model.pk)
    found: dict[str, Any] = {name: getattr(row, name) for name in MODEL_FIELDS}
    found["archived"] = row.archived_at is not None
    found["criteria"] = [
        {name: getattr(each, name) for name in CRITERION_FIELDS}
        for each in row.criteria.filter(removed_at=None)
    ]
    return found


@contextmanager
def changing(
    model: ScoringModel, *, by: Member, why: str, version: int | None = None
) -> Iterator[None]:
    """Change a model's settings inside; what comes out of it is kept as its next version.

    Locks the model's row. Refuses a change that started from another ``version`` than the newest,
    and one after which nothing could be ranked by the model.
    """
    now = ScoringModel.objects.select_for_update().get(pk=model.pk)
    if version is not None and version != now.version:
        latest = ModelVersion.objects.filter(model=model).select_related("by__user").last()
        who = latest.by.name if latest is not None and latest.by is not None else _("Somebody")
        raise Conflict(
            _("%(who)s changed %(now)s meanwhile. Look at what it is now, then change it again.")
            % {"who": who, "now": now.name},
            current=now.version,
            yours=version,
        )
    model.version = now.version
    before = snapshot_of(model)
    if not ModelVersion.objects.filter(model=model).exists():
        # It was made before versions were kept: the best known of its past is how it stands.
        ModelVersion.objects.create(
            model=model, number=now.version, at=model.created_at, snapshot=before
        )
    yield
    after = snapshot_of(model)
    if after == before:
        return
    in_force(ScoringModel.objects.get(pk=model.pk))
    model.version = now.version + 1
    model.save(update_fields=["version"])
    ModelVersion.objects.create(
        model=model,
        number=model.version,
        at=timezone.now(),
        by=by,
        why=why[:LONGEST_WHY],
        snapshot=after | _made_of(why),
    )


def version_first(model: ScoringModel, *, by: Member, why: str = "") -> ModelVersion:
    """Keep how a model was made."""
    why = why or said("Made.")
    return ModelVersion.objects.create(
        model=model,
        number=model.version,
        at=model.created_at,
        by=by,
        why=why[:LONGEST_WHY],
        snapshot=snapshot_of(model) | _made_of(why),
    )


def _made_of(why: str) -> dict[str, Any]:
    """What a reason of ours is made of, so that it is read in the reader's language."""
    return {SAID: kept(why)} if isinstance(why, Said) else {}


def version_as_of(model: ScoringModel, at: datetime.datetime) -> ModelVersion | None:
    """The version in force at ``at``; before it was made, the first one."""
    versions = ModelVersion.objects.filter(model=model)
    return versions.filter(at__lte=at).order_by("-number").first() or versions.first()


def model_as_of(model: ScoringModel, at: datetime.datetime) -> ModelInForce:
    """The model as it stood at ``at`` (before it was made: as it was made), ready to rank by.

    ``row`` is today's row. ``criteria`` are those of the moment, with today's numbers, so that
    the ratings of the moment are found by them.
    """
    kept = version_as_of(model, at)
    return in_force(model) if kept is None else of_version(kept, model)


def of_version(kept: ModelVersion, model: ScoringModel | None = None) -> ModelInForce:
    """A kept version, ready to rank by. Refuses one that nothing can be ranked by any more."""
    row = model or kept.model
    numbers = dict(row.criteria.values_list("slug", "pk"))
    criteria = tuple(
        ScoringCriterion(
            pk=numbers.get(stood["slug"]),
            model=row,
            **{name: stood[name] for name in CRITERION_FIELDS if name in stood},
        )
        for stood in kept.snapshot["criteria"]
    )
    stood = kept.snapshot
    then = ScoringModel(**{name: stood[name] for name in MODEL_FIELDS if name in stood})
    return ready(then, criteria, row)


def default_as_of(product: Product, at: datetime.datetime) -> ModelInForce:
    """The model that plans used at ``at``; before there was any, the default preset."""
    rows = ScoringModel.objects.filter(product=product, created_at__lte=at)
    found: ModelInForce | None = None
    for row in rows:
        kept = version_as_of(row, at)
        if kept is not None and kept.snapshot.get("is_default"):
            return of_version(kept, row)
        if kept is None and row.is_default:
            found = in_force(row)
    return found or unsaved(DEFAULT_PRESET, product)
