"""A saved view: a filter with its order, columns, layout and grouping, under a name."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tandem.accounts.models import Member, Product


class Layout(models.TextChoices):
    LIST = "list", _("List")
    TABLE = "table", _("Table")
    BOARD = "board", _("Board")
    CALENDAR = "calendar", _("Calendar")


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def seen_by(self, member: Member, product: Product) -> "SavedViewQuerySet":
        """The member's own and the shared ones."""
        return self.filter(Q(owner=member) | Q(is_shared=True), product=product)


class SavedView(models.Model):
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="views")
    #: In its address; counted in the product.
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    owner = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    is_shared = models.BooleanField(default=False)
    #: Stands among the backlog's tabs: of everybody who sees it.
    is_pinned = models.BooleanField(default=False)
    #: In the filter's language, its order included. Own fields stand there by their slugs.
    filter = models.CharField(max_length=1000, blank=True)
    #: Names of columns; null: the ones each person chose.
    columns = models.JSONField(null=True, blank=True)
    layout = models.CharField(max_length=8, choices=Layout.choices, default=Layout.LIST)
    #: What the list is grouped by, or the calendar shows: a field's name.
    group = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["product", "number"], name="one_view_per_number"),
        ]

    def __str__(self) -> str:
        return self.name
