"""Feeds: making one from a list, the page of them, and the secret address itself."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from tandem.accounts.permissions import require
from tandem.accounts.requests import MemberRequest, ProductRequest
from tandem.core.errors import PermissionRefused, Refused
from tandem.integrations.feeds import operations as do
from tandem.integrations.feeds.lists import FEED_LISTS, query_kept, sheet_of
from tandem.integrations.feeds.reading import feed_opened
from tandem.integrations.models import Feed
from tandem.integrations.views.export import sheet_answer

LISTED = 500


def make(request: ProductRequest) -> HttpResponse:
    """Asks what the feed of ``?list=`` with that list's filters is for; POST makes it and shows
    its address, once."""
    require(request.member, "feed.make")
    asked = request.POST if request.method == "POST" else request.GET
    list_name = asked.get("list", "backlog")
    query = query_kept(
        list_name,
        request.POST.get("query", "") if request.method == "POST" else request.GET.urlencode(),
    )
    refusal = None
    if request.method == "POST":
        try:
            feed, secret = do.feed_make(
                by=request.member,
                product=request.product,
                name=request.POST.get("name", ""),
                list_name=list_name,
                query=query,
            )
        except PermissionRefused:
            raise
        except Refused as refused:
            refusal = refused
        else:
            return _page(request, made=feed, secret=secret)
    values = {
        "list_name": list_name,
        "title": _(FEED_LISTS[list_name][0]),
        "query": query,
        "name": request.POST.get("name", ""),
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return render(request, "integrations/feeds/make.jinja", values, status=status)


@require_GET
def feeds(request: MemberRequest) -> HttpResponse:
    return _page(request)


def _page(request: MemberRequest, *, made: Feed | None = None, secret: str = "") -> HttpResponse:
    require(request.member, "feed.make")
    rows = Feed.objects.managed_by(request.member).open().filter(product__deleted_at=None)
    values = {
        "feeds": rows.select_related("product", "made_by__user")[:LISTED],
        "titles": {name: _(listed[0]) for name, listed in FEED_LISTS.items()},
        "made": made,
        "address": request.build_absolute_uri(reverse("feeds:csv", args=[secret])) if made else "",
    }
    response = render(request, "integrations/feeds/list.jinja", values)
    if made:
        response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def revoke(request: MemberRequest, pk: int) -> HttpResponse:
    feed = get_object_or_404(Feed.objects.visible_to(request.member), pk=pk)
    do.feed_revoke(by=request.member, feed=feed)
    messages.success(
        request,
        _("%(feed)s is revoked: its address answers nobody any more.") % {"feed": feed.name},
    )
    return redirect("integrations:feeds", workspace=request.member.workspace.slug)


@login_not_required
@require_safe
def read(request: HttpRequest, secret: str, form: str) -> HttpResponseBase:
    """The list as it is now, to whoever holds the address; as far as its maker may see it."""
    answer = _read(request, secret, form)
    answer["Cache-Control"] = "private, no-store"
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _read(request: HttpRequest, secret: str, form: str) -> HttpResponseBase:
    feed = feed_opened(secret)
    if feed is None:
        return _said(_("There is no feed at this address."), 404)
    try:
        made = sheet_of(feed.list_name, feed.made_by, feed.product, feed.query)
    except (PermissionRefused, Http404):
        return _said(_("There is no feed at this address."), 404)
    except Refused as refusal:
        return _said(refusal.message, refusal.status)
    title = f"{feed.product.key}-{feed.list_name}.{form}"
    return sheet_answer(request, made, title, feed.workspace.zone)


def _said(message: str, status: int) -> HttpResponse:
    """One line for the program that asks. Django would log the address, and with it the secret."""
    answer = HttpResponse(f"{message}\n", status=status, content_type="text/plain; charset=utf-8")
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer
