"""Who may follow a product's live updates: a signed-in member, as everywhere else."""

from collections.abc import Collection
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from tandem.accounts.middleware import member_of
from tandem.accounts.models import Product
from tandem.accounts.sign_in import factors
from tandem.core.live import Admitted, Refusal, doorkeeper
from tandem.core.live.streams import may_follow


@doorkeeper
def admit(request: HttpRequest, workspace: str, product: str, streams: Collection[str]) -> Admitted:
    """Of strangers and outsiders nobody learns whether anything is there."""
    engine = import_module(settings.SESSION_ENGINE)
    request.session = engine.SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    user = get_user(request)
    if not user.is_authenticated:
        raise Refusal(401)
    request.user = user
    member = member_of(user, workspace)
    if member is None:
        raise Refusal(404)
    if factors.is_missing(request, member):
        raise Refusal(403)
    found = Product.objects.visible_to(member).filter(key=product).first()
    if found is None or not all(may_follow(member, found, each) for each in streams):
        raise Refusal(404)
    return Admitted(found.pk, member.pk)
