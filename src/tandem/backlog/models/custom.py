"""A product's own fields, and what its items hold in them."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tandem.accounts.models import Member, Product
from tandem.backlog.models.item import Item


class FieldKind(models.TextChoices):
    TEXT = "text", pgettext_lazy("field", "Text")
    NUMBER = "number", pgettext_lazy("field", "Number")
    CHOICE = "choice", pgettext_lazy("field", "Choice")
    DATE = "date", _("Date")
    PERSON = "person", _("Person")
    CHECK = "check", pgettext_lazy("field", "Check")
    LINK = "link", pgettext_lazy("field", "Link")


class OnNew(models.TextChoices):
    """Whether the dialog for a new item has a field."""

    NO = "", _("Not in the dialog")
    ASKED = "asked", pgettext_lazy("field", "Asked for")
    NEEDED = "needed", _("Needed")


class CustomFieldQuerySet(models.QuerySet["CustomField"]):
    def of(self, product: Product) -> "CustomFieldQuerySet":
        return self.filter(product=product)

    def in_use(self) -> "CustomFieldQuerySet":
        return self.filter(archived_at=None)


class CustomField(models.Model):
    """One field. Its ``slug`` never changes: views, filters, formulas and the API name it so."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="fields")
    slug = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=8, choices=FieldKind.choices)
    hint = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    #: Shown on the board's cards.
    on_card = models.BooleanField(default=False)
    #: In the dialog for a new item: not there, asked for, or needed.
    on_new = models.CharField(max_length=8, choices=OnNew.choices, blank=True)
    #: Of a choice, in their order: ``{"slug", "name", "color", "number", "gone"}``. A choice that
    #: is ``gone`` stays on the items that hold it and is offered to none.
    choices = models.JSONField(default=list, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = CustomFieldQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["product", "slug"], name="one_field_per_slug"),
            models.UniqueConstraint(
                "product",
                Lower("name"),
                condition=Q(archived_at=None),
                name="one_field_per_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def offered(self) -> list[dict[str, Any]]:
        """The choices an item can be given."""
        return [choice for choice in self.choices if not choice.get("gone")]

    def choice(self, slug: str) -> dict[str, Any] | None:
        return next((each for each in self.choices if each["slug"] == slug), None)

    def place_of(self, slug: str) -> int:
        """The choice's place: what its items are sorted by."""
        return next((n for n, each in enumerate(self.choices) if each["slug"] == slug), 0)


class FieldValue(models.Model):
    """What one item holds in one field; an item without a value has no row.

    ``text`` is the value itself as text. The rest stands for the indexes: ``number`` is what is
    compared and sorted by (the number, the day counted from year 1, a choice's place, 1 for a
    check), ``word`` what is looked up (a choice's slug, a text's folded beginning).
    """

    # The indexes below begin with them.
    field = models.ForeignKey(
        CustomField, on_delete=models.CASCADE, related_name="values", db_index=False
    )
    item = models.ForeignKey(
        Item, on_delete=models.CASCADE, related_name="field_values", db_index=False
    )
    text = models.TextField(blank=True)
    # Null and not empty: only then do both databases see that a looked-up word is in the index.
    word = models.CharField(max_length=60, null=True)  # noqa: DJ001
    number = models.FloatField(null=True)
    member = models.ForeignKey(Member, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "field"], name="one_value_per_field"),
        ]
        indexes = [
            models.Index(
                fields=["field", "number", "item"],
                condition=Q(number__isnull=False),
                name="value_by_number",
            ),
            models.Index(
                fields=["field", "word", "item"],
                condition=Q(word__isnull=False),
                name="value_by_word",
            ),
            models.Index(
                fields=["field", "member", "item"],
                condition=Q(member__isnull=False),
                name="value_by_member",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.item_id}"
