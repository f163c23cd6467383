"""Taking a product or the workspace away over the API, and bringing a product back."""

import tempfile
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from ninja import File, Form, Router, Schema, Status, UploadedFile

from tandem.accounts.auth import caller, product_for
from tandem.core.api import REFUSALS
from tandem.integrations.archive.export import csv_lines
from tandem.integrations.archive.loading import product_load
from tandem.integrations.archive.tables import Subject
from tandem.integrations.archive.writing import archive_download, archive_name

router = Router(tags=["exports"])


def _document(content_type: str) -> dict[str, Any]:
    schema = {"type": "string", "contentMediaType": content_type}
    return {
        "responses": {
            200: {"description": "The file", "content": {content_type: {"schema": schema}}}
        }
    }


def _archive(request: HttpRequest, subject: Subject) -> HttpResponseBase:
    # Closed, and so removed, by the response when it is sent.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    archive_download(by=caller(request), subject=subject, file=file)
    file.seek(0)
    name = archive_name(subject, timezone.now())
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


@router.get(
    "/products/{key}/archive.zip", response=REFUSALS, openapi_extra=_document("application/zip")
)
def product_archive(request: HttpRequest, key: str) -> Any:
    """The product, whole, as an archive that ``POST /archives`` and `tandem import` bring back."""
    return _archive(request, product_for(request, key))


@router.get("/archive.zip", response=REFUSALS, openapi_extra=_document("application/zip"))
def workspace_archive(request: HttpRequest) -> Any:
    """The whole workspace as an archive; administrators only."""
    return _archive(request, caller(request).workspace)


@router.get("/products/{key}/items.csv", response=REFUSALS, openapi_extra=_document("text/csv"))
def items_csv(request: HttpRequest, key: str) -> Any:
    """The product's items as CSV, in rank order."""
    product = product_for(request, key)
    lines = list(csv_lines(by=caller(request), product=product))
    answer = StreamingHttpResponse(iter(lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{product.key}-items.csv"'
    return answer


class LoadedOut(Schema):
    """``rows``: how many rows of each table; ``people``: who is new in the workspace."""

    product: str
    rows: dict[str, int]
    people: list[str]


@router.post("/archives", response={201: LoadedOut, **REFUSALS})
def archive_load(request: HttpRequest, file: File[UploadedFile], key: Form[str] = "") -> Any:
    """Bring a product's archive (multipart) into the workspace, under ``key`` or its own.

    Nothing that is here is written over; administrators only.
    """
    loaded = product_load(by=caller(request), file=file, key=key)
    product = loaded.product
    return Status(
        201,
        {
            "product": product.key if product else "",
            "rows": loaded.rows,
            "people": list(loaded.people),
        },
    )
