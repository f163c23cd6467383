"""What pages that count items say of parked ones."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from tandem.accounts.models import Product
from tandem.backlog.models import Item
from tandem.ui.filters import number


def parked_note(product: Product) -> SafeString | str:
    """``12 parked items are left out.``; nothing while there are none."""
    count = Item.objects.of(product).filter(parked_at__isnull=False).count()
    if not count:
        return ""
    words = ngettext(
        "%(count)s parked item is left out.", "%(count)s parked items are left out.", count
    ) % {"count": number(count)}
    here = {"workspace": product.workspace.slug, "product": product.key}
    address = f"{reverse('backlog:list', kwargs=here)}?q=is%3Aparked"
    return format_html('<a class="quiet" href="{}">{}</a>', address, words)
