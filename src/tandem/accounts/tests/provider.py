"""A real OpenID Connect provider in a process of its own, for the tests of the single sign-on."""

import json
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from urllib.request import Request, urlopen

PEOPLE = {
    "petra": {"email": "petra@skerry.example", "email_verified": True, "name": "Petra Holm"},
    "unchecked": {"email": "petra@skerry.example", "email_verified": False, "name": "Somebody"},
    "new": {
        "email": "nils@skerry.example",
        "email_verified": True,
        "name": "Nils New",
        "groups": ["po", "all"],
    },
    "foreign": {"email": "eve@evil.example", "email_verified": True, "name": "Eve"},
}


@dataclass(frozen=True)
class RunningProvider:
    issuer: str

    def says(self, sub: str, **claims: object) -> None:
        """From now on the provider tells this about the person."""
        body = json.dumps({**PEOPLE.get(sub, {}), **claims}).encode()
        request = Request(
            f"{self.issuer}/users/{sub}",
            data=body,
            method="PUT",
            headers={"Content-Type": "application/json"},
        )
        urlopen(request, timeout=20).close()


def start() -> tuple[subprocess.Popen, RunningProvider]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    running = RunningProvider(f"http://127.0.0.1:{port}")
    until = time.monotonic() + 60
    while True:
        try:
            urlopen(f"{running.issuer}/.well-known/openid-configuration", timeout=20).close()
            break
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.1)
    for sub in PEOPLE:
        running.says(sub)
    return process, running
