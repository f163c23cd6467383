"""Taking a product away from the browser: everything as an archive, or the items as CSV."""

import tempfile
import zoneinfo
from collections.abc import AsyncIterator
from typing import IO

from django.core.handlers.asgi import ASGIRequest
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_GET

from tandem.accounts.requests import MemberRequest, ProductRequest
from tandem.integrations.archive.export import csv_lines
from tandem.integrations.archive.writing import archive_download
from tandem.integrations.sheets.lists import LISTS
from tandem.integrations.sheets.sheet import Sheet
from tandem.integrations.sheets.workspace_lists import WORKSPACE_LISTS
from tandem.integrations.sheets.writing import csv_chunks, xlsx_write

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
PIECE = 64 * 1024


@require_GET
def export(request: ProductRequest, form: str) -> HttpResponseBase:
    """``form`` is ``items.csv`` or ``archive.zip``."""
    name = f"{request.product.key}-{form}"
    if form == "items.csv":
        lines = list(csv_lines(by=request.member, product=request.product))
        response = StreamingHttpResponse(iter(lines), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    if form == "archive.zip":
        # Closed, and so removed, by the response when it is sent.
        file = tempfile.TemporaryFile()  # noqa: SIM115
        archive_download(by=request.member, subject=request.product, file=file)
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=name)
    raise Http404


@require_GET
def sheet(request: ProductRequest, file: str) -> HttpResponseBase:
    """``file``: ``backlog.csv``, ``ranking.xlsx``, …, with the filters of that list's address."""
    name, _, form = file.partition(".")
    if name not in LISTS or form not in {"csv", "xlsx"}:
        raise Http404
    made = LISTS[name](request.member, request.product, request.GET)
    title = f"{request.product.key}-{name}.{form}"
    return sheet_answer(request, made, title, request.member.workspace.zone)


@require_GET
def workspace_sheet(request: MemberRequest, file: str) -> HttpResponseBase:
    """``file``: ``people.csv``, ``jobs.xlsx``, …, with the filters of that list's address."""
    name, _, form = file.partition(".")
    if name not in WORKSPACE_LISTS or form not in {"csv", "xlsx"}:
        raise Http404
    workspace = request.member.workspace
    made = WORKSPACE_LISTS[name](request.member, request.GET)
    return sheet_answer(request, made, f"{workspace.slug}-{name}.{form}", workspace.zone)


def sheet_answer(
    request: HttpRequest, made: Sheet, title: str, zone: zoneinfo.ZoneInfo
) -> HttpResponseBase:
    """The sheet as the file ``title``, whose ending says the form; kept by no cache."""
    form = title.rpartition(".")[2]
    # Closed, and so removed, by the response when it is sent.
    written = tempfile.TemporaryFile()  # noqa: SIM115
    if form == "csv":
        for chunk in csv_chunks(made):
            written.write(chunk.encode())
    else:
        xlsx_write(made, written, zone)
    written.seek(0)
    return file_answer(request, written, TYPES[form], title)


def file_answer(
    request: HttpRequest, file: IO[bytes], content_type: str, title: str
) -> HttpResponseBase:
    """The file for download as ``title``, kept by no cache; closed when it is sent."""
    answer = _sent(request, file, content_type)
    answer["Content-Disposition"] = f'attachment; filename="{title}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _sent(request: HttpRequest, file: IO[bytes], content_type: str) -> HttpResponseBase:
    """The file piece by piece. Served by ASGI, Django would read a plain file into memory first."""
    if not isinstance(request, ASGIRequest):
        return FileResponse(file, content_type=content_type)

    async def pieces() -> AsyncIterator[bytes]:
        try:
            while piece := file.read(PIECE):
                yield piece
        finally:
            file.close()

    return StreamingHttpResponse(pieces(), content_type=content_type)
