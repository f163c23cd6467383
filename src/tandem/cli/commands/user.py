"""``tandem user``: people from the command line."""

from typing import Any

import click

from tandem.cli.base import OPERATOR, data_option, operator, workspace_option
from tandem.core.errors import Refused


def address() -> str:
    """Where people reach Tandem: behind a proxy that speaks HTTPS the first of ``TANDEM_HOSTS``,
    else where ``tandem up`` serves when nothing is said."""
    from django.conf import settings

    hosts = [each for each in settings.ALLOWED_HOSTS if each.strip(".*")]
    return f"https://{hosts[0]}" if settings.SECURE_COOKIES and hosts else "http://127.0.0.1:8000"


@click.group()
def user() -> None:
    """People who may sign in."""


@user.command("add")
@click.argument("email")
@click.option("--name", default="", help="Shown beside what they do.")
@click.option(
    "--role",
    default="admin",
    show_default=True,
    type=click.Choice(
        ["admin", "product_owner", "technical_pm", "developer", "stakeholder", "viewer"]
    ),
)
@click.option("--workspace-name", default=None, help="Make a new workspace of this name for them.")
@click.option("--password", default=None, help="Asked for when neither this nor --link is given.")
@click.option("--link", is_flag=True, help="No password: print a sign-in link, for one use.")
@workspace_option
@data_option
def add(
    email: str,
    name: str,
    role: str,
    workspace_name: str | None,
    password: str | None,
    link: bool,
    workspace: str | None,
) -> None:
    """Add a person with a role. Works without mail."""
    from django.db import transaction

    from tandem.accounts import operations
    from tandem.accounts.links import link_make
    from tandem.accounts.models import LinkPurpose, User
    from tandem.accounts.sign_in.passwords import email_verified

    if not password and not link:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    with transaction.atomic():
        existing = User.objects.filter(email__iexact=email).first()
        if existing is not None and password:
            raise Refused(f"{email} is here already; add them without a password: --link.")
        person = existing or operations.user_create(email=email, name=name, password=password)
        if workspace_name:
            member = operations.workspace_create(name=workspace_name, user=person)
        else:
            member = operations.member_add(by=operator(workspace), user=person, role=role)
        if existing is None:
            # Whoever runs Tandem says whose address this is.
            email_verified(person)
    click.echo(f"{person.name} is {member.get_role_display()} of {member.workspace.name}.")
    if link:
        secret = link_make(user=person, purpose=LinkPurpose.SIGN_IN)
        click.echo(f"Sign in: {address()}/sign-in/link/{secret}/")


def _person(email: str) -> Any:
    from tandem.accounts.models import User

    person = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if person is None:
        raise Refused(f"Nobody here has the mail address {email}.", field="email")
    return person


@user.command("link")
@click.argument("email")
@click.option("--sign-in", is_flag=True, help="Sign in instead of choosing a password.")
@data_option
def link_(email: str, sign_in: bool) -> None:
    """Print a link with which a person chooses a password: for one use, within a day."""
    from tandem.accounts.links import link_make
    from tandem.accounts.models import LinkPurpose

    purpose = LinkPurpose.SIGN_IN if sign_in else LinkPurpose.PASSWORD
    secret = link_make(user=_person(email), purpose=purpose)
    click.echo(f"{address()}/sign-in/{'link' if sign_in else 'password'}/{secret}/")


@user.command("reset-factor")
@click.argument("email")
@data_option
def reset_factor(email: str) -> None:
    """Take a person's second factors away and end their sessions."""
    from tandem.accounts.sign_in import audit, factors

    person = _person(email)
    factors.factors_clear(person)
    audit.tell(person, "second_factor.reset", by_them=False, through="command line")
    click.echo(f"{person.name} signs in without a second factor now. Their sessions have ended.")


@user.command("list")
@data_option
def list_() -> None:
    """Everybody, with their workspaces and roles."""
    from tandem.accounts.models import Member

    members = (
        Member.objects.active().select_related("user", "workspace").order_by("workspace", "pk")
    )
    for member in members:
        if member.user.email != OPERATOR:
            click.echo(f"{member.user.email}\t{member.role}\t{member.workspace.slug}")
