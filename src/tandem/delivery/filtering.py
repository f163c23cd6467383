"""What the backlog's filter can ask of delivery: the sprint an item is in, the team it is meant for."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.backlog.language.fields import (
    Asking,
    Field,
    Offer,
    Sorting,
    named_choice,
    refuse_choice,
    register,
)
from tandem.backlog.language.parsing import Term
from tandem.delivery.models import Assignment, Sprint, SprintItem, SprintState, Team

SPRINTS_OFFERED = 30


def _sprints(asking: Asking) -> list[Sprint]:
    if "sprints" not in asking.kept:
        rows = Sprint.objects.filter(team__product=asking.product).select_related("team")
        asking.kept["sprints"] = list(rows.order_by("-start_date", "-pk"))
    sprints: list[Sprint] = asking.kept["sprints"]
    return sprints


def _sprint(asking: Asking, term: Term, field: Field) -> tuple[Q, str]:
    """By number (of any team), by ``Team sprint 3``, or ``current`` and ``next``."""
    found: list[int] = []
    nowhere = False
    for value in term.values:
        word = value.text.casefold()
        if word == "none":
            nowhere = True
            continue
        fits = [
            each
            for each in _sprints(asking)
            if word in (str(each.number), str(each).casefold())
            or (word == "current" and each.state == SprintState.RUNNING)
            or (word == "next" and each.state == SprintState.PLANNED)
        ]
        if not fits and word not in ("current", "next"):
            known = [str(each) for each in _sprints(asking)[:SPRINTS_OFFERED]]
            refuse_choice(value, "Sprint", ["current", "next", "none", *known])
        found += [each.pk for each in fits]
    entries = SprintItem.objects.filter(sprint__in=found)
    q = Q(pk__in=entries.values("item_id"))
    if nowhere:
        q |= ~_in_any(asking)
    return q, ", ".join(value.text for value in term.values)


def _in_any(asking: Asking) -> Q:
    return Q(Exists(SprintItem.objects.filter(item=OuterRef("pk"))))


def _sprint_offers(asking: Asking) -> Sequence[Offer]:
    return [
        Offer("current", _("The running sprints")),
        Offer("next", _("The planned sprints")),
        Offer("none", _("In no sprint")),
        *(Offer(str(each), str(each)) for each in _sprints(asking)[:SPRINTS_OFFERED]),
    ]


def _teams(asking: Asking) -> dict[str, Team]:
    if "teams" not in asking.kept:
        asking.kept["teams"] = {team.name: team for team in Team.objects.of(asking.product)}
    teams: dict[str, Team] = asking.kept["teams"]
    return teams


def _team(asking: Asking, term: Term, field: Field) -> tuple[Q, str]:
    found, words = named_choice(asking, term, "Team", _teams(asking))
    meant = Assignment.objects.filter(team__in=[team.pk for team in found])
    return Q(pk__in=meant.values("item_id")), words


register(
    Field(
        "sprint",
        N_("Sprint"),
        _sprint,
        order=25,
        offers=_sprint_offers,
        present=_in_any,
        hint=N_("current, next, none, a number or a sprint's name"),
    ),
    Field(
        "team",
        N_("Team"),
        _team,
        order=26,
        offers=lambda asking: [Offer(name, name) for name in _teams(asking)],
        present=lambda _asking: Q(Exists(Assignment.objects.filter(item=OuterRef("pk")))),
        sorting=Sorting(N_("Team"), "assignment__team__name", folded=True),
    ),
)
