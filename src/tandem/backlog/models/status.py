"""A product's statuses; each belongs to one of four categories the engines understand."""

from django.db import models

from tandem.accounts.models import Product


class Category(models.TextChoices):
    OPEN = "open", "Open"
    STARTED = "started", "Started"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"


#: What a new product starts with.
DEFAULTS = (
    ("Backlog", Category.OPEN),
    ("Ready", Category.OPEN),
    ("In progress", Category.STARTED),
    ("In review", Category.STARTED),
    ("Done", Category.DONE),
    ("Dropped", Category.DROPPED),
)


class Status(models.Model):
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="statuses")
    name = models.CharField(max_length=60)
    category = models.CharField(max_length=8, choices=Category.choices)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["product", "name"], name="one_status_per_name"),
        ]

    def __str__(self) -> str:
        return self.name
