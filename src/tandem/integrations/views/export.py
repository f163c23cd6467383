"""Taking a product away from the browser: everything as an archive, or the items as CSV."""

import tempfile

from django.http import FileResponse, Http404, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_GET

from tandem.accounts.requests import ProductRequest
from tandem.integrations.archive.export import csv_lines
from tandem.integrations.archive.writing import archive_download


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
