"""A new item in two fields; the rest is written on its own page."""

import json
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.views.decorators.http import require_POST

from tandem.accounts.requests import ProductRequest
from tandem.backlog import custom
from tandem.backlog import operations as do
from tandem.backlog.forms import OWN
from tandem.backlog.models import Kind
from tandem.backlog.needs import OWN as OWN_NEED
from tandem.backlog.new_fields import NewField, asked_for, said_in
from tandem.backlog.operations.templates import filled, template_named
from tandem.backlog.queries import listing
from tandem.backlog.queries.templates import templates_of
from tandem.backlog.views.lists import here_of
from tandem.backlog.views.undo import next_address
from tandem.core.errors import Refused

PLACES = (("end", N_("End of the backlog")), ("top", N_("Top of the backlog")))


@require_POST
def create(request: ProductRequest) -> HttpResponse:
    """Make the item. To htmx it answers the empty form for the next one, and the page hears
    ``item-created`` with its key."""
    typed = {name: request.POST.get(name, "") for name in ("title", "kind", "place", "template")}
    statuses = listing.statuses_of(request.product)
    own = custom.fields_of(request.product)
    asked = asked_for(request.product, own, statuses, lambda: listing.people_of(request.member))
    values: dict[str, Any] = {
        "here": here_of(request),
        "kinds": Kind.choices,
        "places": [(value, _(words)) for value, words in PLACES],
        "templates": templates_of(request.product),
        "asked_new": asked,
        "error": "",
    }
    try:
        item = do.item_create(
            by=request.member,
            product=request.product,
            at_top=typed["place"] == "top",
            **_said(request, typed, asked),
        )
    except Refused as refusal:
        if refusal.status == 403:
            raise
        if not request.htmx:
            messages.error(request, refusal.message)
            return redirect(next_address(request) or _list(request))
        field = refusal.field or ""
        values |= {
            "typed": {**request.POST.dict(), **typed},
            "error": refusal.message,
            "wrong_field": field.replace(OWN_NEED, OWN, 1),
        }
        return render(request, "backlog/list_new_form.jinja", values, status=refusal.status)
    said = _("%(key)s “%(title)s” created.") % {"key": item.key, "title": item.title}
    if not request.htmx:
        messages.success(request, said)
        return redirect(next_address(request) or _list(request))
    values |= {
        "typed": {**typed, "title": ""},
        "message": said,
        "item_address": reverse("backlog:item", kwargs={**here_of(request), "key": item.key}),
    }
    response = render(request, "backlog/list_new_form.jinja", values)
    detail = {"target": "body", "key": item.key, "place": typed["place"] or "end"}
    response["HX-Trigger"] = json.dumps({"item-created": detail})
    return response


def _said(
    request: ProductRequest, typed: dict[str, str], asked: Sequence[NewField]
) -> dict[str, Any]:
    """What was typed, with what the template gives: what was typed counts."""
    mine = said_in(request.POST, asked, request.member, request.product)
    kind = typed["kind"] or Kind.STORY
    named = typed["template"]
    template = template_named(request.product, named, kind) if named else None
    if template is None:
        return {"title": typed["title"], "kind": kind, **mine}
    # A template chosen by name says the kind, too.
    given = {"kind": kind} if named == "default" else {}
    found = filled(template, typed["title"], given)
    values = {**(found.get("values") or {}), **mine.pop("values", {})}
    return {**found, **mine, "values": values}


def _list(request: ProductRequest) -> str:
    return reverse("backlog:list", kwargs=here_of(request))
