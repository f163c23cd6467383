"""The trash of a product or a workspace, and erasing a workspace."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from tandem.accounts.models import Product
from tandem.accounts.permissions import require
from tandem.accounts.requests import MemberRequest, ProductRequest
from tandem.accounts.sign_in import confirming, factors, throttle
from tandem.core.errors import PermissionRefused, Refused
from tandem.integrations.trash import contents, erasing, operations


def _page(request: MemberRequest, product: Product | None) -> HttpResponse:
    require(request.member, "trash.view")
    values = {
        "rows": contents.thrown(request.member, product),
        "product": product,
        "kept_days": contents.KEPT_DAYS,
        "most": contents.MOST,
    }
    return render(request, "integrations/trash.jinja", values)


@require_GET
def of_workspace(request: MemberRequest) -> HttpResponse:
    return _page(request, None)


@require_GET
def of_product(request: ProductRequest) -> HttpResponse:
    return _page(request, request.product)


@require_POST
def restoration(request: MemberRequest, kind: str, pk: int) -> HttpResponse:
    operations.thrown_restore(by=request.member, kind=kind, pk=pk)
    return redirect("integrations:trash", workspace=request.member.workspace.slug)


@require_POST
def erasure(request: MemberRequest, kind: str, pk: int) -> HttpResponse:
    operations.thrown_erase(by=request.member, kind=kind, pk=pk)
    return redirect("integrations:trash", workspace=request.member.workspace.slug)


@require_POST
def product_deletion(request: ProductRequest) -> HttpResponse:
    operations.product_delete(by=request.member, product=request.product)
    return redirect("integrations:trash", workspace=request.member.workspace.slug)


def workspace_erasure(request: MemberRequest) -> HttpResponse:
    """Asks for the workspace's name and, where they have them, the password and a second factor;
    then erases it."""
    require(request.member, "workspace.erase")
    refusal = None
    if request.method == "POST":
        try:
            with throttle.counted(request, "second_factor", str(request.member.user_id)):
                erasing.workspace_erase(
                    by=request.member,
                    name=request.POST.get("name", ""),
                    password=request.POST.get("password", ""),
                    code=request.POST.get("code", ""),
                    factor_shown=confirming.factor_shown(request),
                )
        except PermissionRefused:
            raise
        except Refused as refused:
            refusal = refused
        else:
            return redirect("accounts:start")
    values = {
        "refusal": refusal,
        "asks_password": request.user.has_usable_password(),
        "asks_code": factors.has_factor(request.member.user)
        and not confirming.factor_shown(request),
        "products": Product.objects.visible_to(request.member).count(),
    }
    status = refusal.status if refusal else 200
    return render(request, "integrations/erasure.jinja", values, status=status)
