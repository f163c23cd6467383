"""Where a request to an address somebody gave may go: the public internet and what is allowed.

Without this, whoever may give an address could reach what only this machine can: its own
services, the intranet, a cloud's metadata.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from tandem_engine.words import said

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LONGEST_URL = 2000
#: Ports below 1024 that web servers use; higher ones are open but for those of ``OTHER_SERVICES``.
WEB_PORTS = frozenset({80, 443})
#: Databases, caches and the like: they may take a web request for commands of their own.
OTHER_SERVICES = frozenset(
    {
        *(1433, 1521, 2049, 2375, 2376, 2379, 2380, 3306, 3389, 5060, 5061, 5432, 5672, 5900),
        *(5984, 6000, 6379, 6443, 6660, 6665, 6666, 6667, 6668, 6669, 6697, 8086, 9042, 9092),
        *(9200, 9300, 10250, 11211, 15672, 27017),
    }
)

# What the standard library calls global (in one of the versions we run on) and is not a place
# on the public internet, or is a cloud's own service at a public number.
_NEVER_PUBLIC: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "168.63.129.16/32",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "240.0.0.0/4",
        "::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fec0::/10",
    )
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def embedded(address: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address an IPv6 address is translated to on its way, if it is of such a kind."""
    if not isinstance(address, ipaddress.IPv6Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    # ISATAP: the last 32 bits behind 0:5efe.
    if (int(address) >> 32) & 0xFCFFFFFF == 0x5EFE:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def is_public(address: Address) -> bool:
    """Whether ``address`` is a single place on the public internet."""
    inner = embedded(address)
    if inner is not None:
        return is_public(inner)
    if not address.is_global or address.is_multicast or address.is_unspecified:
        return False
    return not any(address in net for net in _NEVER_PUBLIC if net.version == address.version)


@dataclass(frozen=True)
class Allowed:
    """What is reached besides the public internet: hosts by name, and networks."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    @classmethod
    def of(cls, words: Iterable[str]) -> "Allowed":
        """Of names (``ci.intranet``, ``.intranet`` for all below it), addresses and networks.

        Raises ``ValueError`` naming the word that is neither.
        """
        hosts, networks = set(), []
        for word in words:
            try:
                networks.append(ipaddress.ip_network(word, strict=False))
            except ValueError:
                name = word.lower().rstrip(".")
                if not name or set(name) & set("/:@ *?#"):
                    raise ValueError(
                        f"{word!r} is neither a host, nor .domain, nor a network like 10.0.0.0/8"
                    ) from None
                hosts.add(name)
        return cls(frozenset(hosts), tuple(networks))

    def names(self, host: str) -> bool:
        name = host.lower().rstrip(".")
        if name in self.hosts:
            return True
        return any(each.startswith(".") and name.endswith(each) for each in self.hosts)

    def holds(self, address: Address) -> bool:
        inner = embedded(address) or address
        return any(inner in net for net in self.networks if net.version == inner.version)

    def may_reach(self, host: str, address: Address) -> bool:
        return self.names(host) or self.holds(address) or is_public(address)


def literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


def complaint(url: str, allowed: Allowed) -> str | None:
    """Why nothing can be sent to ``url``, or ``None``. Looks at the text alone: no name is resolved."""
    if len(url) > LONGEST_URL:
        return said("An address has at most %(longest_url)s characters.", longest_url=LONGEST_URL)
    if any(ord(character) <= 32 or ord(character) == 127 for character in url) or "\\" in url:
        return said("An address has no blanks, control characters or backslashes.")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = parts.hostname or ""
    except ValueError:
        return said("This is no address. It looks like https://example.com/hook.")
    if parts.scheme not in {"http", "https"} or not host:
        return said("An address begins with https:// or http:// and names a host.")
    if parts.username is not None or parts.password is not None:
        return said("An address holds no name or password. The signature proves who sends.")
    if parts.fragment:
        return said("An address has no part behind #: it would not be sent.")
    address = literal(host)
    known = allowed.names(host) or (address is not None and allowed.holds(address))
    if address is not None and not known and not is_public(address):
        return _private(host)
    if port is not None and not known:
        web = port in WEB_PORTS or (port >= 1024 and port not in OTHER_SERVICES)
        if not web:
            return said(
                "Nothing is sent to port %(port)s. Use 443, 80 or a free one above 1023.", port=port
            )
    return None


def _private(host: str) -> str:
    return said(
        "%(host)s is not on the public internet. Whoever runs Tandem can allow it with TANDEM_WEBHOOK_ALLOW.",
        host=host,
    )


def refused(host: str) -> str:
    """What is told when a name leads to an address that is not allowed. The address is not told:
    it would show the intranet's numbers to whoever may give an address."""
    return _private(host)
