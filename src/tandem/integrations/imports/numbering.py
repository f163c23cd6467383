"""The numbers of new items."""

import re

from tandem.accounts.models import Product
from tandem.backlog.models import Item


def give_numbers(product: Product, items: list[Item]) -> None:
    """Keep ``WEB-42`` as it was when the product's key is the source's; else count on."""
    pattern = re.compile(rf"^{re.escape(product.key)}-(\d{{1,9}})$")
    wanted = {}
    for item in items:
        match = pattern.match(item.source_ref)
        if match and int(match[1]) > 0:
            wanted[item.source_ref] = int(match[1])
    taken = set(
        Item.objects.filter(product=product, number__in=list(wanted.values())).values_list(
            "number", flat=True
        )
    )
    for item in items:
        number = wanted.get(item.source_ref)
        if number is not None and number not in taken:
            item.number = number
            taken.add(number)
            product.next_number = max(product.next_number, number + 1)
    for item in items:
        if not item.number:
            item.number = product.next_number
            product.next_number += 1
