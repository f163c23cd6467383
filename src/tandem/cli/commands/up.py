"""``tandem up``: the whole product in one command."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import click

from tandem.cli.base import OPERATOR, data_option
from tandem.core import channel
from tandem.core.errors import Refused


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--no-sample", is_flag=True, help="Do not make the sample product.")
@data_option
def up(host: str, port: int, no_sample: bool) -> None:
    """Serve Tandem, with its background worker, until Ctrl-C."""
    from django.conf import settings

    _refuse_taken(host, port)
    _static_files()
    _first_administrator()
    if not no_sample:
        _sample()
    _greet(host, port)
    stop = threading.Event()
    keeper = threading.Thread(target=_keep_worker, args=(stop,), daemon=True)
    keeper.start()
    try:
        # What people do in its pages is no work of the command line.
        with channel.through("page"):
            _serve(host, port)
    finally:
        stop.set()
        keeper.join(timeout=settings.JOB_GRACE_SECONDS + 5)
    click.echo(f"Stopped. Everything is in {settings.DATA}.", err=True)


def _refuse_taken(host: str, port: int) -> None:
    import socket

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refused(
                f"Cannot serve on {host}:{port} ({error.strerror}). Choose another: --port 8001."
            ) from error


def _static_files() -> None:
    """The wheel carries the front-end files; a checkout needs ``make setup`` once."""
    vendor = Path(__file__).resolve().parents[2] / "static" / "vendor"
    if not vendor.exists():
        raise Refused("The front-end files are missing. Run `make setup` in the checkout first.")


def _first_administrator() -> None:
    """Whom ``TANDEM_ADMIN_…`` names, when nobody has a workspace of their own here yet."""
    from django.conf import settings

    from tandem.accounts.operations import first_administrator

    named = settings.FIRST_ADMINISTRATOR
    if named is None:
        return
    member = first_administrator(**named._asdict(), besides=OPERATOR)
    if member is not None:
        click.echo(f"{named.email} is the administrator of {member.workspace.name}.", err=True)


def _sample() -> None:
    from tandem.accounts.models import Workspace

    if Workspace.objects.filter(is_sample=True).exists() or _people_exist():
        return
    from tandem.home.sample import sample_make

    click.echo("Making the sample product …", err=True)
    sample_make()


def _people_exist() -> bool:
    """Somebody works here already: a sample would only be in their way."""
    from tandem.accounts.models import User

    return User.objects.exclude(email=OPERATOR).exists()


def _greet(host: str, port: int) -> None:
    from tandem.accounts.links import is_sample_only, link_token
    from tandem.accounts.models import Member

    address = f"http://{'127.0.0.1' if host in {'0.0.0.0', '::'} else host}:{port}"  # noqa: S104
    click.echo(f"\n  Tandem: {address}\n")
    members = Member.objects.active().filter(workspace__is_sample=True).select_related("user")
    if members:
        click.echo("  Sign in to the sample as")
    for member in members.order_by("pk"):
        if not is_sample_only(member.user):
            continue
        role = f"{member.user.name}, {member.get_role_display()}"
        click.echo(f"    {role:<42} {address}/sign-in/link/{link_token(member.user)}/")
    click.echo("\n  Stop with Ctrl-C.\n")
    sys.stdout.flush()


def _keep_worker(stop: threading.Event) -> None:
    """Run ``tandem worker`` as a child, started again if it dies."""
    from django.conf import settings

    while not stop.is_set():
        child = subprocess.Popen([sys.executable, "-m", "tandem", "worker"], env=os.environ)
        while child.poll() is None and not stop.wait(0.5):
            pass
        if stop.is_set():
            child.terminate()
            try:
                child.wait(timeout=settings.JOB_GRACE_SECONDS + 3)
            except subprocess.TimeoutExpired:
                child.kill()
        elif not stop.wait(2):
            click.echo("The background worker ended; starting it again.", err=True)


def _serve(host: str, port: int) -> None:
    from granian.constants import Interfaces
    from granian.server import Server

    Server(
        "tandem.config.asgi:application",
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        workers=1,
        workers_kill_timeout=3,
        log_access=False,
        log_level="warning",  # type: ignore[arg-type]
    ).serve()
