"""Who rates a criterion, and for how long a rating of it counts in full."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Role
from tandem.accounts.permissions import require
from tandem.core import events
from tandem.core.errors import Refused
from tandem.prioritisation.checks import number_of
from tandem.prioritisation.models import ScoringCriterion, ScoringModel
from tandem.prioritisation.permissions import RATING_ROLES
from tandem.prioritisation.versions import changing
from tandem_engine.words import said

LONGEST_LIFE: Final = 3650


@transaction.atomic
def raters_set(
    *,
    by: Member,
    model: ScoringModel,
    raters: Mapping[str, Iterable[str]],
    version: int | None = None,
) -> ScoringModel:
    """The roles that rate a criterion, by the criteria's slugs (or a lens, for all of its); no
    roles: those of its lens. Ratings given before stay."""
    return _set(by, model, "raters", raters, _roles, "model.raters_set", version)


@transaction.atomic
def expiry_set(
    *, by: Member, model: ScoringModel, days: Mapping[str, Any], version: int | None = None
) -> ScoringModel:
    """After how many days a rating is stale, by the criteria's slugs (or a lens, for all of its);
    nothing: never."""
    return _set(by, model, "expires_after_days", days, _days, "model.expiry_set", version)


def _set(
    by: Member,
    model: ScoringModel,
    field: str,
    given: Mapping[str, Any],
    checked: Callable[[Any, str], Any],
    verb: str,
    version: int | None,
) -> ScoringModel:
    require(by, "model.edit", model)
    changes: dict[str, Any] = {}
    with changing(model, by=by, why=said("Rules of rating set."), version=version):
        rows = [each for each in model.criteria.filter(removed_at=None) if each.kind == "rating"]
        for word, value in given.items():
            meant = _meant(model, rows, word)
            value = checked(value, word)
            for row in meant:
                before = getattr(row, field)
                if before != value:
                    changes[row.slug] = [before, value]
                    setattr(row, field, value)
        ScoringCriterion.objects.bulk_update(rows, [field])
    if changes:
        events.record(by=by, verb=verb, obj=model, changes=changes)
    return model


def _meant(model: ScoringModel, rows: list[ScoringCriterion], word: str) -> list[ScoringCriterion]:
    found = [each for each in rows if word in (each.slug, each.lens)]
    if not found:
        raise Refused(
            _("%(model)s has no rated criterion %(word)s.") % {"model": model.name, "word": word},
            field=word,
        )
    return found


def _roles(value: Any, field: str) -> list[str]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise Refused(_("Name the roles as a list."), field=field)
    named = [str(each) for each in value]
    for word in named:
        if word not in RATING_ROLES:
            raise Refused(
                _("“%(word)s” rates nothing. Roles: %(known)s.")
                % {"word": word[:40], "known": ", ".join(RATING_ROLES)},
                field=field,
            )
    return [role.value for role in Role if role in named]


def _days(value: Any, field: str) -> int | None:
    number = number_of(value, field)
    if number is None:
        return None
    if number != int(number) or not 1 <= number <= LONGEST_LIFE:
        raise Refused(
            _("A rating expires after 1 to %(most)s whole days.") % {"most": LONGEST_LIFE},
            field=field,
        )
    return int(number)
