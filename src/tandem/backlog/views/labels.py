"""Labels: add one by typing its name, remove one."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tandem.accounts.requests import ProductRequest
from tandem.backlog import operations as do
from tandem.backlog import queries_item_past as past
from tandem.backlog.models import Item
from tandem.backlog.views.answers import Toast, done, refused, with_item
from tandem.core.errors import Refused

LONGEST = 80


def _names(item: Item) -> list[str]:
    return sorted(label.name for label in item.labels.all())


@require_POST
@with_item
def labels(request: ProductRequest, item: Item) -> HttpResponse:
    """Add the label(s) typed, several separated by commas; new ones are made."""
    typed = [" ".join(each.split()) for each in request.POST.get("name", "").split(",")]
    typed = [each for each in typed if each]
    try:
        if not typed:
            raise Refused(_("Write the label's name."), field="name")
        for name in typed:
            if len(name) > LONGEST:
                raise Refused(
                    _("A label has at most %(most)s characters; this has %(count)s.")
                    % {"most": LONGEST, "count": len(name)},
                    field="name",
                )
        # With the version: somebody labelling it at the same moment must not lose theirs.
        do.item_update(
            by=request.member, item=item, version=item.version, labels=[*_names(item), *typed]
        )
    except Refused as refusal:
        return refused(request, item, refusal, "facts", default_field="name")
    return done(request, item, "facts")


@require_POST
@with_item
def removal(request: ProductRequest, item: Item) -> HttpResponse:
    name = request.POST.get("name", "")
    kept = [each for each in _names(item) if each != name]
    do.item_update(by=request.member, item=item, version=item.version, labels=kept)
    event = past.last_event(item) if len(kept) < len(_names(item)) else None
    toast = Toast(_("Label “%(name)s” removed.") % {"name": name}, event) if event else None
    return done(request, item, "facts", toast=toast)
