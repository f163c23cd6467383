"""Who may rate through which lens, and who shapes scoring models and holds rating sessions.

A lens has its roles; a criterion may name others in its ``raters``, and then only those rate it.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member, Role
from tandem.accounts.permissions import CONTRIBUTORS, EVERYBODY, MAKERS, STEERING, can, declare
from tandem.accounts.permissions import declared as _declared
from tandem.core.errors import PermissionRefused
from tandem.prioritisation.models import ScoringCriterion
from tandem.ui.filters import spoken
from tandem_engine.words import named

declare("score.view", EVERYBODY, N_("see scores"))
declare("model.edit", STEERING, N_("change scoring models"))
declare("rating.value", (Role.PRODUCT_OWNER, Role.ADMIN), N_("rate through the value lens"))
declare("rating.technical", (Role.TECHNICAL_PM, Role.ADMIN), N_("rate through the technical lens"))
declare("rating.challenge", CONTRIBUTORS, N_("challenge ratings"))
declare("session.hold", STEERING, N_("hold rating sessions"))
declare("session.estimate", MAKERS, N_("estimate in sessions"))
declare("session.compare", CONTRIBUTORS, N_("compare items in sessions"))

#: The action that rating a criterion of a lens needs, unless the criterion names its raters.
RATE = {"value": "rating.value", "technical": "rating.technical"}
#: The roles a criterion may name: those who take part.
RATING_ROLES = tuple(Role(each) for each in CONTRIBUTORS)


def roles_rating(criterion: ScoringCriterion) -> list[Role]:
    """Who rates the criterion, in the order of the roles."""
    named = criterion.raters or _declared()[RATE[criterion.lens]]
    return [role for role in Role if role in named]


def may_rate(member: Member, criterion: ScoringCriterion) -> bool:
    return member.ended_at is None and Role(member.role) in roles_rating(criterion)


def require_rating(member: Member, criterion: ScoringCriterion) -> None:
    """Refuse who does not rate this criterion, and say who does."""
    if not may_rate(member, criterion):
        roles = spoken(named(str(role.label) for role in roles_rating(criterion)))
        raise PermissionRefused(
            _(
                "Your role here (%(role)s) does not rate %(criterion)s: %(roles)s may. Challenge a rating to say that you see it differently."
            )
            % {"role": Role(member.role).label, "criterion": criterion.name, "roles": roles}
        )


def lenses_of(member: Member, criteria: Iterable[ScoringCriterion] | None = None) -> list[str]:
    """The lenses through which this member rates any of ``criteria``; without them, by role."""
    if criteria is None:
        return [lens for lens, action in RATE.items() if can(member, action)]
    mine = {each.lens for each in criteria if each.kind == "rating" and may_rate(member, each)}
    return [lens for lens in RATE if lens in mine]
