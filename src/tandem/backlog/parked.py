"""What pages that count items say of parked ones."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from tandem.accounts.models import Product
from tandem.backlog.models import Item


def parked_note(product: Product) -> SafeString | str:
    """``12 parked items are left out.``; nothing while there are none."""
    count = Item.objects.of(product).filter(parked_at__isnull=False).count()
    if not count:
        return ""
    words = "1 parked item is left out." if count == 1 else f"{count:,} parked items are left out."
    return format_html('<span class="quiet">{}</span>', words)
