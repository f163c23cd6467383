"""What the dialog for a new item offers to begin with."""

from django.utils.translation import gettext as _

from tandem.accounts.models import Product
from tandem.backlog.models import ItemTemplate
from tandem.ui.filters import inside


def templates_of(product: Product) -> list[tuple[str, str]]:
    """Choices of a template; nothing while the product has none."""
    rows = ItemTemplate.objects.filter(product=product)
    found = [(str(row.number), f"{row.name} ({inside(row.get_kind_display())})") for row in rows]
    return [("default", _("The kind's own")), ("", _("None")), *found] if found else []
