"""A relation between two items of one product."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tandem.backlog.models.item import Item


class DependencyKind(models.TextChoices):
    BLOCKS = "blocks", _("blocks")
    RELATES = "relates", _("relates to")
    DUPLICATES = "duplicates", _("duplicates")
    #: Made by splitting: the new item points to the one it came from.
    SPLIT = "split", _("split from")


class Dependency(models.Model):
    """``from_item`` blocks / relates to / duplicates / was split from ``to_item``."""

    from_item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="dependencies_out")
    to_item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="dependencies_in")
    kind = models.CharField(max_length=10, choices=DependencyKind.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["from_item", "to_item", "kind"], name="one_dependency_each"
            ),
            models.CheckConstraint(
                condition=~models.Q(from_item=models.F("to_item")), name="no_dependency_on_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_item.key} {self.get_kind_display()} {self.to_item.key}"

    @property
    def product_id(self) -> int:
        return self.from_item.product_id
