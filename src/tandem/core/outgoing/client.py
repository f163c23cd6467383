"""A client that sends one request to an address somebody gave, and to nowhere else.

The name is resolved once per connection, every address it has is checked, and the connection
goes to the checked address itself: a name that changes its mind in between changes nothing. TLS
still proves the name. Redirects are not followed, proxies of the environment are not used.
"""

import ipaddress
import os
import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from types import TracebackType
from typing import Any

import httpcore
import httpx

from tandem.core.outgoing.addresses import Allowed, complaint, literal, refused
from tandem_engine.words import figure, said

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 10.0
#: What is read of an answer's body.
ANSWER_BYTES = 64 * 1024

#: ``resolve(host, port, seconds)`` gives the addresses of a host as text.
Resolve = Callable[[str, int, float], list[str]]


class NotSent(Exception):
    """No answer came; the text says why and is fit for people."""


@dataclass(frozen=True)
class Answer:
    """``body`` holds the first bytes only; ``location`` is where a redirect points.

    ``headers`` are named in small letters; ``whole`` says that nothing of the body was left.
    """

    status: int
    body: bytes
    location: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    whole: bool = True


def resolve(host: str, port: int, seconds: float) -> list[str]:
    """The host's addresses. The system's resolver knows no time limit, so it runs beside."""
    found: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            found.put(error if isinstance(error, OSError) else OSError(str(error)))
        else:
            found.put(list(dict.fromkeys(str(row[4][0]) for row in rows)))

    threading.Thread(target=ask, daemon=True, name="resolve").start()
    try:
        answer = found.get(timeout=max(0.01, seconds))
    except queue.Empty:
        raise NotSent(
            said(
                "The name %(host)s was not resolved within %(seconds)s seconds.",
                host=host,
                seconds=figure(seconds, ".0f"),
            )
        ) from None
    if isinstance(answer, OSError):
        raise NotSent(said("The name %(host)s does not resolve.", host=host))
    return answer


class _Deadline:
    """The moment by which everything is over."""

    def __init__(self) -> None:
        self.at = 0.0

    def left(self, most: float | None) -> float:
        left = self.at - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left if most is None else min(left, most)


class _Stream(httpcore.NetworkStream):
    """A stream whose every step ends at the deadline: a byte now and then does not buy time."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(timeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    """Connects to checked addresses only."""

    def __init__(self, allowed: Allowed, resolve: Resolve, deadline: _Deadline) -> None:
        self._allowed = allowed
        self._resolve = resolve
        self._deadline = deadline
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        last: Exception | None = None
        for address in self._checked(host, port)[:3]:
            try:
                stream = self._network.connect_tcp(
                    address, port, timeout=self._deadline.left(timeout)
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
            else:
                return _Stream(stream, self._deadline)
        assert last is not None
        raise last

    def _checked(self, host: str, port: int) -> list[str]:
        """The host's addresses; refused when one of them may not be reached."""
        given = literal(host)
        left = self._deadline.left(CONNECT_SECONDS)
        found = [str(given)] if given else self._resolve(host, port, left)
        for text in found:
            # A zone ("fe80::1%eth0") belongs to link-local addresses only.
            address = ipaddress.ip_address(text.partition("%")[0])
            if "%" in text or not self._allowed.may_reach(host, address):
                raise NotSent(refused(host))
        if not found:
            raise NotSent(said("The name %(host)s has no address.", host=host))
        return found

    def connect_unix_socket(self, *args: Any, **named: Any) -> httpcore.NetworkStream:
        raise NotSent(said("Nothing is sent to a socket of this machine."))

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


def _trusted() -> ssl.SSLContext:
    """Whom TLS trusts: the usual authorities, or those that the environment names instead."""
    return _trusting(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@lru_cache(maxsize=4)
def _trusting(file: str | None, folder: str | None) -> ssl.SSLContext:
    """Read once: all authorities take longer to read than many an answer to come."""
    return httpx.create_ssl_context()


class Client:
    """``with Client(allowed) as client: client.post(url, headers=…, body=…)``."""

    def __init__(
        self,
        allowed: Allowed,
        *,
        resolve: Resolve = resolve,
        total_seconds: float = TOTAL_SECONDS,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._allowed = allowed
        self._total = total_seconds
        self._deadline = _Deadline()
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl_context or _trusted(),
            network_backend=_Backend(allowed, resolve, self._deadline),
            max_connections=1,
            keepalive_expiry=5.0,
        )

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.close()

    def post(self, url: str, *, headers: dict[str, str], body: bytes) -> Answer:
        """Send ``body``; raises ``NotSent`` when no whole head of an answer came in time."""
        return self.request("POST", url, headers=headers, body=body)

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str],
        body: bytes = b"",
        most: int = ANSWER_BYTES,
    ) -> Answer:
        """Ask, and read up to ``most`` bytes of the answer; raises ``NotSent`` like ``post``."""
        wrong = complaint(url, self._allowed)
        if wrong:
            raise NotSent(wrong)
        try:
            parts = httpx.URL(url)
        except httpx.InvalidURL as error:
            raise NotSent(
                said("This is no address. It looks like https://example.com/hook.")
            ) from error
        target = httpcore.URL(
            scheme=parts.raw_scheme, host=parts.raw_host, port=parts.port, target=parts.raw_path
        )
        self._deadline.at = time.monotonic() + self._total
        timeout = {"connect": CONNECT_SECONDS, "read": None, "write": None, "pool": 1.0}
        try:
            with self._pool.stream(
                method,
                target,
                headers=list(headers.items()),
                content=body,
                extensions={"timeout": timeout},
            ) as response:
                kept = self._beginning(response, most)
                told = {
                    name.decode("latin-1").lower(): value.decode("latin-1")[:2000]
                    for name, value in response.headers
                }
                location = told.get("location", "")[:300]
                return Answer(response.status, kept[:most], location, told, len(kept) <= most)
        except NotSent:
            raise
        except httpcore.ConnectTimeout as error:
            raise NotSent(
                said(
                    "No connection within %(connect_seconds)s seconds.",
                    connect_seconds=figure(CONNECT_SECONDS, ".0f"),
                )
            ) from error
        except httpcore.TimeoutException as error:
            raise NotSent(
                said("No answer within %(total)s seconds.", total=figure(self._total, "g"))
            ) from error
        except httpcore.ConnectError as error:
            raise NotSent(_no_connection(error, parts.host)) from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise NotSent(
                said("The connection broke: %(reason)s.", reason=_reason(error))
            ) from error

    def _beginning(self, response: httpcore.Response, most: int) -> bytes:
        """The first bytes of the body, one chunk more than ``most`` at the longest."""
        kept = bytearray()
        try:
            for chunk in response.iter_stream():
                kept += chunk
                if len(kept) > most:
                    break
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise NotSent(said("The answer began and did not end.")) from error
        return bytes(kept)


def _no_connection(error: Exception, host: str) -> str:
    """Also why a certificate is not trusted, which is under what our client says of it."""
    under: BaseException | None = error
    while under is not None and not isinstance(under, ssl.SSLCertVerificationError):
        under = under.__cause__ or under.__context__
    if under is None:
        return said("No connection: %(reason)s.", reason=_reason(error))
    return said(
        "The certificate of %(host)s is not trusted: %(reason)s. Nothing was sent.",
        host=host,
        reason=under.verify_message.rstrip("."),
    )


def _reason(error: Exception) -> str:
    text = str(error) or type(error).__name__
    return re.sub(r"^\[Errno -?\d+\] ", "", text.splitlines()[0])[:200].rstrip(".")
