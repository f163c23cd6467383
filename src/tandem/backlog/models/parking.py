"""The rule by which a product's stale items are parked."""

from django.db import models
from django.db.models import Q

from tandem.accounts.models import Member, Product
from tandem.backlog.models.label import Label
from tandem_engine.words import counted, said

DAYS = 180


class ParkingRule(models.Model):
    """Open items nobody touched for ``days`` are parked each night; none without a rule."""

    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="parking_rule")
    is_on = models.BooleanField(default=False)
    days = models.PositiveIntegerField(default=DAYS)
    #: Items with this label are never parked.
    spared_label = models.ForeignKey(
        Label, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    #: In whose name the nightly job parks.
    set_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(days__gte=7), name="parked_after_a_week_or_more"),
        ]

    def __str__(self) -> str:
        if not self.is_on:
            return said("off")
        return counted("after %(count)s day", "after %(count)s days", count=self.days)
