"""What the palette finds: items by key and title, people, products."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, Q, Value, When

from tandem.accounts.models import Member, Product
from tandem.backlog.models import Item
from tandem.backlog.models.item import number_of

MOST = 8


@dataclass(frozen=True)
class FoundItem:
    key: str
    product: str
    kind: str
    title: str
    status: str
    category: str


@dataclass(frozen=True)
class Found:
    items: list[FoundItem]
    people: list[tuple[str, str]]
    products: list[tuple[str, str]]


def find(member: Member, text: str, product: Product | None, products: Sequence[Product]) -> Found:
    """Up to eight of each; the item whose key was typed goes first, then the product's own.

    ``products``: all that the member sees. Two queries; none for a text without letters.
    """
    words = text.replace("\x00", "").split()[:8]
    if not words:
        return Found([], [], [])
    said = Q()
    for word in words:
        said &= Q(title__holds=word)
    exact = _exact(text, product, products)
    rows = (
        Item.objects.visible_to(member)
        .filter(product__in=[each.pk for each in products])
        .filter(said | exact if exact else said)
        .order_by(
            *([Case(When(exact, then=Value(0)), default=Value(1))] if exact else []),
            *(
                [Case(When(product=product, then=Value(0)), default=Value(1))]
                if product and len(products) > 1
                else []
            ),
            "-updated_at",
            "-id",
        )
    )
    keys = {each.pk: each.key for each in products}
    values = rows.values_list(
        "product_id", "number", "kind", "title", "status__name", "status__category"
    )
    items = [
        FoundItem(f"{keys[pk]}-{number}", keys[pk], *rest) for pk, number, *rest in values[:MOST]
    ]
    people = Member.objects.visible_to(member).active()
    for word in words:
        people = people.filter(Q(user__name__holds=word) | Q(user__email__icontains=word))
    named = [
        (row.name, row.get_role_display())
        for row in people.select_related("user").order_by("user__name")[:MOST]
    ]
    fitting = [
        (each.key, each.name)
        for each in products
        if all(word.casefold() in f"{each.key} {each.name}".casefold() for word in words)
    ]
    return Found(items, named, fitting[:MOST])


def _exact(text: str, product: Product | None, products: Sequence[Product]) -> Q | None:
    """The item whose key was typed in full, or whose number, inside its product."""
    text = text.strip()
    for each in products:
        number = number_of(each, text)
        if number is not None:
            return Q(product=each, number=number)
    if product and text.isascii() and text.isdigit() and len(text) <= 9:
        return Q(product=product, number=int(text))
    return None
