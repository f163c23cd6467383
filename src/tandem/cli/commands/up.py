"""``tandem up``: the whole product in one command."""

import os
import subprocess
import sys
import threading

import click

from tandem.cli.base import OPERATOR, data_option
from tandem.cli.serving import refuse_taken, require_static_files, serve
from tandem.core import channel


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--no-sample", is_flag=True, help="Do not make the sample product.")
@data_option
def up(host: str, port: int, no_sample: bool) -> None:
    """Serve Tandem, with its background worker, until Ctrl-C."""
    from django.conf import settings

    refuse_taken(host, port)
    require_static_files()
    _first_administrator()
    if not no_sample:
        _sample()
    _greet(host, port)
    if settings.METRICS_OPEN or settings.METRICS_TOKEN:
        from tandem.core.monitoring.metrics import begin_anew

        begin_anew()
    stop = threading.Event()
    keeper = threading.Thread(target=_keep_worker, args=(stop,), daemon=True)
    keeper.start()
    try:
        # What people do in its pages is no work of the command line.
        with channel.through("page"):
            serve(host, port)
    finally:
        stop.set()
        keeper.join(timeout=settings.JOB_GRACE_SECONDS + 5)
    click.echo(f"Stopped. Everything is in {settings.DATA}.", err=True)


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
    from tandem.core import database
    from tandem.home.sample import sample_make
    from tandem.home.sample.scenario import plans_start

    if Workspace.objects.filter(is_sample=True).exists() or _people_exist():
        return
    with database.exclusive("sample"):
        if not Workspace.objects.filter(is_sample=True).exists():
            click.echo("Making the sample product …", err=True)
            plans_start(sample_make())


def _people_exist() -> bool:
    """Somebody works here already: a sample would only be in their way."""
    from tandem.accounts.models import User

    return User.objects.exclude(email=OPERATOR).exists()


def _greet(host: str, port: int) -> None:
    from tandem.accounts.links import is_sample_only, link_token
    from tandem.accounts.models import Member, Role

    address = f"http://{'127.0.0.1' if host in {'0.0.0.0', '::'} else host}:{port}"  # noqa: S104
    click.echo(f"\n  Tandem: {address}\n")
    members = Member.objects.active().filter(workspace__is_sample=True).select_related("user")
    # The two who steer first, then one of every other role.
    shown = {each.role: each for each in members.order_by("-pk") if is_sample_only(each.user)}
    order = [Role.PRODUCT_OWNER, Role.TECHNICAL_PM, Role.DEVELOPER, Role.STAKEHOLDER]
    order += [role for role in Role if role not in order]
    if shown:
        click.echo("  Sign in to the sample as")
    for member in (shown[role] for role in order if role in shown):
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
