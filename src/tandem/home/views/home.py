"""The first page of a product: what waits for the person who opens it."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from tandem.accounts.requests import ProductRequest
from tandem.core import panels
from tandem.core.panels import Shown
from tandem.home.first_steps import first_steps
from tandem.home.places import address_if, places_of

LED_TO = (
    "integrations:imports",
    "backlog:list",
    "prioritisation:prioritise",
    "planning:plan",
    "planning:forecast",
)


@dataclass(frozen=True)
class Part:
    """A panel as the page sets it."""

    name: str
    title: str
    html: str
    count: str | None
    note: str
    link: tuple[str, str] | None
    lead: tuple[str, str] | None


def home(request: ProductRequest) -> HttpResponse:
    places = places_of(request.member, request.GET.get("for", ""))
    place = next(each for each in places if each.current)
    steps = first_steps(request.product)
    if steps.empty:
        return render(request, "home/first_run.jinja", {"steps": steps, "links": links_of(request)})
    values = {
        "places": places,
        "place": place,
        "main": parts(request, place.main),
        "beside": parts(request, place.beside),
    }
    return render(request, "home/page.jinja", values)


def links_of(request: ProductRequest) -> dict[str, str]:
    """The addresses of the pages that Home leads to, as far as they exist."""
    return {view: address_if(view, request.member, request.product.key) for view in LED_TO}


def parts(request: ProductRequest, place: str, name: str | None = None) -> list[Part]:
    """The place's panels rendered; with a ``name`` that one alone."""
    shown = panels.shown(place, member=request.member, subject=request.product)
    return [_part(request, each) for each in shown if name in (None, each.panel.name)]


def _part(request: ProductRequest, shown: Shown) -> Part:
    member, product, values = request.member, request.product, shown.values
    html = render_to_string(
        shown.panel.template,
        {
            "member": member,
            "product": product,
            "here": {"workspace": member.workspace.slug, "product": product.key},
            "links": links_of(request),
            **values,
        },
        request,
    )
    link = values.get("link")
    address = address_if(link[1], member, product.key) if link else ""
    return Part(
        name=shown.panel.name,
        title=_(shown.panel.title),
        html=html,
        count=values.get("count"),
        note=values.get("note", ""),
        link=(link[0], address) if link and address else None,
        lead=values.get("lead"),
    )
