"""Where a request comes from: the network address and the device, in words people know."""

import re
from dataclasses import dataclass

from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

UNKNOWN = "0.0.0.0"  # noqa: S104  (a word for "not known", nothing listens there)
UNNAMED = N_("Unknown device")

#: In this order: Edge and Opera call themselves Chrome too, and Chrome calls itself Safari.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Origin:
    address: str
    device: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Origin":
        return cls(address_of(request), device_of(request.META.get("HTTP_USER_AGENT", "")))


def address_of(request: HttpRequest) -> str:
    """The client's address; behind proxies the one that ``TANDEM_PROXIES`` of them vouch for."""
    return get_client_ip(request) or UNKNOWN


def device_of(agent: str) -> str:
    """ "Firefox on Linux" from what the browser calls itself, as the audit log keeps it."""
    browser, system = _names(agent)
    return f"{browser} on {system}" if browser and system else browser or system or UNNAMED


def device_told(agent: str) -> str:
    """The same in the language of who reads it."""
    browser, system = _names(agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _(UNNAMED)


def _names(agent: str) -> tuple[str, str]:
    browser = next((name for sign, name in _BROWSERS if sign in agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    if not (browser or system):
        browser = re.sub(r"[^\w .-]", "", agent.split("/", maxsplit=1)[0])[:40]
    return browser, system
