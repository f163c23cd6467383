"""Further numbers of items that custom formulas may read: demand, and whatever an app registers.

An app that keeps numbers of items (custom fields, evidence) registers a source from its
``AppConfig.ready``::

    register(Source(fields=lambda product: [...], values=lambda product, item_ids: {...}))

and its fields can be named in every formula of the product. A change of such a number is recorded
as an event, as every write is, and so ranks anew.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tandem.accounts.models import Product
from tandem.prioritisation.models import ScoringModel
from tandem_engine.prioritisation import DEMAND, Field

#: By item id: the field's slug and its number.
Values = dict[int, dict[str, float]]


@dataclass(frozen=True)
class Source:
    """Where further numbers come from. ``values`` with ``None`` asks for every item."""

    fields: Callable[[Product], Iterable[Field]]
    values: Callable[[Product, Iterable[int] | None], Values]


_sources: list[Source] = []


def register(source: Source) -> None:
    if source not in _sources:
        _sources.append(source)


def unregister(source: Source) -> None:
    """Take a source back; for tests."""
    _sources.remove(source)


def fields_for(product: Product | None) -> tuple[Field, ...]:
    """The fields a formula of this product may name; demand is always one of them."""
    found = {DEMAND.slug: DEMAND}
    if product is not None:
        for source in _sources:
            found |= {field.slug: field for field in source.fields(product)}
    return tuple(found.values())


def fields_of(model: ScoringModel | None) -> tuple[Field, ...]:
    """The fields a model's formula may name; asks for its product only when there is more."""
    return fields_for(model.product if _sources and model is not None else None)


def values_for(product: Product, item_ids: Iterable[int] | None = None) -> Values:
    """The numbers of these items, or of all the product's; items without any are left out."""
    found: Values = {}
    ids = None if item_ids is None else list(item_ids)
    for source in _sources:
        for pk, numbers in source.values(product, ids).items():
            found.setdefault(pk, {}).update(numbers)
    return found
