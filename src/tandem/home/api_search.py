"""Searching over the API."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from tandem.accounts.auth import caller, may_read
from tandem.accounts.models import Product
from tandem.core.api import REFUSALS
from tandem.core.index.typed import LONGEST
from tandem.home.search.finding import Found, asked, find, kinds_of

router = Router(tags=["backlog"])


class HitOut(Schema):
    """``kind``: item, comment, question, criterion, sprint, scenario, session, model, label, team,
    person or product. ``id``: the row's number. ``key``: of the item it is, or hangs on."""

    kind: str
    id: int
    title: str
    key: str
    product: str
    hint: str
    excerpt: str
    address: str


class FacetOut(Schema):
    """How many of a kind fit; counted up to 100, beyond it ``more`` is true."""

    kind: str
    count: int
    more: bool


class SearchOut(Schema):
    """Best first. ``next``: give it as ``after``. ``facets``: on the first page only. ``meant``: a
    word nobody wrote -> the word in use that was looked for beside it."""

    items: list[HitOut]
    next: str | None
    facets: list[FacetOut]
    meant: dict[str, str]


def told(found: Found) -> dict[str, Any]:
    return {
        "items": [
            {
                "kind": hit.kind.name,
                "id": hit.pk,
                "title": hit.shown.title,
                "key": hit.shown.key,
                "product": hit.product,
                "hint": hit.shown.hint,
                "excerpt": hit.excerpt_text,
                "address": hit.address,
            }
            for hit in found.hits
        ],
        "next": found.next_cursor,
        "facets": [
            {"kind": each.kind.name, "count": min(each.count, 100), "more": each.count > 100}
            for each in found.facets
        ],
        "meant": found.meant,
    }


@router.get("/search", response={200: SearchOut, **REFUSALS})
def search(
    request: HttpRequest,
    q: Annotated[str, Field(max_length=LONGEST)],
    kind: Annotated[list[str], Query()] = [],  # noqa: B006
    product: str = "",
    exact: bool = False,
    after: str | None = None,
    limit: Annotated[int, Field(ge=1, le=100)] = 30,
) -> Any:
    """Search everything the caller may see: titles, descriptions, comments, questions, people, …

    Several words must all be there; ``"a phrase"`` as it stands; ``-word`` leaves out. Beginnings
    of words fit too, and when little is found, words that resemble those typed: not with ``exact``.
    ``kind`` (may be given several times) and ``product`` (a key) narrow it. A token finds what lies
    in the areas it may read.
    """
    member = caller(request)
    products = list(Product.objects.visible_to(member))
    allowed = [each for each in kinds_of(member) if may_read(request, each.area)]
    wanted = asked(member, products, q=q, kinds=kind, product=product, exact=exact, allowed=allowed)
    return told(find(member, wanted, products, after=after, limit=limit))
