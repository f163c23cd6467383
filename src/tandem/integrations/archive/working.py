"""What the background does with an archive that somebody asked for or uploaded."""

import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member
from tandem.core import kept
from tandem.core.errors import Refused
from tandem.core.jobs import progress
from tandem.integrations.archive.loading import Loaded, archive_opened, product_load, workspace_load
from tandem.integrations.archive.operations import FOLDER
from tandem.integrations.archive.reading import kind_in
from tandem.integrations.archive.writing import archive_download
from tandem.integrations.models import ArchiveRun, ArchiveState
from tandem.ui.sayings import made_of
from tandem_engine.words import counted, said


def make(run_id: int) -> None:
    """Write the archive and keep it for those who may download it."""
    run = _working(run_id)
    if run is None or run.asked_by is None:
        return
    key, part = kept.place(FOLDER)
    try:
        with part.open("wb") as file:
            counts = archive_download(
                by=run.asked_by,
                subject=run.product or run.workspace,
                file=file,
                tell=progress.Teller(run.progress_key),
            )
        run.path, run.bytes, run.rows = key, part.stat().st_size, sum(counts.values())
        with transaction.atomic():
            if not _still(run):
                raise Refused(_("Another worker has done it."))
            kept.keep(key)
            _over(run)
    except BaseException as error:
        part.unlink(missing_ok=True)
        if not isinstance(error, Refused):
            raise
        _failed(run, error)
        if isinstance(error, progress.Cancelled):
            raise
    finally:
        progress.over(run.progress_key)


def load(run_id: int) -> None:
    """Bring the uploaded archive in, all of it or nothing; then the file is forgotten."""
    run = _working(run_id)
    if run is None or run.asked_by is None:
        return
    try:
        with transaction.atomic():
            if not _still(run):
                return
            loaded = _loaded(run, run.asked_by)
            run.rows = sum(loaded.rows.values())
            what = loaded.product or loaded.workspace
            run.message, run.said = _arrived(what, len(loaded.people))
            kept.forget(run.path)
            run.path = ""
            _over(run)
    except Refused as refusal:
        _failed(run, refusal)
        if isinstance(refusal, progress.Cancelled):
            raise
    finally:
        progress.over(run.progress_key)


def _arrived(what: Any, people: int) -> tuple[str, dict[str, Any]]:
    if people:
        words = counted(
            "%(name)s is here, with %(count)s person new to it.",
            "%(name)s is here, with %(count)s people new to it.",
            count=people,
            name=what.name,
        )
    else:
        words = said("%(name)s is here.", name=what.name)
    return words, made_of(words)


def _loaded(run: ArchiveRun, by: Member) -> Loaded:
    tell = progress.Teller(run.progress_key)
    with kept.opened(run.path) as path:
        if path is None:
            raise Refused(_("The uploaded file is gone. Choose it again."))
        with archive_opened(path) as file:
            if kind_in(file) == "workspace":
                return workspace_load(file=file, by=by, slug=run.wanted, tell=tell)
            return product_load(by=by, file=file, key=run.wanted, tell=tell)


def _working(run_id: int) -> ArchiveRun | None:
    rows = ArchiveRun.objects.select_related("product", "workspace", "asked_by__user")
    run = rows.filter(pk=run_id, state=ArchiveState.WORKING).first()
    if run is not None and run.asked_by is not None:
        run.asked_by.workspace = run.workspace
        if run.product is not None:
            run.product.workspace = run.workspace
    return run


def _still(run: ArchiveRun) -> bool:
    """Whether it is still to be done: another worker that took this one for dead waits here."""
    rows = ArchiveRun.objects.select_for_update().filter(pk=run.pk, state=ArchiveState.WORKING)
    return rows.exists()


def _over(run: ArchiveRun) -> None:
    run.state, run.finished_at = ArchiveState.DONE, timezone.now()
    run.save()


@transaction.atomic
def _failed(run: ArchiveRun, refusal: Refused) -> None:
    kept_at = ArchiveRun.objects.filter(pk=run.pk, state=ArchiveState.WORKING)
    if kept_at.update(
        state=ArchiveState.FAILED,
        message=str(refusal.message),
        said=made_of(refusal.message),
        path="",
        finished_at=timezone.now(),
    ):
        kept.forget(run.path)


def forget_old(now: datetime.datetime) -> int:
    """Forget archives and their files after ``TANDEM_KEEP_ARCHIVES_DAYS``; returns how many."""
    before = now - datetime.timedelta(days=settings.KEEP_ARCHIVES_DAYS)
    old = list(ArchiveRun.objects.filter(asked_at__lt=before))
    for run in old:
        with transaction.atomic():
            kept.forget(run.path)
            run.delete()
    return len(old)
