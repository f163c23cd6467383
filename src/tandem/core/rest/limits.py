"""How many requests a member may make in a minute, told in ``RateLimit-…`` headers."""

import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja.throttling import BaseThrottle

WINDOW = 60


class MemberLimit(BaseThrottle):
    """``TANDEM_API_PER_MINUTE`` requests in each minute of the clock; 0: no limit.

    Counted in Django's cache: with several processes each counts for itself unless they share one.
    """

    def allow_request(self, request: HttpRequest) -> bool:
        most = settings.API_PER_MINUTE
        if not most or getattr(request, "within", False):
            return True
        now = int(time.time())
        name = f"api-limit:{request.auth.pk}:{now // WINDOW}"  # type: ignore[attr-defined]
        cache.add(name, 0, WINDOW * 2)
        try:
            used = cache.incr(name)
        except ValueError:
            # The cache dropped it between the two calls.
            used = 1
        left = WINDOW - now % WINDOW
        request.rate_limit = (most, max(0, most - used), left)  # type: ignore[attr-defined]
        return bool(used <= most)

    def wait(self) -> float | None:
        return float(WINDOW - int(time.time()) % WINDOW)


def tell(request: HttpRequest, answer: HttpResponseBase) -> None:
    """Write the limit, what is left of it and the seconds until it starts anew."""
    limit = getattr(request, "rate_limit", None)
    if limit is not None:
        for name, value in zip(("Limit", "Remaining", "Reset"), limit, strict=True):
            answer[f"RateLimit-{name}"] = str(value)
