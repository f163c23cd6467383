"""What a new item of a kind begins with: texts, acceptance criteria, labels, own fields."""

from django.db import models

from tandem.accounts.models import Product
from tandem.backlog.models.item import Kind


class ItemTemplate(models.Model):
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="item_templates")
    #: In its address; counted in the product.
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.STORY)
    #: Offered first for its kind.
    is_default = models.BooleanField(default=False)
    #: ``Refund: {title}``; without ``{title}`` it is the title where nobody writes one.
    title = models.CharField(max_length=300, blank=True)
    description = models.TextField(blank=True)
    story_role = models.CharField(max_length=300, blank=True)
    story_want = models.TextField(blank=True)
    story_benefit = models.TextField(blank=True)
    #: Texts of criteria, in their order.
    criteria = models.JSONField(default=list, blank=True)
    #: Names of labels.
    labels = models.JSONField(default=list, blank=True)
    #: What the product's own fields get, as it was written: ``{slug: text}``.
    values = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["kind", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["product", "number"], name="one_template_per_number"),
            models.UniqueConstraint(
                fields=["product", "kind"],
                condition=models.Q(is_default=True),
                name="one_default_template_per_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.name
