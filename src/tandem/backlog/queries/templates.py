"""What the dialog for a new item offers to begin with."""

from tandem.accounts.models import Product
from tandem.backlog.models import ItemTemplate


def templates_of(product: Product) -> list[tuple[str, str]]:
    """Choices of a template; nothing while the product has none."""
    rows = ItemTemplate.objects.filter(product=product)
    found = [(str(row.number), f"{row.name} ({row.get_kind_display().lower()})") for row in rows]
    return [("default", "The kind's own"), ("", "None"), *found] if found else []
