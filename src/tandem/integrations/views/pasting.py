"""Rows pasted from a spreadsheet become items; chosen items go back as rows to paste elsewhere."""

import csv
import io
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tandem.accounts.permissions import require
from tandem.accounts.requests import ProductRequest
from tandem.backlog import custom
from tandem.backlog import operations as do
from tandem.backlog.forms import OWN
from tandem.backlog.models import Item
from tandem.backlog.operations.bulk import MOST
from tandem.backlog.views.listing import names_of
from tandem.backlog.views.lists import here_of
from tandem.core.errors import Refused
from tandem.integrations.archive.export import defused
from tandem.integrations.pasting import MOST_COLUMNS, TARGETS, NoTitle, Pasted, pasted
from tandem.integrations.sheets.lists import of_items
from tandem.ui.filters import number

#: How many rows and troubles the preview shows; the counts are whole.
SHOWN = 12
TOLD = 50


def _asked(request: ProductRequest) -> dict[str, Any]:
    """What the person decided about the table."""
    sent = request.POST
    columns = {at: sent[f"column-{at}"] for at in range(MOST_COLUMNS) if sent.get(f"column-{at}")}
    header = {"yes": True, "no": False}.get(sent.get("header", ""))
    return {"separator": sent.get("separator", ""), "header": header, "columns": columns}


def _targets(request: ProductRequest) -> list[tuple[str, str]]:
    own = [(f"{OWN}{each.slug}", each.name) for each in custom.fields_of(request.product)]
    return [*list(TARGETS.items())[:-1], *own, ("ignore", TARGETS["ignore"])]


def _page(request: ProductRequest, status: int = 200, **more: Any) -> HttpResponse:
    values = {
        "here": here_of(request),
        "typed": request.POST,
        "targets": _targets(request),
        "most": MOST,
        "shown": SHOWN,
        "told": TOLD,
        **more,
    }
    return render(request, "integrations/paste/page.jinja", values, status=status)


@require_http_methods(["GET", "POST"])
def paste(request: ProductRequest) -> HttpResponse:
    """``step`` is empty (what would be made) or ``do``; a GET gives the place to paste into."""
    require(request.member, "item.create")
    if request.method == "GET":
        return _page(request)
    try:
        table = pasted(
            request.POST.get("text", ""),
            by=request.member,
            product=request.product,
            **_asked(request),
        )
        return _answer(request, table)
    except NoTitle as refusal:
        return _page(request, 422, trouble=refusal, table=refusal.table)
    except Refused as refusal:
        if refusal.status == 403:
            raise
        return _page(request, refusal.status, trouble=refusal)


def _answer(request: ProductRequest, table: Pasted) -> HttpResponse:
    make: dict[str, Any] = {
        "by": request.member,
        "product": request.product,
        "rows": table.rows,
        "at_top": request.POST.get("place") == "top",
    }
    tried = do.items_create(**make, dry=True)
    troubles = table.troubles_of(tried)
    if request.POST.get("step") != "do" or troubles:
        status = 422 if troubles and request.POST.get("step") == "do" else 200
        return _page(request, status, table=table, tried=tried, troubles=troubles)
    return _page(request, done=do.items_create(**make))


@require_POST
def copy(request: ProductRequest) -> HttpResponse:
    """The chosen items with the list's columns, as text that a spreadsheet takes by pasting."""
    require(request.member, "item.view")
    keys = request.POST.get("keys", "").replace(",", " ").split()
    if len(keys) > MOST:
        raise Refused(
            _("At most %(most)s items are copied at once; take a file out instead.")
            % {"most": number(MOST)}
        )
    rows = Item.objects.with_keys(request.product, keys).order_by("rank", "id")
    if not rows.exists():
        raise Http404
    named = names_of(request)
    made = of_items(request.member, request.product, rows, named)
    written = io.StringIO()
    writer = csv.writer(written, delimiter="\t", lineterminator="\n")
    writer.writerow(made.titles)
    for row in made.rows:
        writer.writerow([_cell(cell) for cell in row])
    answer = HttpResponse(
        written.getvalue(), content_type="text/tab-separated-values; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{request.product.key}-items.tsv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _cell(value: Any) -> str:
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return str(value) if isinstance(value, int | float) else defused(value)
