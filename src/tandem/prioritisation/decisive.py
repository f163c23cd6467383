"""Which disputes change the plan: asked of whoever makes plans, which is an app above this one."""

from collections.abc import Callable

from tandem.accounts.models import Product

Ask = Callable[[Product], list[int] | None]

_asked: list[Ask] = []


def answers(ask: Ask) -> None:
    """``ask`` answers the decisive items' numbers; ``None`` when it was never worked out."""
    _asked[:] = [ask]


def decisive_numbers(product: Product) -> list[int] | None:
    """The numbers of the items whose dispute changes the plan, as last worked out."""
    return _asked[0](product) if _asked else None
