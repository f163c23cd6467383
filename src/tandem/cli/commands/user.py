"""``tandem user``: people from the command line."""

import click

from tandem.cli.base import OPERATOR, data_option, operator, workspace_option
from tandem.core.errors import Refused


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
@click.option("--link", is_flag=True, help="No password: print a sign-in link valid for a day.")
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
    from tandem.accounts.links import link_token
    from tandem.accounts.models import User

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
    click.echo(f"{person.name} is {member.get_role_display()} of {member.workspace.name}.")
    if link:
        click.echo(f"Sign in: http://127.0.0.1:8000/sign-in/link/{link_token(person)}/")


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
