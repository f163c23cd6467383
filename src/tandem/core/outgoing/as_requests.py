"""What libraries written for ``requests`` get instead of it: the same calls, through our client.

So whatever such a library asks for goes to checked addresses only, follows no redirect, proves
every certificate and ends in time, whatever its own options say.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from tandem.core.outgoing.client import Answer, Client, NotSent
from tandem_engine.words import figure, said

#: What of ``requests`` is handed through: names of errors and numbers, nothing that sends.
_PLAIN = frozenset(
    {
        *("codes", "exceptions", "RequestException", "ConnectionError", "HTTPError"),
        *("Timeout", "ConnectTimeout", "ReadTimeout", "TooManyRedirects", "JSONDecodeError"),
    }
)
_TAKEN = ("data", "json", "params", "headers", "auth", "files", "cookies")
#: One message may take several requests; together not longer.
TOGETHER_SECONDS = 20.0


@dataclass
class Heard:
    """What came of the requests so far: the last answer, or why there was none."""

    client: Client
    ends: float
    asked: int = 0
    answer: Answer | None = None
    reason: str = ""


class AsRequests:
    """Stands where a module says ``requests``. Sends only ``with`` a client of ours at hand."""

    def __init__(self) -> None:
        self._here: ContextVar[Heard | None] = ContextVar("heard", default=None)

    @contextmanager
    def through(self, client: Client) -> Iterator[Heard]:
        heard = Heard(client, time.monotonic() + TOGETHER_SECONDS)
        before = self._here.set(heard)
        try:
            yield heard
        finally:
            self._here.reset(before)

    def __getattr__(self, name: str) -> Any:
        if name not in _PLAIN:
            raise AttributeError(f"requests.{name} is not at hand here")
        import requests

        return getattr(requests, name)

    def get(self, url: str, params: Any = None, **named: Any) -> Any:
        return self.request("GET", url, params=params, **named)

    def post(self, url: str, data: Any = None, json: Any = None, **named: Any) -> Any:
        return self.request("POST", url, data=data, json=json, **named)

    def put(self, url: str, data: Any = None, **named: Any) -> Any:
        return self.request("PUT", url, data=data, **named)

    def request(self, method: str, url: str, **named: Any) -> Any:
        import requests

        heard = self._here.get()
        if heard is None:
            raise requests.ConnectionError("Nothing is sent from here.")
        given = {name: named[name] for name in _TAKEN if named.get(name) is not None}
        asked = requests.Request(method.upper(), url, **given).prepare()
        body: Any = asked.body or b""
        heard.asked += 1
        heard.answer, heard.reason = None, ""
        try:
            if time.monotonic() >= heard.ends:
                raise NotSent(
                    said(
                        "It was not done within %(total)s seconds.",
                        total=figure(TOGETHER_SECONDS, "g"),
                    )
                )
            heard.answer = heard.client.request(
                str(asked.method),
                str(asked.url),
                headers={str(name): str(value) for name, value in asked.headers.items()},
                body=body.encode() if isinstance(body, str) else bytes(body),
            )
        except NotSent as reason:
            heard.reason = reason.args[0]
            raise requests.ConnectionError(str(reason)) from reason
        return _as_response(asked, heard.answer)


def _as_response(asked: Any, answer: Answer) -> Any:
    import requests

    found = requests.Response()
    found.status_code = answer.status
    found.headers.update(answer.headers)
    found.url, found.request = asked.url, asked
    found.raw = BytesIO(answer.body)
    found.encoding = requests.utils.get_encoding_from_headers(found.headers)
    found._content = answer.body
    found._content_consumed = True
    return found
