"""What every command needs: the data folder opened, somebody to act for, and one way to answer."""

import functools
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from tandem.core.errors import Refused

if TYPE_CHECKING:
    from tandem.accounts.models import Member, Product

OPERATOR = "operator@localhost"


def data_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--data DIR``; opens the folder (making and migrating the database) before the command."""

    @click.option(
        "--data",
        "data",
        type=click.Path(file_okay=False, path_type=Path),
        envvar="TANDEM_DATA",
        help="Where everything lives (default: the user's data folder, or TANDEM_DATA).",
    )
    @functools.wraps(command)
    def opened(*args: Any, data: Path | None, **kwargs: Any) -> Any:
        context = click.get_current_context()
        named = context.get_parameter_source("data") == ParameterSource.COMMANDLINE
        context.meta["tandem.data_named"] = named
        open_data(data)
        from tandem.core import channel

        with channel.through("cli"):
            return command(*args, **kwargs)

    return opened


def open_data(data: Path | None) -> None:
    """Set Django up on the data folder and bring its database up to date."""
    if data is not None:
        os.environ["TANDEM_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tandem.config.settings")
    import django

    django.setup()
    from tandem.core import database

    database.require_usable()
    migrate()


def migrate() -> None:
    """Apply what is missing, after a copy of what is there; refuses a newer Tandem's database."""
    from tandem.core.upgrade import bring_up_to_date

    bring_up_to_date()


def operator(workspace: str | None = None) -> "Member":
    """Who a command acts for: an administrator of the workspace (made on an empty folder).

    With several workspaces and none named, a person's own comes before the sample.
    """
    from tandem.accounts import operations
    from tandem.accounts.models import Member, Role, User, Workspace

    found = Workspace.objects.order_by("is_sample", "pk")
    if workspace:
        found = found.filter(slug=workspace)
    chosen = found.first()
    if chosen is None and workspace:
        raise Refused(f"There is no workspace {workspace!r}.", field="workspace")
    if chosen is None:
        user = User.objects.filter(email=OPERATOR).first() or operations.user_create(
            email=OPERATOR, name="Operator"
        )
        return operations.workspace_create(name="My workspace", user=user)
    admins = Member.objects.active().filter(workspace=chosen, role=Role.ADMIN)
    admin = admins.select_related("user", "workspace").order_by("pk").first()
    if admin is None:
        raise Refused(
            f"The workspace {chosen.name} has no administrator. Add one: tandem user add."
        )
    return admin


def member_for(key: str, workspace: str | None = None) -> "Member":
    """The operator of the workspace that has the product ``key``, else the default one."""
    from tandem.accounts.models import Product

    if workspace is None:
        rows = Product.objects.filter(key=key.upper(), deleted_at=None)
        slugs = list(
            rows.order_by("workspace__is_sample").values_list("workspace__slug", flat=True)
        )
        if len(slugs) == 1:
            workspace = slugs[0]
        elif len(slugs) > 1:
            raise Refused(
                f"Several workspaces have a product {key.upper()}: say which with --workspace "
                f"({', '.join(slugs)}).",
                field="workspace",
            )
    return operator(workspace)


def product_of(member: "Member", key: str) -> "Product":
    from tandem.accounts.models import Product

    product = Product.objects.visible_to(member).filter(key=key.strip().upper()).first()
    if product is None:
        keys = ", ".join(Product.objects.visible_to(member).values_list("key", flat=True)[:20])
        raise Refused(
            f"There is no product {key.upper()}. Products here: {keys or 'none yet'}.",
            field="product",
        )
    return product


def answer(as_json: bool, payload: Any, text: Callable[[], None]) -> None:
    """``--json``: one object on standard output and nothing else; otherwise readable text."""
    if as_json:
        json.dump(payload, sys.stdout, ensure_ascii=False, allow_nan=False, default=str)
        sys.stdout.write("\n")
    else:
        text()


class Teller:
    """Progress on standard error: one line that changes on a terminal, now and then a line else."""

    def __init__(self) -> None:
        self._bar = sys.stderr.isatty()
        self._last = ""

    def __call__(self, done: int, total: int, note: str) -> None:
        if self._bar:
            click.echo(f"\r\033[K{done}/{total} {note}", nl=False, err=True)
        elif note and note != self._last:
            click.echo(f"{done}/{total} {note}", err=True)
        self._last = note

    def over(self) -> None:
        if self._bar:
            click.echo("\r\033[K", nl=False, err=True)


def teller() -> Teller:
    return Teller()


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
product_option = click.option(
    "--product", "key", required=True, metavar="KEY", help="A product's key."
)
workspace_option = click.option(
    "--workspace", default=None, metavar="SLUG", help="Which workspace."
)
