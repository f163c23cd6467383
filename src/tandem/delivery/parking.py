"""What delivery keeps from being parked: items in sprints that are planned or run."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Product
from tandem.backlog.operations.parking import spare
from tandem.delivery.models import SprintItem, SprintState


def in_sprints(product: Product) -> QuerySet[Any]:
    rows = SprintItem.objects.filter(
        item__product=product, sprint__state__in=(SprintState.PLANNED, SprintState.RUNNING)
    )
    return rows.values("item")


spare(N_("in a sprint to come"), in_sprints)
