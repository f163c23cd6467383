"""Requests as views get them: the middleware has put the member and the product there."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from tandem.accounts.models import Member, Product, User


class MemberRequest(HttpRequest):
    """Any address under ``/w/<workspace>/``."""

    user: User
    member: Member
    htmx: HtmxDetails


class ProductRequest(MemberRequest):
    """Any address under ``/w/<workspace>/<product>/``."""

    product: Product
