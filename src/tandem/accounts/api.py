"""Products over the API."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from tandem.accounts import operations
from tandem.accounts.auth import caller, product_for
from tandem.accounts.models import Product
from tandem.core.api import REFUSALS
from tandem.core.rest.bodies import Body

router = Router(tags=["workspace"])


class ProductOut(Schema):
    key: str
    name: str
    description: str
    estimate_unit: str


class ProductIn(Body):
    key: str
    name: str = ""
    description: str = ""
    estimate_unit: str = "points"


@router.get("/products", response={200: list[ProductOut], **REFUSALS})
def products(request: HttpRequest) -> Any:
    """The workspace's products."""
    return Product.objects.visible_to(caller(request)).order_by("key")


@router.post("/products", response={201: ProductOut, **REFUSALS})
def product_create(request: HttpRequest, body: ProductIn) -> Any:
    """Make a product."""
    return Status(201, operations.product_create(by=caller(request), **body.dict()))


@router.get("/products/{key}", response={200: ProductOut, **REFUSALS})
def product(request: HttpRequest, key: str) -> Any:
    """One product."""
    return product_for(request, key)


class ProductPatch(Body):
    """Only what is sent changes."""

    name: str | None = None
    description: str | None = None
    estimate_unit: str | None = None


@router.patch("/products/{key}", response={200: ProductOut, **REFUSALS})
def product_update(request: HttpRequest, key: str, body: ProductPatch) -> Any:
    """Change the product's name, description or unit of estimates."""
    fields = body.dict(exclude_unset=True, exclude_none=True)
    product = product_for(request, key)
    return operations.product_update(by=caller(request), product=product, **fields)
