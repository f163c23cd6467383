"""What happened in the product, newest first."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tandem.accounts.history_keeping import gone
from tandem.accounts.requests import ProductRequest
from tandem.backlog import queries_item as ask
from tandem.backlog.history import visits
from tandem.backlog.history_words import GROUPS
from tandem.backlog.queries.activity import activity as activity_page
from tandem.backlog.queries.activity import activity_asked


@require_GET
def activity(request: ProductRequest) -> HttpResponse:
    """The product's events, by person (``by``) and by what was changed (``what``), in pages."""
    asked = activity_asked(request.GET)
    page = activity_page(request.product, **asked, after=request.GET.get("after"))
    query = request.GET.copy()
    query.pop("after", None)
    values: dict[str, Any] = {
        "visits": visits(page.rows),
        "next_cursor": page.next_cursor,
        "gone": "" if page.next_cursor else gone(request.product),
        "query": query.urlencode(),
        "what": request.GET.get("what", ""),
        "by": asked["member_id"] or "",
        "groups": [(key, _(words)) for key, (words, verbs) in GROUPS.items()],
        "there": {
            "workspace": request.member.workspace.slug,
            "product": request.product.key,
        },
        "first": not request.GET.get("after"),
    }
    if request.htmx and request.GET.get("after"):
        return render(request, "backlog/activity/rows.jinja", values)
    values["people"] = [(person.pk, person.name) for person in ask.authors(request.product)]
    return render(request, "backlog/activity/page.jinja", values)
