"""What happened in the product, newest first."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tandem.accounts.requests import ProductRequest
from tandem.backlog import queries_item as ask
from tandem.backlog.forms import whole_number
from tandem.backlog.history import GROUPS, visits
from tandem.core.errors import Refused


@require_GET
def activity(request: ProductRequest) -> HttpResponse:
    """The product's events, by person (``by``) and by what was changed (``what``), in pages."""
    what = request.GET.get("what", "")
    if what and what not in GROUPS:
        raise Refused(f"There is no kind of change called “{what[:40]}”. Choose one of the list.")
    by = whole_number(request.GET.get("by"))
    page = ask.activity(
        request.product,
        verbs=GROUPS[what][1] if what else (),
        member_id=by,
        after=request.GET.get("after"),
    )
    query = request.GET.copy()
    query.pop("after", None)
    values: dict[str, Any] = {
        "visits": visits(page.rows),
        "next_cursor": page.next_cursor,
        "query": query.urlencode(),
        "what": what,
        "by": by or "",
        "groups": [(key, words) for key, (words, _) in GROUPS.items()],
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
