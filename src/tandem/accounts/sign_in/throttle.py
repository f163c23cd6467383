"""How often one may try: counted for each network address and for each account.

The counting is allauth's and lives in Django's cache; what it lacks is to say how long to wait.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tandem.core.errors import Refused

#: For each act, how many tries in how long: for one network address, and for one account.
RATES = {
    "sign_in": "30/5m/ip,5/5m/key",
    "second_factor": "30/5m/ip,5/5m/key",
    "passkey": "20/m/ip",
    "reset": "10/10m/ip,3/10m/key",
}
_APP = "tandem.accounts"


class Throttled(Refused):
    """Too many tries; ``seconds`` says when the next one is possible."""

    status = 429

    def __init__(self, seconds: float) -> None:
        self.seconds = max(1, round(seconds))
        super().__init__(
            _(
                "Too many attempts. Wait %(time)s and try again; "
                "trying earlier does not make it longer."
            )
            % {"time": waiting(self.seconds)}
        )


def waiting(seconds: int) -> str:
    """``45`` as "45 seconds", ``130`` as "3 minutes": never shorter than it is."""
    if seconds <= 90:
        told = ngettext("%(count)s second", "%(count)s seconds", seconds)
        return told % {"count": seconds}
    minutes = -(-seconds // 60)
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


def take(request: HttpRequest, act: str, key: str = "") -> ratelimit.RateLimitUsage:
    """Count one try; raises ``Throttled`` when there were too many. Give back what succeeded."""
    key = key.strip().lower()
    usage = ratelimit.consume(request, app=_APP, action=act, config=RATES, key=key, limit_get=True)
    if usage is None:
        raise Throttled(_wait(request, act, key))
    return usage


@contextmanager
def counted(request: HttpRequest, act: str, key: str = "") -> Iterator[None]:
    """Count the block as one try, unless it ends without an error: then it is given back."""
    usage = take(request, act, key)
    yield
    usage.rollback()


def _wait(request: HttpRequest, act: str, key: str) -> float:
    longest, now = 0.0, time.time()
    for rate in ratelimit.get_rates(app=_APP, action=act, config=RATES):
        place = ratelimit.get_cache_key(request, app=_APP, action=act, rate=rate, key=key)
        history = cache.get(place, [])
        if len(history) >= rate.amount:
            # The newest stands first: a try is possible when the oldest is forgotten.
            longest = max(longest, history[rate.amount - 1] + rate.duration - now)
    return longest
