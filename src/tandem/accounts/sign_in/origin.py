"""Where a request comes from: the network address and the device, in words people know."""

import re
from dataclasses import dataclass

from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # noqa: S104  (a word for "not known", nothing listens there)

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
    """ "Firefox on Linux" from what the browser calls itself."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    if browser and system:
        return f"{browser} on {system}"
    return (
        browser
        or system
        or re.sub(r"[^\w .-]", "", agent.split("/", maxsplit=1)[0])[:40]
        or "Unknown device"
    )
