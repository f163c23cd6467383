"""Splitting an item and merging it into another over the API: tried first, then done."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from tandem.accounts.auth import caller
from tandem.backlog import operations as do
from tandem.backlog.api.reading import item_of
from tandem.backlog.api.schemas import KindName
from tandem.backlog.models import Item
from tandem.backlog.operations.splitting import MOST_PARTS
from tandem.core.api import REFUSALS, RowId
from tandem.core.errors import Refused
from tandem.core.rest.bodies import Body
from tandem.core.rest.versions import version_of

router = Router(tags=["backlog"])


class MergeIn(Body):
    """``into``: the key of the item that stays. ``texts``: put the description below its own.
    ``dry_run`` changes nothing; its ``mark`` sent along refuses with 409 when one changed since."""

    into: Annotated[str, Field(max_length=40)]
    texts: bool = True
    dry_run: bool = False
    mark: str = ""


class MergeMovedOut(Schema):
    what: str
    count: int


class MergeOut(Schema):
    """``moved``: how many rows of each kind; ``taken``: fields the other item lacked; ``left``:
    what stays behind and why. ``event``: taken back at ``POST /items/{into}/history/{event}/undo``."""

    key: str
    into: str
    moved: list[MergeMovedOut]
    taken: list[str]
    left: list[str]
    mark: str
    event: int | None


@router.post("/items/{key}/merge", response={200: MergeOut, **REFUSALS})
def item_merge(request: HttpRequest, key: str, body: MergeIn) -> Any:
    """Merge the item into another: what hangs on it moves, its key leads there from then on."""
    item = item_of(request, key)
    into = Item.objects.with_keys(item.product, [body.into]).first()
    if into is None:
        raise Refused(_("There is no item %(into)s.") % {"into": body.into}, field="into")
    done = do.items_merge(
        by=caller(request),
        item=item,
        into=into,
        texts=body.texts,
        mark=body.mark,
        dry=body.dry_run,
    )
    return {
        "key": done.item.key,
        "into": done.into.key,
        "moved": [{"what": words[1], "count": count} for count, words in done.moved],
        "taken": done.taken,
        "left": done.left,
        "mark": done.mark,
        "event": done.event.pk if done.event else None,
    }


class SplitPartIn(Body):
    """``criteria`` and ``questions`` by number, ``children`` by key. ``estimate_likely`` is taken
    off the item's, low and high in proportion."""

    title: Annotated[str, Field(max_length=1000)]
    kind: KindName | None = None
    estimate_likely: float | None = None
    criteria: list[RowId] = []
    questions: list[RowId] = []
    children: Annotated[list[str], Field(max_length=500)] = []


class SplitIn(Body):
    parts: Annotated[list[SplitPartIn], Field(min_length=1, max_length=MOST_PARTS)]
    copy_dependencies: bool = True
    version: int | None = None
    dry_run: bool = False


class SplitPartOut(Schema):
    """``key`` is empty on a ``dry_run``."""

    key: str
    title: str
    estimate_likely: float | None
    criteria: int
    questions: int
    children: int


class SplitOut(Schema):
    """``remains``: the item's likely estimate afterwards; ``dependencies``: how many each part got.
    ``event``: taken back at ``POST /items/{key}/history/{event}/undo``."""

    parts: list[SplitPartOut]
    remains: float | None
    dependencies: int
    event: int | None


@router.post("/items/{key}/split", response={200: SplitOut, **REFUSALS})
def item_split(request: HttpRequest, key: str, body: SplitIn) -> Any:
    """Split new items off the item, each with the criteria, questions and parts given to it."""
    item = item_of(request, key)
    parts = [_part(item, place, sent) for place, sent in enumerate(body.parts)]
    done = do.item_split(
        by=caller(request),
        item=item,
        parts=parts,
        copy_dependencies=body.copy_dependencies,
        version=version_of(request, body.version),
        dry=body.dry_run,
    )
    return {
        "parts": [
            {
                "key": part.key if done.event else "",
                "title": part.title,
                "estimate_likely": part.estimate_likely,
                **moved,
            }
            for part, moved in zip(done.parts, done.moved, strict=True)
        ],
        "remains": done.remains,
        "dependencies": done.dependencies,
        "event": done.event.pk if done.event else None,
    }


def _part(item: Item, place: int, sent: SplitPartIn) -> dict[str, Any]:
    part = sent.dict()
    found = dict(Item.objects.with_keys(item.product, sent.children).values_list("number", "pk"))
    if len(found) != len(set(sent.children)):
        raise Refused(_("One of these items is not there."), field=f"parts.{place}.children")
    return {**part, "children": list(found.values())}
