from django.db import models

from tandem.accounts.models import Product


class Label(models.Model):
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="labels")
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["product", "name"], name="one_label_per_name"),
        ]

    def __str__(self) -> str:
        return self.name
