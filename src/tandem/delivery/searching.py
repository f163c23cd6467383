"""Teams and sprints, as they are found."""

from collections.abc import Sequence

from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member
from tandem.core.index.kinds import Follows, Kind, Shown, register
from tandem.delivery.models import Sprint, Team
from tandem.ui.filters import spoken


def _teams(member: Member, numbers: Sequence[int]) -> dict[int, Shown]:
    rows = Team.objects.visible_to(member).filter(pk__in=numbers).select_related("product")
    return {
        row.pk: Shown(
            row.name,
            "delivery:team",
            {"product": row.product.key, "pk": row.pk},
            hint=row.product.name,
        )
        for row in rows
    }


def _sprints(member: Member, numbers: Sequence[int]) -> dict[int, Shown]:
    rows = Sprint.objects.visible_to(member).filter(pk__in=numbers).select_related("team__product")
    return {
        row.pk: Shown(
            spoken(str(row)),
            "delivery:sprint",
            {"product": row.team.product.key, "pk": row.pk},
            hint=row.get_state_display(),
        )
        for row in rows
    }


register(
    Kind(
        name="team",
        one=N_("Team"),
        many=N_("Teams"),
        icon="users-group",
        action="team.view",
        area="delivery",
        order=75,
        table="delivery_team",
        columns=("name", "product_id"),
        workspace="p.workspace_id",
        product="t.product_id",
        title="t.name",
        body="''",
        at="t.id",
        joins="JOIN accounts_product p ON p.id = t.product_id",
        shown=_teams,
    )
)
register(
    Kind(
        name="sprint",
        one=N_("Sprint"),
        many=N_("Sprints"),
        icon="rocket",
        action="sprint.view",
        area="delivery",
        order=50,
        table="delivery_sprint",
        columns=("number", "goal", "team_id"),
        workspace="p.workspace_id",
        product="s.product_id",
        title="s.name || ' sprint ' || t.number",
        body="t.goal",
        at="t.start_date",
        joins="JOIN delivery_team s ON s.id = t.team_id "
        "JOIN accounts_product p ON p.id = s.product_id",
        follows=(Follows("delivery_team", ("name", "product_id"), "team_id"),),
        shown=_sprints,
    )
)
