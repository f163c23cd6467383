"""What is steered. A workspace has several products."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tandem.accounts.models.member import Member
from tandem.accounts.models.workspace import Workspace

KEY_PATTERN = r"^[A-Z][A-Z0-9]{1,9}$"
#: Keys that are words of addresses.
RESERVED_KEYS = frozenset(
    {"PEOPLE", "PRODUCTS", "SETTINGS", "NEW", "PALETTE", "SEARCH", "ACTIVITY", "AUDIT"}
)


class ProductQuerySet(models.QuerySet["Product"]):
    def visible_to(self, member: Member) -> "ProductQuerySet":
        return self.filter(workspace_id=member.workspace_id, deleted_at=None)


class Product(models.Model):
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="products")
    key = models.CharField(
        max_length=10,
        validators=[
            RegexValidator(KEY_PATTERN, _("A key is 2 to 10 capital letters and digits, like WEB."))
        ],
    )
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    #: The unit estimates are written in: "points", "days".
    estimate_unit = models.CharField(max_length=20, default="points")
    #: The number the next item gets.
    next_number = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    #: What happened before this moment is not kept any more, see ``history_keeping``.
    history_from = models.DateTimeField(null=True, blank=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "key"],
                name="one_product_per_key",
                violation_error_message=_("This workspace has a product with this key already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
