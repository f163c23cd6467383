"""The guarded client against real servers on loopback, some of which mean harm."""

import socket
import ssl
import time

import pytest

from tandem.core.outgoing.addresses import Allowed
from tandem.core.outgoing.client import ANSWER_BYTES, Client, NotSent
from tandem.integrations.webhooks.tests.receiver import receiving

LOOPBACK = Allowed.of(["127.0.0.1"])


def post(url, **named):
    named.setdefault("allowed", LOOPBACK)
    with Client(named.pop("allowed"), **named) as client:
        return client.post(url, headers={"x-test": "1"}, body=b"{}")


def resolving(*answers):
    """A resolver that answers differently each time, and notes how often it was asked."""
    asked = []

    def resolve(host, port, seconds):
        asked.append(host)
        return list(answers[min(len(asked), len(answers)) - 1])

    resolve.asked = asked
    return resolve


def test_a_name_that_turns_private_after_the_check_is_not_followed():
    """DNS rebinding: the connection goes to the address that was checked, asked for once."""
    with receiving() as receiver:
        resolve = resolving(["127.0.0.1"], ["127.0.0.2"])
        answer = post(receiver.url(host="rebind.example"), resolve=resolve)
        assert answer.status == 200
        assert resolve.asked == ["rebind.example"]
        assert receiver.got[0].headers["host"] == f"rebind.example:{receiver.port}"
        with pytest.raises(NotSent, match="not on the public internet"):
            post(
                receiver.url(host="rebind.example"),
                allowed=Allowed(),
                resolve=resolving(["127.0.0.1"]),
            )
        assert len(receiver.got) == 1


def test_a_name_with_one_private_address_among_others_is_refused():
    with pytest.raises(NotSent, match="not on the public internet") as refused:
        post("http://mixed.example/", resolve=resolving(["1.1.1.1", "10.0.0.7"]))
    assert "10.0.0.7" not in str(refused.value)


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "017700000001", "127.1"])
def test_odd_spellings_of_loopback_are_refused(host):
    with pytest.raises(NotSent):
        post(f"http://{host}:8080/", allowed=Allowed())


def test_the_environments_proxy_is_not_used(monkeypatch):
    with receiving() as receiver, receiving() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert post(receiver.url()).status == 200
        assert proxy.got == []


def test_a_huge_answer_is_cut_and_not_read_to_its_end():
    def flood(handler, receiver):
        handler.send_response(200)
        handler.send_header("Content-Length", str(10**12))
        handler.end_headers()
        try:
            while not receiver.stopping.is_set():
                handler.wfile.write(b"x" * 65536)
        except OSError:
            pass

    with receiving() as receiver:
        receiver.answer = flood
        assert len(post(receiver.url()).body) == ANSWER_BYTES


def test_a_huge_head_is_refused():
    def flood(handler, receiver):
        handler.send_response(200)
        for number in range(300):
            handler.send_header(f"X-{number}", "x" * 1000)
        handler.end_headers()

    with receiving() as receiver:
        receiver.answer = flood
        with pytest.raises(NotSent, match="broke"):
            post(receiver.url())


@pytest.mark.parametrize("part", ["head", "body"])
def test_a_receiver_that_drips_does_not_buy_time(part):
    def drip(handler, receiver):
        if part == "body":
            handler.send_response(200)
            handler.send_header("Content-Length", "1000")
            handler.end_headers()
        while not receiver.stopping.wait(0.02):
            try:
                handler.wfile.write(b"H")
                handler.wfile.flush()
            except OSError:
                return

    with receiving() as receiver:
        receiver.answer = drip
        began = time.monotonic()
        with pytest.raises(NotSent):
            post(receiver.url(), total_seconds=0.15)
        # Not how fast it is: that it ends at all, though every single read succeeds in time.
        assert time.monotonic() - began < 5


def test_a_silent_receiver_is_given_up():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(NotSent, match="No answer within"):
            post(f"http://127.0.0.1:{silent.getsockname()[1]}/", total_seconds=0.1)


def test_tls_proves_the_name_though_the_address_is_pinned(certificate):
    named = []
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    server.sni_callback = lambda _, name, __: named.append(name)
    trusting = ssl.create_default_context(cafile=certificate)
    here = ["127.0.0.1"]
    with receiving(server) as receiver:
        address = f"https://hook.example:{receiver.port}/"
        assert post(address, resolve=resolving(here), ssl_context=trusting).status == 200
        assert named == ["hook.example"]
        with pytest.raises(NotSent, match=r"other\.example is not trusted: Hostname mismatch"):
            post(
                f"https://other.example:{receiver.port}/",
                resolve=resolving(here),
                ssl_context=trusting,
            )
        with pytest.raises(NotSent, match=r"hook\.example is not trusted: self-signed certificate"):
            post(address, resolve=resolving(here))
        assert len(receiver.got) == 1
