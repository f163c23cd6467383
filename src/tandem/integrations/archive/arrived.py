"""Work that was under way when an archive was written is not under way where it arrives."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_noop as N_

from tandem.integrations.models import RunState


def _plan(plan: Any) -> None:
    if plan.state == "solving":
        plan.state = "failed"
        plan.message = N_("It was being solved when the archive was written. Solve it again.")


def _import(run: Any) -> None:
    """What was half in, or half out, came along: it can be reverted here."""
    if run.state in (RunState.RUNNING, RunState.REVERTING) and run.applied_from is not None:
        run.state, run.finished_at = RunState.DONE, run.finished_at or run.applied_from
        run.message = N_(
            "It was under way when the archive was written: what was in by then is here."
        )
    elif run.is_working:
        run.state, run.message = (
            RunState.FAILED,
            N_("It was under way when the archive was written."),
        )


#: Table -> what is put right about each of its rows.
ARRIVED: dict[str, Callable[[Any], None]] = {"plans": _plan, "import_runs": _import}
