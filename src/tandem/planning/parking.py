"""What planning keeps from being parked: items of the newest committed plan that are in it."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Product
from tandem.backlog.operations.parking import spare
from tandem.planning.models import Plan, PlanItem


def in_plan(product: Product) -> QuerySet[Any]:
    newest = Plan.objects.filter(scenario__product=product, committed_at__isnull=False)
    newest = newest.order_by("-committed_at")
    return PlanItem.objects.filter(plan=newest.values("pk")[:1]).values("item")


spare(N_("in the committed plan"), in_plan)
