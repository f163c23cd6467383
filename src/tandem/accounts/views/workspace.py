"""The workspace's own pages: its products, and the person's account and tokens."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tandem.accounts import operations
from tandem.accounts.forms import ProductForm, TokenForm
from tandem.accounts.models import ApiToken, Member, Product
from tandem.accounts.queries import tokens_of
from tandem.accounts.requests import MemberRequest, ProductRequest, form_of
from tandem.core.errors import Refused
from tandem.core.live.presence import PLACES, who
from tandem.core.live.streams import may_follow


def workspace(request: MemberRequest) -> HttpResponse:
    """Straight to the only product; with none or several, the list of products."""
    products = list(Product.objects.visible_to(request.member).order_by("name"))
    if len(products) == 1:
        return redirect(
            "home:home", workspace=request.member.workspace.slug, product=products[0].key
        )
    return render(request, "accounts/products.jinja", {"products": products, "form": ProductForm()})


def products(request: MemberRequest) -> HttpResponse:
    form = ProductForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            product = operations.product_create(by=request.member, **form.cleaned_data)
        except Refused as refusal:
            if refusal.field not in form.fields:
                raise
            form.add_error(refusal.field, refusal.message)
        else:
            return redirect(
                "home:home", workspace=request.member.workspace.slug, product=product.key
            )
    found = Product.objects.visible_to(request.member).order_by("name")
    status = 422 if form.errors else 200
    return render(
        request, "accounts/products.jinja", {"products": found, "form": form}, status=status
    )


@require_POST
def language(request: MemberRequest) -> HttpResponse:
    operations.language_choose(by=request.member, language=request.POST.get("language", ""))
    return redirect(
        reverse("accounts:account", args=[request.member.workspace.slug]) + "#appearance"
    )


def account(
    request: MemberRequest, *, whole_token: str = "", form: TokenForm | None = None
) -> HttpResponse:
    context = {
        "tokens": tokens_of(request.member),
        "form": form or TokenForm(products=_products(request)),
        "whole_token": whole_token,
        "now": timezone.now(),
        "languages": [("", _("As the browser asks")), *settings.LANGUAGES],
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "accounts/account.jinja", context, status=status)


def _products(request: MemberRequest) -> list[Product]:
    return list(Product.objects.visible_to(request.member).order_by("name"))


@form_of("accounts:account")
def token_create(request: MemberRequest) -> HttpResponse:
    products = _products(request)
    form = TokenForm(request.POST, products=products)
    if not form.is_valid():
        return account(request, form=form)
    _made, whole = operations.token_create(by=request.member, **form.asked(products))
    return account(request, whole_token=whole)


@require_POST
def token_revoke(request: MemberRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=pk, member=request.member)
    operations.token_revoke(by=request.member, token=token)
    return redirect("accounts:account", workspace=request.member.workspace.slug)


@require_GET
def here(request: ProductRequest) -> HttpResponse:
    """Who else looks at this place (``?at=item:42``) now."""
    place = request.GET.get("at", "")
    if place not in PLACES and not may_follow(request.member, request.product, place):
        raise Http404
    numbers = who(request.product.pk, place) - {request.member.pk}
    rows = Member.objects.visible_to(request.member).active().filter(pk__in=numbers)
    people = list(rows.select_related("user").order_by("user__name", "pk"))
    values = {"shown": people[:5], "more": people[5:]}
    return render(request, "accounts/here.jinja", values)


@require_GET
def live(request: ProductRequest) -> HttpResponse:
    """A server that cannot stream (the ASGI application answers this address before Django does)
    says so: with 204 a browser asks no more, and the page works by being loaded again."""
    return HttpResponse(status=204)
