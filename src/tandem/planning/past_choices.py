"""Committed plans as past choices: what was planned, and what was left out of the plan."""

from collections.abc import Iterable

from tandem.accounts.models import Product
from tandem.backlog.models import Item
from tandem.planning.models import Plan, PlanItem
from tandem.prioritisation.choices import Occasion, register


def commitments(product: Product) -> Iterable[Occasion]:
    """Every plan that was committed, the oldest first."""
    plans = Plan.objects.filter(scenario__product=product, committed_at__isnull=False)
    for plan in plans.order_by("committed_at"):
        # Those "outside" were under way already: nobody chose between them and the rest.
        left = [each for each in plan.details.get("left_out", []) if each["code"] != "outside"]
        keys = [each["key"] for each in left]
        left_out = Item.objects.with_keys(product, keys).values_list("pk", flat=True)
        chosen = PlanItem.objects.filter(plan=plan).values_list("item_id", flat=True)
        at = plan.committed_at
        if at is not None:
            yield Occasion(at, frozenset(chosen), frozenset(left_out), "committed")


register(commitments)
