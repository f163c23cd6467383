"""Which chats there are, and how a message gets to one: by apprise, through our own client.

Only services are taken that do nothing but ask by HTTP; in their modules ``requests`` is replaced
by ``core.outgoing.as_requests``, once and for good, so that none of them can ask past our checks.
"""

import re
import sys
import threading
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from tandem.core.errors import Refused
from tandem.core.outgoing.addresses import LONGEST_URL, complaint
from tandem.core.outgoing.as_requests import AsRequests
from tandem.core.outgoing.client import Answer, Client, NotSent
from tandem.ui.filters import spoken
from tandem_engine.words import said

#: An address begins with one of these.
SERVICES = (
    "slack", "workflows", "workflow", "discord", "gchat", "mmost", "mmosts", "matrix", "matrixs", "rocket",
    "rockets", "zulip", "wxteams", "webex", "nctalk", "nctalks", "tgram", "ntfy", "ntfys", "gotify", "gotifys",
    "json", "jsons",
)  # fmt: skip
#: Their addresses name a host; in the others' that place holds a secret.
_WITH_HOSTS = frozenset(
    {
        *(
            "workflow",
            "workflows",
            "mmost",
            "mmosts",
            "matrix",
            "matrixs",
            "rocket",
            "rockets",
            "nctalk",
            "nctalks",
        ),
        *("ntfy", "ntfys", "gotify", "gotifys", "json", "jsons"),
    }
)
#: Words that call everybody of a room, in one chat or another, are not meant so in an item's title.
_CALLS = re.compile(r"(?i)@(?=everyone|here|channel|all\b)|<(?=[@!#])")
_SHORTEST_SECRET = 6

requests = AsRequests()
_once = threading.Lock()


def _apprise() -> Any:
    try:
        import apprise
    except ImportError:
        raise Refused(
            _(
                "Chats need a part that is not installed here. Whoever runs Tandem adds it with "
                "tandem-product[notify]."
            )
        ) from None
    from apprise.manager_plugins import NotificationManager

    with _once:
        known: Any = NotificationManager()  # type: ignore[no-untyped-call]
        for name in SERVICES:
            module: Any = sys.modules[known[name].__module__]
            module.requests = requests
    return apprise


def opened(address: str) -> Any:
    """The service behind an address, ready to send; refuses what is none of ours, or means harm."""
    address = address.strip()
    service = address.partition("://")[0].lower()
    if len(address) > LONGEST_URL or "://" not in address or service not in SERVICES:
        raise Refused(
            _(
                "This is no chat's address. It begins with one of: %(services)s. The page of the "
                "documentation says how each looks."
            )
            % {"services": ", ".join(f"{name}://" for name in SERVICES)},
            field="address",
        )
    made = _apprise()
    asset = made.AppriseAsset(
        app_id="Tandem", app_desc="Tandem", app_url="", async_mode=False, image_url_mask="", image_url_logo=""
    )  # fmt: skip
    try:
        found = made.Apprise.instantiate(address, asset=asset)
    except Exception:
        found = None
    if found is None:
        raise Refused(
            _("Something is missing in the %(service)s address. Compare it with the documentation.")
            % {"service": f"{service}://"},
            field="address",
        )
    if getattr(found, "template", None):
        # It would be read from this machine's disk.
        raise Refused(_("An address names no template."), field="address")
    if service in _WITH_HOSTS and found.host:
        wrong = complaint(_place(found), settings.WEBHOOK_ALLOW)
        if wrong:
            raise Refused(spoken(wrong), field="address")
    # Attempts and waiting are the outbox's.
    found.retry, found.throttle = 0, lambda *args, **named: None
    return found


def _place(service: Any) -> str:
    host = f"[{service.host}]" if ":" in service.host else service.host
    return f"https://{host}:{service.port}/" if service.port else f"https://{host}/"


def name_of(address: str) -> str:
    """``Slack``: all that is told of an address once it is kept."""
    return str(opened(address).service_name)[:60]


def send(address: str, *, title: str, text: str, client: Client) -> Answer:
    """Tell the chat; raises ``NotSent`` with what the service said, without its secrets."""
    try:
        service = opened(address)
    except Refused as refusal:
        raise NotSent(refusal.message) from None
    made = _apprise()
    from apprise.conversion import convert_between

    with requests.through(client) as heard:
        try:
            plain, wanted = made.NotifyFormat.TEXT, service.notify_format
            body = convert_between(  # type: ignore[no-untyped-call]
                plain, wanted, content=harmless(text)
            )
            taken = service.notify(title=harmless(title), body=body, body_format=wanted)
        except Exception as error:
            raise NotSent(
                said("The message could not be made: %(name)s.", name=type(error).__name__)
            ) from error
    if heard.reason:
        raise NotSent(without_secrets(heard.reason, address))
    if heard.answer is None:
        raise NotSent(said("The service asked nothing: its address misses something."))
    if not taken and 200 <= heard.answer.status < 300:
        answer = heard.answer.body[:200].decode("utf-8", "replace")
        raise NotSent(
            said("The service did not take it: %(answer)s", answer=without_secrets(answer, address))
        )
    return heard.answer


def harmless(text: str) -> str:
    """The text, with nothing in it that would call everybody of a room."""
    return _CALLS.sub(lambda found: f"{found[0]}\u200b", text)


def without_secrets(text: str, address: str) -> str:
    """What a service answered, without the parts of the address it may have said again."""
    parts = urlsplit(address)
    words = {address, parts.netloc, parts.username or "", parts.password or ""}
    words |= set(parts.path.split("/")) | {value for _name, value in parse_qsl(parts.query)}
    if parts.scheme not in _WITH_HOSTS:
        words.add(parts.hostname or "")
    words |= {unquote(word) for word in words}
    found = str(text)
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= _SHORTEST_SECRET:
            found = re.sub(re.escape(word), "•••", found, flags=re.IGNORECASE)
    return text if found == text else found
