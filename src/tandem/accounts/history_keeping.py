"""Deleting the history that is older than its workspace keeps.

What is derived from events must not be derived from half of them: ``Product.history_from`` says
from when on a product still has all of its own, and whoever reads further back refuses.
"""

import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from tandem.accounts.models import Product, Workspace
from tandem.accounts.sign_in.audit import Nobody
from tandem.core import channel, events, forgetting
from tandem.core.errors import Refused
from tandem.core.jobs.housekeeping import BATCH
from tandem.core.models import Event
from tandem.ui.filters import day


def gone_before(
    of: Product | Workspace, since: datetime.datetime | None = None
) -> datetime.datetime | None:
    """The moment before which events of it were deleted; none if all are there, also of something
    that exists only ``since`` later."""
    if of.history_from is None or (since is not None and since >= of.history_from):
        return None
    return of.history_from


def gone(of: Product | Workspace, since: datetime.datetime | None = None) -> str:
    """The sentence that stands where the kept history ends; empty if it is whole."""
    before = gone_before(of, since)
    if before is None:
        return ""
    return _("What happened before %(day)s is not kept any more.") % {"day": _day(of, before)}


def _day(of: Product | Workspace, at: datetime.datetime) -> str:
    return day(at.astimezone((of.workspace if isinstance(of, Product) else of).zone).date())


def require_history(product: Product, at: datetime.datetime, what: str) -> None:
    """Refuse something of a moment before which the product's history is not kept any more.

    ``what``: a marked sentence that says so, with a place for the ``day``.
    """
    if product.history_from is not None and at < product.history_from:
        raise Refused(_(what) % {"day": _day(product, product.history_from)})


def prune(now: datetime.datetime, workspace: Workspace | None = None) -> int:
    """Delete what the workspace (each, without one) keeps no longer; returns how many events.

    Can run again at any time: each batch commits with its count, and the one event that tells of
    all of them comes last.
    """
    keeping = Workspace.objects.exclude(keep_history_days=None).order_by("pk")
    if workspace is not None:
        keeping = keeping.filter(pk=workspace.pk)
    return sum(_pruned(each, now) for each in keeping)


def _pruned(workspace: Workspace, now: datetime.datetime) -> int:
    assert workspace.keep_history_days is not None
    before = now - datetime.timedelta(days=workspace.keep_history_days)
    while _batch(workspace, before):
        pass
    with transaction.atomic():
        row = Workspace.objects.select_for_update().get(pk=workspace.pk)
        went, row.history_deleted = row.history_deleted, 0
        if went:
            row.save(update_fields=["history_deleted"])
            with channel.through("job"):
                events.record(
                    by=Nobody(row.pk, name=""),
                    verb="workspace.history_deleted",
                    obj=row,
                    changes={"events": went, "before": before},
                )
    return went


@transaction.atomic
def _batch(workspace: Workspace, before: datetime.datetime) -> int:
    row = Workspace.objects.select_for_update().filter(pk=workspace.pk).first()
    if row is None or row.keep_history_days != workspace.keep_history_days:
        # Erased, or set anew, while this ran: nobody wants the rest deleted now.
        return 0
    old = Event.objects.in_workspace(row.pk).filter(at__lt=before).order_by("id")
    numbers = list(old.values_list("pk", flat=True)[:BATCH])
    if numbers:
        forgotten = Q(history_from=None) | Q(history_from__lt=before)
        Product.objects.filter(forgotten, workspace=row).update(history_from=before)
        Workspace.objects.filter(forgotten, pk=row.pk).update(history_from=before)
        went = forgetting.forget(Event.objects.filter(pk__in=numbers))
        Workspace.objects.filter(pk=row.pk).update(history_deleted=F("history_deleted") + went)
    return len(numbers)
