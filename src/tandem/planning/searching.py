"""Scenarios, as they are found."""

from collections.abc import Sequence

from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member
from tandem.core.index.kinds import Kind, Shown, register
from tandem.planning.models import Scenario


def _scenarios(member: Member, numbers: Sequence[int]) -> dict[int, Shown]:
    rows = Scenario.objects.visible_to(member).filter(pk__in=numbers).select_related("product")
    return {
        row.pk: Shown(
            row.name,
            "planning:plan",
            {"product": row.product.key},
            hint=row.product.name,
            query=f"scenario={row.pk}",
        )
        for row in rows
    }


register(
    Kind(
        name="scenario",
        one=N_("Scenario"),
        many=N_("Scenarios"),
        icon="git-branch",
        action="plan.view",
        area="planning",
        order=55,
        table="planning_scenario",
        columns=("name", "purpose", "product_id"),
        workspace="p.workspace_id",
        product="t.product_id",
        title="t.name",
        body="t.purpose",
        at="t.created_at",
        joins="JOIN accounts_product p ON p.id = t.product_id",
        shown=_scenarios,
    )
)
