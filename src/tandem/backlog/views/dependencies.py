"""Dependencies: add by key or title, remove."""

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tandem.accounts.permissions import require
from tandem.accounts.requests import ProductRequest
from tandem.backlog import operations as do
from tandem.backlog.forms import item_named
from tandem.backlog.models import Dependency, DependencyKind, Item
from tandem.backlog.views.answers import Toast, done, refused, show, with_item
from tandem.core.errors import Refused

#: What the form offers: (its value, kind, whether the relation starts at this item).
RELATIONS: dict[str, tuple[DependencyKind, bool]] = {
    "blocked_by": (DependencyKind.BLOCKS, False),
    "blocks": (DependencyKind.BLOCKS, True),
    "relates": (DependencyKind.RELATES, True),
    "duplicates": (DependencyKind.DUPLICATES, True),
    "duplicated_by": (DependencyKind.DUPLICATES, False),
}


@with_item
def dependencies(request: ProductRequest, item: Item) -> HttpResponse:
    """The dependencies; POST adds one. A circle is refused with its path, beside the field."""
    if request.method != "POST":
        return show(request, item, "dependencies")
    try:
        require(request.member, "item.edit")
        kind, outward = RELATIONS.get(request.POST.get("relation", ""), (None, True))
        if kind is None:
            raise Refused(_("Choose how the two items belong together."), field="relation")
        other = item_named(request.member, item, request.POST.get("to", ""), field="to")
        ends = (item, other) if outward else (other, item)
        do.dependency_add(by=request.member, from_item=ends[0], to_item=ends[1], kind=kind)
    except Refused as refusal:
        return refused(request, item, refusal, "dependencies", default_field="to")
    return done(request, item, "dependencies")


@require_POST
@with_item
def removal(request: ProductRequest, item: Item, pk: int) -> HttpResponse:
    ends = Q(from_item_id=item.pk) | Q(to_item_id=item.pk)
    found = (
        Dependency.objects.filter(ends, pk=pk)
        .select_related("from_item__product", "to_item__product")
        .first()
    )
    if found is None:
        raise Http404
    event = do.dependency_remove(by=request.member, dependency=found)
    return done(request, item, "dependencies", toast=Toast(_("Dependency removed."), event))
