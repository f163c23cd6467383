"""Imports over the API: upload, check, mapping, dry run, import, result, revert."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import File, Form, Router, Status, UploadedFile

from tandem.accounts.auth import caller, product_for
from tandem.accounts.permissions import require
from tandem.core.api import REFUSALS, PageOut, PageSize, RowId, page_out
from tandem.core.errors import Refused
from tandem.core.paging import keyset
from tandem.core.rest.bodies import Body, one_of
from tandem.integrations import operations as do
from tandem.integrations.adapters import adapters
from tandem.integrations.api.import_schemas import (
    FormatOut,
    ImportFullOut,
    ImportOut,
    ImportRowOut,
    MappingIn,
)
from tandem.integrations.models import ImportRun, Outcome

router = Router(tags=["imports"])


class TryIn(Body):
    """Without ``mapping`` the one that is kept with the import counts."""

    mapping: MappingIn | None = None


def _run(request: HttpRequest, key: str, pk: int) -> ImportRun:
    product = product_for(request, key)
    require(caller(request), "import.view")
    rows = ImportRun.objects.visible_to(caller(request)).select_related("started_by__user")
    run: ImportRun = get_object_or_404(rows, product=product, pk=pk)
    run.product = product
    return run


@router.get("/import-formats", response={200: list[FormatOut], **REFUSALS})
def import_formats(request: HttpRequest) -> Any:
    """The files that can be imported; give ``name`` as ``format`` when a file is not recognised."""
    require(caller(request), "import.view")
    return list(adapters().values())


@router.get("/products/{key}/imports", response={200: PageOut[ImportOut], **REFUSALS})
def imports(request: HttpRequest, key: str, after: str | None = None, limit: PageSize = 50) -> Any:
    """The product's imports, newest first."""
    product = product_for(request, key)
    require(caller(request), "import.view")
    rows = ImportRun.objects.filter(product=product).select_related("product", "started_by__user")
    page = keyset(rows, ("-id",), after=after, limit=limit)
    return page_out(page, page.rows)


@router.post("/products/{key}/imports", response={201: ImportFullOut, **REFUSALS})
def import_upload(
    request: HttpRequest,
    key: str,
    file: File[UploadedFile],
    format: Form[str] = "",
) -> Any:
    """Upload a file (multipart). It is checked in the background: ask for the import until its
    ``state`` is ``checked``; ``check`` then says what it holds and ``mapping`` how it would be read."""
    return Status(
        201,
        do.import_upload(
            by=caller(request),
            product=product_for(request, key),
            name=file.name or "file",
            chunks=file.chunks(),
            format_name=format,
        ),
    )


@router.get("/products/{key}/imports/{pk}", response={200: ImportFullOut, **REFUSALS})
def import_one(request: HttpRequest, key: str, pk: RowId) -> Any:
    """One import: state and progress, what the check found, the mapping, the dry run, the result."""
    return _run(request, key, pk)


@router.put("/products/{key}/imports/{pk}/mapping", response={200: ImportFullOut, **REFUSALS})
def import_map(request: HttpRequest, key: str, pk: RowId, body: MappingIn) -> Any:
    """Keep another mapping; a dry run made with the one before counts no more."""
    return do.import_map(
        by=caller(request),
        run=_run(request, key, pk),
        mapping=body.dict(exclude_unset=True, exclude_none=True),
    )


@router.post("/products/{key}/imports/{pk}/dry-run", response={202: ImportFullOut, **REFUSALS})
def import_try(request: HttpRequest, key: str, pk: RowId, body: TryIn) -> Any:
    """See in the background what importing would do; ``state`` becomes ``tried``. Nothing changes.

    A mapping that does not fit brings the state back to ``checked``, with the reason in ``message``.
    """
    run = _run(request, key, pk)
    mapping = body.mapping and body.mapping.dict(exclude_unset=True, exclude_none=True)
    mapping = run.mapping if mapping is None else mapping
    return Status(202, do.import_try(by=caller(request), run=run, mapping=mapping))


@router.post("/products/{key}/imports/{pk}/start", response={202: ImportFullOut, **REFUSALS})
def import_start(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Import what the dry run showed; everything is imported or nothing. ``state``: ``done``."""
    return Status(202, do.import_start(by=caller(request), run=_run(request, key, pk)))


@router.get("/products/{key}/imports/{pk}/rows", response={200: PageOut[ImportRowOut], **REFUSALS})
def import_rows(
    request: HttpRequest,
    key: str,
    pk: RowId,
    outcome: Annotated[str, one_of(Outcome.values)] | None = None,
    after: str | None = None,
    limit: PageSize = 100,
) -> Any:
    """What became of every row of the file. ``outcome``: created, updated, unchanged or refused."""
    rows = _run(request, key, pk).rows_seen.select_related("item__product")
    if outcome is not None:
        if outcome not in Outcome.values:
            known = ", ".join(Outcome.values)
            raise Refused(
                _("outcome: “%(outcome)s” is none of %(known)s.")
                % {"outcome": outcome[:60], "known": known},
                field="outcome",
            )
        rows = rows.filter(outcome=outcome)
    page = keyset(rows, ("line", "id"), after=after, limit=limit)
    return page_out(page, page.rows)


@router.post("/products/{key}/imports/{pk}/revert", response={202: ImportFullOut, **REFUSALS})
def import_revert(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Take a finished import back in the background; what somebody worked on since stays.

    ``state`` becomes ``reverted``; ``reverted`` then says how many items went, were restored, stay.
    """
    return Status(202, do.import_revert(by=caller(request), run=_run(request, key, pk)))


@router.delete("/products/{key}/imports/{pk}", response={204: None, **REFUSALS})
def import_discard(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Forget an import that changed nothing, and its file."""
    do.import_discard(by=caller(request), run=_run(request, key, pk))
    return Status(204, None)
