"""Making archives and bringing them in, as background work."""

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
from tandem.integrations.archive.reading import kind_in
from tandem.integrations.archive.writing import archive_name
from tandem.integrations.models import ArchiveRun, ArchiveState

FOLDER = "archives"


def _refuse_a_second(by: Member) -> None:
    runs = ArchiveRun.objects.filter(asked_by=by, state=ArchiveState.WORKING)
    if runs.exists():
        raise Refused(_("One of your archives is being worked on. Wait until it is done."))


@transaction.atomic
def archive_ask(*, by: Member, product: Product | None = None) -> ArchiveRun:
    """Make an archive of the product, or of the whole workspace, in the background."""
    from tandem.integrations import tasks

    if product is None:
        require(by, "workspace.export")
    else:
        require(by, "product.export", product)
    _refuse_a_second(by)
    run = ArchiveRun.objects.create(
        workspace_id=by.workspace_id,
        product=product,
        file_name=archive_name(product or by.workspace, timezone.now()),
        asked_by=by,
    )
    events.record(by=by, verb="archive.asked", obj=run, product_id=product.pk if product else None)
    tasks.archive_make.of(by.workspace_id).enqueue(run.pk)
    return run


def archive_bring(
    *, by: Member, name: str, chunks: Iterable[bytes], wanted: str = ""
) -> ArchiveRun:
    """Keep the uploaded archive and bring it in in the background.

    A product's goes into the workspace of ``by``, a workspace's becomes one of its own; ``wanted``
    is the key or the address it gets instead of its own. Refuses at once what is no archive.
    """
    from tandem.integrations import tasks

    require(by, "archive.import")
    _refuse_a_second(by)
    key, part = kept.place(FOLDER)
    name = Path(name).name[:255] or "archive.zip"
    try:
        size = 0
        with part.open("wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > settings.UPLOAD_LIMIT:
                    most = settings.UPLOAD_LIMIT // (1024 * 1024)
                    raise Refused(
                        _(
                            "%(name)s is larger than %(most)s MB. Raise TANDEM_UPLOAD_MB, or import it on the "
                            "machine itself: tandem import tandem FILE."
                        )
                        % {"name": name, "most": most},
                        field="file",
                    )
                file.write(chunk)
        with part.open("rb") as file:
            kind_in(file)
        with transaction.atomic():
            run = ArchiveRun.objects.create(
                workspace_id=by.workspace_id,
                brings_in=True,
                file_name=name,
                wanted=wanted.strip()[:60],
                path=key,
                bytes=size,
                asked_by=by,
            )
            kept.keep(key)
            events.record(by=by, verb="archive.uploaded", obj=run)
            tasks.archive_load.of(by.workspace_id).enqueue(run.pk)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return run
