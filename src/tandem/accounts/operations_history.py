"""How long a workspace keeps its history: audit log, activity and the history of its items."""

from django.db import transaction
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Workspace
from tandem.accounts.models.workspace import LEAST_DAYS, MOST_DAYS
from tandem.accounts.permissions import require
from tandem.core import events
from tandem.core.errors import Refused
from tandem.ui.filters import number


@transaction.atomic
def history_keep(*, by: Member, days: int | None) -> Workspace:
    """Keep events for ``days``, or with ``None`` for ever. What is older goes the next night."""
    require(by, "workspace.manage")
    if days is not None and not LEAST_DAYS <= days <= MOST_DAYS:
        raise Refused(
            _("Keep history for %(least)s to %(most)s days, or for ever.")
            % {"least": number(LEAST_DAYS), "most": number(MOST_DAYS)},
            field="days",
        )
    workspace = Workspace.objects.select_for_update().get(pk=by.workspace_id)
    before, workspace.keep_history_days = workspace.keep_history_days, days
    if before != days:
        workspace.save(update_fields=["keep_history_days"])
        changes = {"keep_history_days": [before, days]}
        events.record(by=by, verb="workspace.updated", obj=workspace, changes=changes)
    return workspace
