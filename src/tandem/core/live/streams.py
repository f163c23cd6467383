"""Which streams there are, and who may follow them. ``core`` knows no nouns: apps register theirs."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest

#: One's own inbox.
ME: Final = "me"
#: The whole product's stream; all others are called ``<kind of row>:<number>``.
PRODUCT: Final = "product"
MOST_STREAMS: Final = 8


@dataclass(frozen=True)
class Admitted:
    """Whose stream it is: hints of this product alone go into it."""

    product_id: int
    member_id: int = 0


class Refusal(Exception):
    """No stream: ``status`` is 401 (not signed in), 403 or 404."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


#: ``may(member, product, number)``: whether this member may follow the row's stream.
May = Callable[[Any, Any, int], bool]
#: ``admit(request, workspace, product, streams)``: who may come in; raises ``Refusal``.
Admit = Callable[[HttpRequest, str, str, Collection[str]], Admitted]
_kinds: dict[str, May] = {}
_door: list[Admit] = []


def register(kind: str, may: May) -> None:
    """Let pages follow the rows of this kind (an event's ``object_kind``)."""
    _kinds[kind] = may


def doorkeeper(admit: Admit) -> Admit:
    """The one who knows people and products; called when a stream begins and every minute."""
    _door[:] = [admit]
    return admit


def admit(request: HttpRequest, workspace: str, product: str, streams: Collection[str]) -> Admitted:
    if not streams or len(streams) > MOST_STREAMS:
        raise Refusal(404)
    return _door[0](request, workspace, product, streams)


def may_follow(member: Any, product: Any, stream: str) -> bool:
    """Whether the member, who may see the product, may follow this stream of it."""
    if stream in (PRODUCT, ME):
        return True
    kind, _, number = stream.partition(":")
    if kind not in _kinds or not (number.isascii() and number.isdigit() and len(number) < 19):
        return False
    return _kinds[kind](member, product, int(number))
