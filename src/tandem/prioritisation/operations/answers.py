"""How much the criteria weigh, asked and answered; and weights taken over from answers."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from tandem.accounts.models import Member
from tandem.accounts.permissions import require
from tandem.core import events
from tandem.core.errors import Refused
from tandem.prioritisation.calculations_models import in_force
from tandem.prioritisation.calculations_weights import as_weights, compared, result_of, stored
from tandem.prioritisation.models import ScoringModel, WeightAnswers, WeightWay
from tandem.prioritisation.versions import changing
from tandem.prioritisation.weight_rows import write_weights

#: More answers to "which of two" than anybody gives.
MOST_PAIRS: Final = 500


@transaction.atomic
def weights_answer(
    *,
    by: Member,
    model: ScoringModel,
    way: str,
    scope: str = "all",
    answers: Mapping[str, Any] | None = None,
) -> WeightAnswers:
    """Keep what somebody answered, with the weights that follow. They count only once applied."""
    require(by, "model.edit", model)
    given = dict(answers or {})
    if len(given.get("asked") or ()) > MOST_PAIRS:
        raise Refused(
            _("At most %(count)s answers are kept.") % {"count": MOST_PAIRS},
            field="asked",
        )
    result = result_of(model.product, in_force(model), way, scope, given)
    row = WeightAnswers.objects.create(
        model=model,
        way=way,
        scope=scope,
        by=by,
        at=timezone.now(),
        answers=given,
        result=stored(result),
    )
    events.record(by=by, verb="model.weights_answered", obj=model, changes={"way": [None, way]})
    return row


@transaction.atomic
def pair_answer(
    *, by: Member, model: ScoringModel, first: str, second: str, preferred: str, scope: str = "all"
) -> WeightAnswers:
    """One more answer to "which of two counts more?", added to the member's open answers."""
    require(by, "model.edit", model)
    row = _open_pairs(by, model, scope)
    slugs = {each.slug for each in compared(in_force(model), scope)}
    asked = list(row.answers["asked"]) if row is not None else []
    # A criterion taken out meanwhile is compared with nothing any more.
    asked = [pair for pair in asked if set(pair[:2]) <= slugs]
    if len(asked) >= MOST_PAIRS:
        raise Refused(
            _("At most %(count)s answers are kept.") % {"count": MOST_PAIRS},
            field="asked",
        )
    asked.append([first, second, preferred])
    return _pairs_kept(by, model, scope, row, asked)


@transaction.atomic
def pair_answer_undo(
    *, by: Member, model: ScoringModel, scope: str = "all"
) -> WeightAnswers | None:
    """Take the member's last answer back; without one there is nothing to do."""
    require(by, "model.edit", model)
    row = _open_pairs(by, model, scope)
    if row is None:
        return None
    asked = list(row.answers["asked"])[:-1]
    if asked:
        return _pairs_kept(by, model, scope, row, asked)
    row.delete()
    events.record(by=by, verb="model.weights_answered", obj=model, changes={"way": ["pairs", None]})
    return None


def _open_pairs(by: Member, model: ScoringModel, scope: str) -> WeightAnswers | None:
    # The model's row is the lock: two answers at once come one after the other.
    ScoringModel.objects.select_for_update().filter(pk=model.pk).first()
    return WeightAnswers.objects.filter(
        model=model, way=WeightWay.PAIRS, scope=scope, by=by, applied_version=None
    ).first()


def _pairs_kept(
    by: Member, model: ScoringModel, scope: str, row: WeightAnswers | None, asked: list[list[str]]
) -> WeightAnswers:
    answers = {"asked": asked}
    result = result_of(model.product, in_force(model), WeightWay.PAIRS, scope, answers)
    row = row or WeightAnswers(model=model, way=WeightWay.PAIRS, scope=scope, by=by)
    row.at, row.answers, row.result = timezone.now(), answers, stored(result)
    row.save()
    one, other, preferred = asked[-1]
    events.record(
        by=by,
        verb="model.weights_answered",
        obj=model,
        changes={f"{one} or {other}": [None, preferred or "the same"]},
    )
    return row


@transaction.atomic
def weights_apply(
    *, by: Member, answers: WeightAnswers, version: int | None = None
) -> ScoringModel:
    """The weights that follow from these answers become the model's; going back undoes it."""
    model = answers.model
    require(by, "model.edit", model)
    criteria = compared(in_force(model), answers.scope)
    shares = answers.result["weights"]
    if {each.slug for each in criteria} != set(shares):
        raise Refused(_("The criteria changed since these answers were given. Answer them again."))
    if not any(share > 0 for share in shares.values()):
        raise Refused(_("Nothing follows from these answers yet."))
    who = answers.by.name if answers.by is not None else "somebody"
    with override("en"):  # what is kept is English
        why = f"{answers.get_way_display()}, answered by {who} on {answers.at:%Y-%m-%d}."
    with changing(model, by=by, why=why, version=version):
        changes = write_weights(model, as_weights(criteria, shares))
    if changes:
        events.record(by=by, verb="model.weight_set", obj=model, changes=changes)
    answers.applied_version = model.version
    answers.save(update_fields=["applied_version"])
    return model
