"""The web server, as ``tandem up`` and ``tandem serve`` start it."""

import socket
from pathlib import Path

from tandem.core.errors import Refused


def refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refused(
                f"Cannot serve on {host}:{port} ({error.strerror}). Choose another: --port 8001 "
                "(make run PORT=8001)."
            ) from error


def require_static_files() -> None:
    """The wheel carries the front-end files; a checkout needs ``make setup`` once."""
    vendor = Path(__file__).resolve().parents[1] / "static" / "vendor"
    if not vendor.exists():
        raise Refused("The front-end files are missing. Run `make setup` in the checkout first.")


def serve(host: str, port: int, *, workers: int = 1) -> None:
    """Serve until stopped, with so many processes; one that dies is started again."""
    from granian.constants import Interfaces
    from granian.server import Server

    from tandem.core import database

    database.let_go()
    Server(
        "tandem.config.asgi:application",
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        workers=workers,
        workers_kill_timeout=3,
        respawn_failed_workers=workers > 1,
        log_access=False,
        log_level="warning",  # type: ignore[arg-type]
    ).serve()
