import ipaddress

import pytest

from tandem.core.outgoing.addresses import Allowed, complaint, is_public

NOBODY = Allowed()


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.5.4",
        "192.168.1.1",
        "169.254.169.254",  # metadata of most clouds
        "168.63.129.16",  # Azure's own service
        "100.100.100.200",  # Alibaba's metadata
        "192.0.0.192",  # Oracle's metadata
        "198.18.0.1",
        "192.0.2.7",
        "224.0.0.1",
        "239.255.255.250",
        "255.255.255.255",
        "240.0.0.1",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",  # NAT64 of 127.0.0.1
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2002:7f00:1::",  # 6to4 of 127.0.0.1
        "2002:c0a8:101::1",
        "2001::1",  # Teredo
        "2001:db8::1",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "fd00:ec2::254",  # metadata over IPv6
        "ff02::1",
        "2a00:1450:4001::5efe:a00:1",  # ISATAP of 10.0.0.1
        "100::1",
    ],
)
def test_it_refuses_what_is_not_on_the_public_internet(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.215.14", "2606:4700:4700::1111", "64:ff9b::101:101"]
)
def test_public_addresses_are_reached(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://example.com/", "https://"),
        ("file:///etc/passwd", "https://"),
        ("gopher://example.com/", "https://"),
        ("example.com/hook", "https://"),
        ("https:///hook", "names a host"),
        ("https://ada:secret@example.com/", "password"),
        ("https://example.com/#part", "#"),
        ("https://example.com:22/", "port 22"),
        ("https://example.com:6379/", "port 6379"),
        ("https://example.com:99999/", "no address"),
        ("https://exa mple.com/", "blanks"),
        ("https://example.com\\@127.0.0.1/", "backslashes"),
        ("https://example.com/\r\nX: 1", "blanks"),
        ("http://127.0.0.1/", "TANDEM_WEBHOOK_ALLOW"),
        ("http://[::1]/", "TANDEM_WEBHOOK_ALLOW"),
        ("http://[::ffff:169.254.169.254]/", "TANDEM_WEBHOOK_ALLOW"),
        ("https://example.com/" + "a" * 2000, "at most"),
    ],
)
def test_it_refuses_an_address_and_says_why(url, words):
    assert words in complaint(url, NOBODY)


@pytest.mark.parametrize(
    "url", ["https://example.com/hook?a=1", "http://example.com:8080/", "https://bücher.example/"]
)
def test_an_address_of_a_web_server_is_taken(url):
    assert complaint(url, NOBODY) is None


def test_what_is_allowed_is_reached_by_name_by_domain_and_by_network():
    allowed = Allowed.of(["ci.intranet", ".corp.example", "10.1.0.0/16", "127.0.0.1"])
    private = ipaddress.ip_address("192.168.3.3")
    assert allowed.may_reach("CI.intranet", private)
    assert allowed.may_reach("git.corp.example", private)
    assert not allowed.may_reach("corp.example.evil.example", private)
    assert not allowed.may_reach("notcorp.example", private)
    assert allowed.may_reach("anything", ipaddress.ip_address("10.1.2.3"))
    assert allowed.may_reach("anything", ipaddress.ip_address("::ffff:10.1.2.3"))
    assert not allowed.may_reach("anything", ipaddress.ip_address("10.2.0.1"))
    assert complaint("http://127.0.0.1:22/", allowed) is None


@pytest.mark.parametrize("word", ["http://intranet/", "10.0.0.0/99", "*.corp"])
def test_it_refuses_an_allowance_it_cannot_read(word):
    with pytest.raises(ValueError, match="neither"):
        Allowed.of([word])
