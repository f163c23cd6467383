"""The left rail: each app adds its entry; a template asks what this member sees."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tandem.core.prepared import prepared
from tandem.ui.addresses import address


@dataclass(frozen=True)
class Entry:
    """One line of the rail. ``name`` is marked with ``gettext_noop``, ``view`` is a named address taking workspace and product."""

    name: str
    view: str
    icon: str
    order: int
    #: The key after ``g`` that goes there.
    key: str = ""
    visible: Callable[[Any], bool] = lambda member: True
    #: Further places that belong to it, below the product: ``("board/", "items/")``.
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    name: str
    address: str
    icon: str
    key: str
    current: bool


_entries: dict[str, Entry] = {}
_palette: list[str] = []


def add(entry: Entry) -> None:
    _entries[entry.name] = entry


def navigation(request: Any) -> list[Line]:
    """The rail's lines for this request; empty outside a product."""
    if not getattr(request, "member", None) or not getattr(request, "product", None):
        return []
    product = f"/w/{request.member.workspace.slug}/{request.product.key}/"
    lines = []
    here, longest = None, 0
    for entry in sorted(_entries.values(), key=lambda entry: entry.order):
        if not entry.visible(request.member):
            continue
        found = address(
            entry.view, workspace=request.member.workspace.slug, product=request.product.key
        )
        lines.append((entry, found))
        for place in (found, *(product + each for each in entry.also)):
            # Home's address begins every other and holds none of them.
            inside = request.path == place if place == product else request.path.startswith(place)
            if inside and len(place) > longest:
                here, longest = entry, len(place)
    return [
        Line(_(entry.name), found, entry.icon, entry.key, entry is here) for entry, found in lines
    ]


def products_of(request: Any) -> list[Any]:
    """The products of the member's workspace for the switcher, by name, in one query."""
    member = getattr(request, "member", None)
    if member is None:
        return []
    return _products(member.workspace_id)


@prepared
def _products(workspace_id: int) -> QuerySet[Any]:
    products = apps.get_model("accounts", "Product").objects
    return products.filter(workspace_id=workspace_id, deleted_at=None).order_by("name")


def use_palette(view: str) -> None:
    """Name the address that answers the palette's search; it takes workspace and ``?q=``."""
    _palette[:] = [view]


def palette_address(request: Any) -> str:
    """Where the palette searches, or nothing when no app answers it or nobody is inside."""
    member = getattr(request, "member", None)
    if member is None or not _palette:
        return ""
    found = address(_palette[0], workspace=member.workspace.slug)
    product = getattr(request, "product", None)
    return f"{found}?product={product.key}" if product is not None else found
