"""``tandem history``: how long a workspace keeps its history."""

import click

from tandem.cli.base import answer, data_option, json_option, operator, workspace_option
from tandem.core.errors import Refused

FOR_EVER = "for-ever"


@click.command()
@click.option("--keep", metavar="DAYS", help=f"Keep it this many days, or {FOR_EVER}.")
@click.option("--delete-now", is_flag=True, help="Delete what is too old now, not tonight.")
@workspace_option
@json_option
@data_option
def history(keep: str | None, delete_now: bool, workspace: str | None, as_json: bool) -> None:
    """How long the audit log, the activity and the items' history are kept."""
    from django.utils import timezone

    from tandem.accounts.history_keeping import gone, gone_before, prune
    from tandem.accounts.operations_history import history_keep

    member = operator(workspace)
    days = member.workspace.keep_history_days
    if keep is not None:
        if keep != FOR_EVER and not (keep.isascii() and keep.isdigit() and len(keep) < 9):
            raise Refused(f"Write a number of days, or {FOR_EVER}.", field="--keep")
        days = history_keep(
            by=member, days=None if keep == FOR_EVER else int(keep)
        ).keep_history_days
    deleted = prune(timezone.now(), member.workspace) if delete_now else 0
    member.workspace.refresh_from_db()

    def text() -> None:
        told = f"for {days:,} days" if days else "for ever"
        click.echo(f"{member.workspace.name} keeps its history {told}.")
        if delete_now:
            click.echo(f"{deleted:,} older events are deleted.")

        if told := gone(member.workspace):
            click.echo(told)

    kept_from = gone_before(member.workspace)
    answer(as_json, {"days": days, "deleted": deleted, "kept_from": kept_from}, text)
