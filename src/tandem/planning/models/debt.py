"""What a piece of debt costs while it is not paid back, until there is a register of debt."""

from django.db import models
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member
from tandem.backlog.models import Item
from tandem_engine.words import said


class InterestUnit(models.TextChoices):
    EFFORT = "effort", N_("effort a week")
    SCORE = "score", N_("score a week")


class DebtPrice(models.Model):
    """The interest of a debt item, entered by hand. Its principal is the item's estimate."""

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="debt_price")
    #: How much is lost each week, in ``unit``.
    interest = models.FloatField()
    unit = models.CharField(max_length=6, choices=InterestUnit.choices, default=InterestUnit.EFFORT)
    reason = models.CharField(max_length=300, blank=True)
    set_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(interest__gte=0), name="interest_from_zero"),
        ]

    def __str__(self) -> str:
        return said("interest of %(key)s", key=self.item.key)

    @property
    def product_id(self) -> int:
        return self.item.product_id
