"""Products and members over the API."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from tandem.accounts import operations
from tandem.accounts.auth import caller, product_for
from tandem.accounts.models import Member, Product
from tandem.core.api import Problem

router = Router(tags=["workspace"])


class ProductOut(Schema):
    key: str
    name: str
    description: str
    estimate_unit: str


class ProductIn(Schema):
    key: str
    name: str = ""
    description: str = ""
    estimate_unit: str = "points"


class MemberOut(Schema):
    id: int
    name: str
    role: str


@router.get("/products", response=list[ProductOut])
def products(request: HttpRequest) -> Any:
    """The workspace's products."""
    return Product.objects.visible_to(caller(request)).order_by("key")


@router.post("/products", response={201: ProductOut, 403: Problem, 422: Problem})
def product_create(request: HttpRequest, body: ProductIn) -> Any:
    """Make a product."""
    return 201, operations.product_create(by=caller(request), **body.dict())


@router.get("/products/{key}", response={200: ProductOut, 404: Problem})
def product(request: HttpRequest, key: str) -> Any:
    """One product."""
    return product_for(request, key)


@router.get("/members", response=list[MemberOut])
def members(request: HttpRequest) -> Any:
    """The workspace's members and their roles."""
    return Member.objects.visible_to(caller(request)).active().select_related("user").order_by("pk")
