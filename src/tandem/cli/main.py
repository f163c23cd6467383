"""The ``tandem`` command. Each subcommand is a file of its own, loaded when it is called."""

import importlib
import sys

import click

from tandem.core.errors import Refused

#: command -> "module:attribute" below ``tandem.cli.commands``
COMMANDS = {
    "up": "up:up",
    "serve": "serve:serve_",
    "import": "import_:import_",
    "export": "export:export",
    "items": "items:items",
    "rank": "rank:rank",
    "model": "model:model",
    "session": "session:session",
    "plan": "plan:plan",
    "forecast": "forecast:forecast",
    "migrate-database": "migrate_database:migrate_database",
    "user": "user:user",
    "doctor": "doctor:doctor",
    "backup": "backup:backup",
    "restore": "restore:restore",
    "purge": "purge:purge",
    "history": "history:history",
    "worker": "worker:worker",
    "jobs": "jobs:jobs",
    "webhook": "webhook:webhook",
    "chat": "chat:chat",
    "search": "search:search",
    "attach": "attach:attach",
    "reindex": "reindex:reindex",
    "connection": "connection:connection",
}


class Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name].split(":")
        loaded = importlib.import_module(f"tandem.cli.commands.{module}")
        command: click.Command = getattr(loaded, attribute)
        return command


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tandem-product", prog_name="tandem")
def tandem() -> None:
    """Tandem: the shared decision system of Product Owner and Technical Product Manager.

    Exit codes: 0 done, 1 refused (the reason is printed), 2 wrong usage.
    """


def main() -> None:
    """The entry point: a refusal is one line on standard error and exit code 1."""
    try:
        code = tandem.main(standalone_mode=False)
        # An exit code that a command left with is returned, not raised.
        if isinstance(code, int) and code:
            sys.exit(code)
    except click.exceptions.Abort:
        click.echo("Stopped. Nothing was changed.", err=True)
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except Refused as refusal:
        place = f"{refusal.field}: " if refusal.field else ""
        click.echo(f"Refused: {place}{refusal.message}", err=True)
        if refusal.details.get("pointed"):
            click.echo(refusal.details["pointed"], err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(1)
    except Exception as error:
        from tandem.core.database import refusal_of

        busy = refusal_of(error)
        if busy is None:
            raise
        click.echo(f"Refused: {busy.message}", err=True)
        sys.exit(1)
