"""Answers to the criteria of a lens."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.backlog.models import Item
from tandem.core import events
from tandem.core.errors import Refused
from tandem.prioritisation.calculations_fading import is_stale
from tandem.prioritisation.calculations_models import model_in_force, models_of
from tandem.prioritisation.checks import Said, said_on
from tandem.prioritisation.models import Rating, ScoringCriterion, ScoringModel
from tandem.prioritisation.operations.models import model_ensure
from tandem.prioritisation.permissions import require_rating
from tandem.prioritisation.rows import rating_replace
from tandem.ui.phrases import plain


@transaction.atomic
def criterion_to_rate(
    *, by: Member, product: Product, slug: str, model: str | int | None = None
) -> ScoringCriterion:
    """The criterion ``slug`` of the named model, or of the one plans use, which is made if need be.

    A named preset that was never saved is no model to rate in: create it first.
    """
    if model in (None, "") and not ScoringModel.objects.filter(product=product).exists():
        # Before anything is made: who may not rate at all makes no model either.
        found = next((c for c in models_of(product)[0].criteria if c.slug == slug), None)
        if found is not None:
            require_rating(by, found)
        model_ensure(by=by, product=product)
    chosen = model_in_force(product, model)
    if chosen.row is None:
        raise Refused(
            _("%(product)s has no scoring model %(chosen)s yet. Create it first.")
            % {"product": product.name, "chosen": chosen.name},
            field="model",
        )
    criterion = chosen.criterion(slug)
    if criterion is None:
        slugs = ", ".join(each.slug for each in chosen.rated())
        raise Refused(
            _("%(chosen)s has no criterion %(slug)s. Criteria: %(slugs)s.")
            % {"chosen": chosen.name, "slug": slug, "slugs": slugs},
            field="criterion",
        )
    return criterion


@transaction.atomic
def rating_set(
    *,
    by: Member,
    item: Item,
    criterion: ScoringCriterion,
    value: Any,
    low: Any = None,
    high: Any = None,
    confidence: Any = None,
    note: str = "",
) -> Rating:
    """The member's answer to a criterion of their lens; the older one stays in the history.

    ``low``/``high`` (P10/P90) come together; ``confidence`` is 0 to 1.
    """
    require_rating(by, criterion)
    if item.workspace_id != by.workspace_id:
        raise Refused(_("This item belongs to another workspace."), field="item")
    if criterion.model.product_id != item.product_id:
        raise Refused(_("The criterion belongs to another product."), field="criterion")
    said = said_on(criterion, value=value, low=low, high=high, confidence=confidence, note=note)
    # The item's row is the lock: two answers of one member at once come one after the other.
    if not Item.objects.select_for_update().filter(pk=item.pk, deleted_at=None).exists():
        raise Refused(
            _("%(item)s was deleted meanwhile. Bring it back to rate it.") % {"item": item.key},
            field="item",
        )
    _refuse_agreed(item, criterion)
    before = Rating.objects.current().filter(item=item, criterion=criterion, member=by).first()
    if before is not None and said == _said_in(before) and not _is_old(before, criterion):
        return before
    rating = rating_replace(member=by, item=item, criterion=criterion, said=said, before=before)
    events.record(
        by=by,
        verb="item.rated",
        obj=item,
        changes={criterion.name: [before.value if before else None, said.value]},
    )
    return rating


def _said_in(rating: Rating) -> Said:
    return Said(rating.value, rating.low, rating.high, rating.confidence, rating.note)


def _is_old(rating: Rating, criterion: ScoringCriterion) -> bool:
    """A stale answer is given anew even when it says the same: its date is what changes."""
    return is_stale(criterion, rating.rated_at)


def _refuse_agreed(item: Item, criterion: ScoringCriterion) -> None:
    """What a session settled stands until it is stale, or until another session settles it."""
    agreed = (
        Rating.objects.current()
        .filter(item=item, criterion=criterion, agreed_in__isnull=False)
        .select_related("agreed_in__session")
        .first()
    )
    if agreed is None or agreed.agreed_in is None or _is_old(agreed, criterion):
        return
    raise Refused(
        _(
            "%(criterion)s of %(item)s was settled at %(agreed)s in the session %(session)s. Challenge it, or rate it again in another session."
        )
        % {
            "criterion": criterion.name,
            "item": item.key,
            "agreed": plain(agreed.value),
            "session": agreed.agreed_in.session.name,
        },
        field="value",
    )


@transaction.atomic
def rating_withdraw(*, by: Member, item: Item, criterion: ScoringCriterion) -> None:
    """The member has no answer any more: the criterion counts as its whole scale again."""
    require_rating(by, criterion)
    _refuse_agreed(item, criterion)
    current = Rating.objects.current().filter(item=item, criterion=criterion, member=by).first()
    if current is None:
        return
    current.superseded_at = timezone.now()
    current.save(update_fields=["superseded_at"])
    events.record(
        by=by, verb="item.rated", obj=item, changes={criterion.name: [current.value, None]}
    )
