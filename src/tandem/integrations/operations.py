"""An import over several requests: the file is kept, each step runs in the background."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.core import events, kept
from tandem.core.errors import Refused
from tandem.core.importing.adapter import Check
from tandem.integrations import tasks
from tandem.integrations.imports import run as steps
from tandem.integrations.imports.parts import require_alone
from tandem.integrations.imports.revert import import_revert
from tandem.integrations.models import ImportRun, RunState
from tandem.ui.sayings import made_of

__all__ = [
    "import_discard",
    "import_map",
    "import_revert",
    "import_start",
    "import_try",
    "import_upload",
]


def import_upload(
    *, by: Member, product: Product, name: str, chunks: Iterable[bytes], format_name: str = ""
) -> ImportRun:
    """Keep the file and check it in the background. Refuses what cannot be a file of any format."""
    require(by, "import.run")
    key, part = kept.place("imports")
    try:
        with part.open("wb") as file:
            size = 0
            for chunk in chunks:
                size += len(chunk)
                if size > settings.UPLOAD_LIMIT:
                    most = settings.UPLOAD_LIMIT // (1024 * 1024)
                    raise Refused(
                        _(
                            "%(name)s is larger than %(most)s MB. Split it, or raise TANDEM_UPLOAD_MB."
                        )
                        % {"name": name, "most": most},
                        field="file",
                    )
                file.write(chunk)
        source = steps.source_opened(part, Path(name).name or "file")
        adapter = steps.adapter_chosen(source, format_name)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    with transaction.atomic():
        run = ImportRun.objects.create(
            product=product,
            format=adapter.name,
            file_name=source.name[:255],
            path=key,
            started_by=by,
            started_at=timezone.now(),
        )
        kept.keep(key)
        events.record(by=by, verb="import.uploaded", obj=run, product_id=product.pk)
        tasks.import_check.of(by.workspace_id).enqueue(run.pk)
    run.refresh_from_db()
    return run


def _locked(by: Member, run: ImportRun, *states: RunState) -> ImportRun:
    require(by, "import.run", run)
    run = ImportRun.objects.select_for_update().select_related("product__workspace").get(pk=run.pk)
    if run.state not in states:
        raise Refused(
            _("This import is in the state “%(state)s”; load the page again.")
            % {"state": run.get_state_display()}
        )
    return run


@transaction.atomic
def import_map(*, by: Member, run: ImportRun, mapping: object) -> ImportRun:
    """Keep the mapping; a dry run of the one before says nothing about it, so it is gone."""
    run = _locked(by, run, RunState.CHECKED, RunState.TRIED)
    before = run.mapping
    run.mapping = steps.mapping_read(mapping, run.product).as_json()
    run.state, run.message, run.dry_run = RunState.CHECKED, "", None
    run.save()
    events.record(
        by=by,
        verb="import.mapped",
        obj=run,
        product_id=run.product_id,
        changes={"mapping": [before, run.mapping]},
    )
    return run


@transaction.atomic
def import_try(*, by: Member, run: ImportRun, mapping: object) -> ImportRun:
    """Keep the mapping and do the dry run in the background."""
    run = _locked(by, run, RunState.CHECKED, RunState.TRIED)
    run.mapping = steps.mapping_read(mapping, run.product).as_json()
    run.state, run.message, run.dry_run = RunState.TRYING, "", None
    run.save()
    tasks.import_dry_run.of(by.workspace_id).enqueue(run.pk, by.pk)
    run.refresh_from_db()
    return run


@transaction.atomic
def import_start(*, by: Member, run: ImportRun) -> ImportRun:
    """Import what the dry run showed, in the background."""
    run = _locked(by, run, RunState.TRIED)
    require_alone(run.product, run.format)
    run.state = RunState.RUNNING
    run.save()
    tasks.import_apply.of(by.workspace_id).enqueue(run.pk, by.pk)
    run.refresh_from_db()
    return run


@transaction.atomic
def import_discard(*, by: Member, run: ImportRun) -> None:
    """Forget an import that changed nothing yet, and its file."""
    run = _locked(by, run, RunState.CHECKED, RunState.TRIED, RunState.FAILED)
    kept.forget(run.path)
    events.record(by=by, verb="import.discarded", obj=run, product_id=run.product_id)
    run.delete()


def check_as_json(check: Check) -> dict[str, object]:
    """What the mapping form shows, as it is kept with the import."""
    from tandem.core.events import plain
    from tandem.core.importing.mapping import FIELDS

    return {
        "rows": check.rows,
        "records": check.records,
        "fields": FIELDS,
        "columns": [
            {
                "name": column.name,
                "repeated": column.repeated,
                "filled": column.filled,
                "samples": list(column.samples)[:3],
                "fields": list(column.fields),
            }
            for column in check.columns
        ],
        "samples": [plain(record.as_json()) for record in check.samples],
        "statuses": [vars_of(found) for found in check.statuses],
        "kinds": [vars_of(found) for found in check.kinds],
        "people": [vars_of(found) for found in check.people][:200],
        "dates": {"certain": check.dates.certain, "order": check.dates.order},
        "refusals": [{"line": each.line, "reason": str(each.reason)} for each in check.refusals],
        "refused": check.refused,
        "warnings": [{"line": each.line, "message": str(each.message)} for each in check.warnings],
        "warned": check.warned,
        "blocking": str(check.blocking),
    }


def check_said(check: Check) -> dict[str, object]:
    """What the check's sentences consist of."""
    reasons = (each.reason for each in check.refusals)
    return made_of(check.blocking, *reasons, *(each.message for each in check.warnings))


def vars_of(found: object) -> dict[str, object]:
    return {name: getattr(found, name) for name in ("name", "count", "becomes")}
