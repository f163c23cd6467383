"""Which live updates this app's pages follow."""

from tandem.accounts.models import Member, Product
from tandem.backlog.models import Item
from tandem.core.live import register


def may_follow_item(member: Member, product: Product, number: int) -> bool:
    return Item.objects.visible_to(member).filter(product=product, pk=number).exists()


register("item", may_follow_item)
