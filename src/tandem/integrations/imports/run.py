"""The steps of an import: check, dry run, import. Each can stand alone; nothing stays half done."""

import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.backlog.models import Kind
from tandem.core import channel, events, kept
from tandem.core.errors import Refused
from tandem.core.importing.adapter import Adapter, Check
from tandem.core.importing.errors import ImportRefused
from tandem.core.importing.mapping import Mapping
from tandem.core.importing.source import Source
from tandem.core.snapshot import rehearsal
from tandem.integrations.adapters import adapter_for, adapter_named
from tandem.integrations.imports.apply import Application
from tandem.integrations.imports.parts import Tell, part, require_alone
from tandem.integrations.imports.result import Result
from tandem.integrations.models import ImportRun, RunState
from tandem.ui.filters import spoken


def source_opened(path: Path, name: str = "") -> Source:
    """The file, within the size limit; refuses what is empty, binary or too large."""
    try:
        return Source.from_path(path, limit=settings.UPLOAD_LIMIT, name=name)
    except ImportRefused as error:
        raise Refused(spoken(error.sentence), field="file") from error


def adapter_chosen(source: Source, name: str = "") -> Adapter:
    """The adapter asked for, or the one surest about the file."""
    try:
        return adapter_named(name) if name else adapter_for(source)
    except ImportRefused as error:
        raise Refused(spoken(error.sentence), field="format") from error


def mapping_read(values: object, product: Product) -> Mapping:
    """A mapping from its JSON form, checked against the product's kinds and zone."""
    try:
        mapping = Mapping.from_json(values)
        mapping.validate(kinds=Kind.values)
    except ImportRefused as error:
        raise Refused(spoken(error.sentence), field="mapping") from error
    if not mapping.time_zone:
        mapping = Mapping.from_json({**mapping.as_json(), "time_zone": product.workspace.time_zone})
    return mapping


def checked(source: Source, adapter: Adapter, mapping: Mapping | None) -> Check:
    """What the file holds and how it would be read; nothing is written."""
    try:
        return adapter.check(source, mapping)
    except ImportRefused as error:
        raise Refused(spoken(error.sentence), field="file") from error


def dry_run(
    *, by: Member, product: Product, source: Source, adapter: Adapter, mapping: Mapping, tell: Tell
) -> Result:
    """What importing would do: the import itself, taken back at the end."""
    with rehearsal():
        return tried(
            by=by, product=product, source=source, adapter=adapter, mapping=mapping, tell=tell
        )


def tried(
    *, by: Member, product: Product, source: Source, adapter: Adapter, mapping: Mapping, tell: Tell
) -> Result:
    """A dry run inside the caller's rehearsal."""
    require(by, "import.run")
    run = _run_made(by, product, source, adapter, mapping)
    return _applied(by, product, run, source, adapter, mapping, tell)


@transaction.atomic
def import_run(
    *, by: Member, product: Product, source: Source, adapter: Adapter, mapping: Mapping, tell: Tell
) -> tuple[ImportRun, Result]:
    """Import the file in one transaction: killed at any moment, everything or nothing is there."""
    return imported(
        by=by, product=product, source=source, adapter=adapter, mapping=mapping, tell=tell
    )


def imported(
    *, by: Member, product: Product, source: Source, adapter: Adapter, mapping: Mapping, tell: Tell
) -> tuple[ImportRun, Result]:
    """``import_run`` inside the caller's transaction, which a failure ends.

    For the command line, whose process nobody goes on for. ``import_parts`` lets others write. No
    savepoint: to be able to go back to it, SQLite would keep every page it changes in memory.
    """
    require(by, "import.run")
    require_alone(product, adapter.name)
    run = _run_made(by, product, source, adapter, mapping)
    run.applied_from = timezone.now()
    return run, _done(by, run, _applied(by, product, run, source, adapter, mapping, tell))


def import_parts(
    *, by: Member, run: ImportRun, source: Source, adapter: Adapter, tell: Tell
) -> None:
    """Import the run's file part by part. Run again after its worker was killed, it goes on there;
    what stops it for good takes back what is in."""
    require(by, "import.run")
    if run.applied_from is None:
        run.applied_from = timezone.now()
        run.save(update_fields=["applied_from"])
    mapping = Mapping.from_json(run.mapping)
    result = _applied(by, run.product, run, source, adapter, mapping, tell)
    with part(run):
        _done(by, run, result)
        kept.forget(run.path)
        run.path = ""
        run.save()


def _done(by: Member, run: ImportRun, result: Result) -> Result:
    run.state = RunState.DONE
    result.keep_in(run)
    # One microsecond behind the import's own events, so that later ones can be told apart.
    run.finished_at = timezone.now() + datetime.timedelta(microseconds=1)
    run.save()
    events.record(
        by=by,
        verb="import.done",
        obj=run,
        product_id=run.product_id,
        changes={
            name: [None, getattr(result, name)]
            for name in ("created", "updated", "unchanged", "refused")
        },
    )
    return result


def _run_made(
    by: Member, product: Product, source: Source, adapter: Adapter, mapping: Mapping
) -> ImportRun:
    return ImportRun.objects.create(
        product=product,
        format=adapter.name,
        file_name=source.name[:255],
        mapping=mapping.as_json(),
        started_by=by,
        started_at=timezone.now(),
        state=RunState.RUNNING,
    )


def _applied(
    by: Member,
    product: Product,
    run: ImportRun,
    source: Source,
    adapter: Adapter,
    mapping: Mapping,
    tell: Tell,
) -> Result:
    application = Application(by=by, product=product, run=run, source=adapter.name, tell=tell)
    try:
        with channel.through("import"):
            result = application.apply(adapter.read(source, mapping))
    except ImportRefused as error:
        raise Refused(spoken(error.sentence), field="file") from error
    if result.rows == 0:
        raise Refused(
            _("%(source)s holds no rows to import.") % {"source": source.name}, field="file"
        )
    return result
