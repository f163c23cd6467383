"""The workspace's services and their tokens, for administrators."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tandem.accounts import operations_services as operations
from tandem.accounts.forms import ServiceForm
from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.accounts.queries import services_of
from tandem.accounts.requests import MemberRequest, form_of
from tandem.core.errors import Refused


def _products(request: MemberRequest) -> list[Product]:
    return list(Product.objects.visible_to(request.member).order_by("name"))


def services(
    request: MemberRequest, *, whole_token: str = "", form: ServiceForm | None = None
) -> HttpResponse:
    require(request.member, "service.manage")
    context = {
        "tokens": list(services_of(request.member)),
        "form": form or ServiceForm(products=_products(request)),
        "whole_token": whole_token,
        "now": timezone.now(),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "accounts/services.jinja", context, status=status)


@form_of("accounts:services")
def service_create(request: MemberRequest) -> HttpResponse:
    require(request.member, "service.manage")
    products = _products(request)
    form = ServiceForm(request.POST, products=products)
    if not form.is_valid():
        return services(request, form=form)
    try:
        _, whole = operations.service_create(by=request.member, **form.asked(products))
    except Refused as refusal:
        if refusal.field not in form.fields:
            raise
        form.add_error(refusal.field, refusal.message)
        return services(request, form=form)
    return services(request, whole_token=whole)


@require_POST
def service_revoke(request: MemberRequest, pk: int) -> HttpResponse:
    service = get_object_or_404(Member.objects.visible_to(request.member).services(), pk=pk)
    operations.service_revoke(by=request.member, service=service)
    return redirect("accounts:services", workspace=request.member.workspace.slug)
