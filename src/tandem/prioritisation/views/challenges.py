"""Challenges of ratings, from the item's panel."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from tandem.accounts.requests import ProductRequest
from tandem.backlog.models import Item
from tandem.prioritisation import operations as do
from tandem.prioritisation.models import Challenge, Rating
from tandem.prioritisation.queries_challenges import challenges_of
from tandem.prioritisation.views.shared import here_of
from tandem.prioritisation.views.why import item_asked


def _back(request: ProductRequest, item: Item) -> HttpResponse:
    return redirect(reverse("backlog:item", kwargs={**here_of(request), "key": item.key}))


def _challenge(item: Item, pk: int) -> Challenge:
    found = challenges_of(item).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_POST
def challenge(request: ProductRequest, key: str, rating: int) -> HttpResponse:
    """Challenge a rating with a reason."""
    item = item_asked(request, key)
    row = Rating.objects.filter(item=item, pk=rating).first()
    if row is None:
        raise Http404
    do.challenge_raise(by=request.member, rating=row, reason=request.POST.get("reason", ""))
    return _back(request, item)


@require_POST
def answer(request: ProductRequest, key: str, pk: int) -> HttpResponse:
    item = item_asked(request, key)
    text = request.POST.get("answer", "")
    do.challenge_answer(by=request.member, challenge=_challenge(item, pk), answer=text)
    return _back(request, item)


@require_POST
def withdraw(request: ProductRequest, key: str, pk: int) -> HttpResponse:
    item = item_asked(request, key)
    do.challenge_withdraw(by=request.member, challenge=_challenge(item, pk))
    return _back(request, item)
