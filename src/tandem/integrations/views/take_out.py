"""Take-out: archives made, downloaded and brought in from the browser."""

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tandem.accounts.models import Product
from tandem.accounts.permissions import can, require
from tandem.accounts.requests import MemberRequest
from tandem.core import kept
from tandem.core.errors import PermissionRefused, Refused
from tandem.integrations.archive import operations as do
from tandem.integrations.models import ArchiveRun, ArchiveState
from tandem.integrations.views.export import file_answer
from tandem.ui.sayings import seen

LISTED = 50


@require_GET
def take_out(
    request: MemberRequest, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    """What can be made, what was made, and the form to bring an archive in."""
    member = request.member
    require(member, "product.export")
    runs = list(
        ArchiveRun.objects.managed_by(member).select_related("product", "asked_by__user")[:LISTED]
    )
    values = {
        "runs": [(run, seen(run.progress_key) if run.is_working else None) for run in runs],
        "working": any(run.is_working for run in runs),
        "products": Product.objects.visible_to(member).order_by("name"),
        "may_all": can(member, "workspace.export"),
        "may_bring": can(member, "archive.import"),
        "kept_days": settings.KEEP_ARCHIVES_DAYS,
        "limit_mb": settings.UPLOAD_LIMIT // (1024 * 1024),
        "refusal": refusal,
    }
    part = request.htmx and request.htmx.target == "archives"
    template = "runs" if part else "page"
    return render(request, f"integrations/take_out/{template}.jinja", values, status=status)


def _refused(request: MemberRequest, refusal: Refused) -> HttpResponse:
    if refusal.status != 422:
        raise refusal
    request.method = "GET"
    return take_out(request, refusal=refusal, status=422)


def _back(request: MemberRequest) -> HttpResponse:
    return redirect("integrations:take-out", workspace=request.member.workspace.slug)


@require_POST
def make(request: MemberRequest) -> HttpResponse:
    """``of``: a product's key; empty: the whole workspace."""
    key = request.POST.get("of", "")
    product = None
    if key:
        product = get_object_or_404(Product.objects.visible_to(request.member), key=key)
        product.workspace = request.member.workspace
    try:
        do.archive_ask(by=request.member, product=product)
    except Refused as refusal:
        return _refused(request, refusal)
    return _back(request)


@require_POST
def bring(request: MemberRequest) -> HttpResponse:
    file = request.FILES.get("file")
    require(request.member, "archive.import")
    try:
        if file is None:
            raise Refused(_("Choose an archive first."), field="file")
        do.archive_bring(
            by=request.member,
            name=file.name or "archive.zip",
            chunks=file.chunks(),
            wanted=request.POST.get("wanted", ""),
        )
    except Refused as refusal:
        return _refused(request, refusal)
    return _back(request)


@require_GET
def download(request: MemberRequest, pk: int) -> HttpResponseBase:
    """The archive, to whoever asked for it or an administrator, as long as they may take it."""
    require(request.member, "product.export")
    rows = ArchiveRun.objects.visible_to(request.member).filter(brings_in=False)
    run = get_object_or_404(rows.select_related("product"), pk=pk, state=ArchiveState.DONE)
    if not ArchiveRun.objects.managed_by(request.member).filter(pk=run.pk).exists():
        raise PermissionRefused(
            _("Only who asked for an archive, or an administrator, downloads it.")
        )
    if run.product is None:
        require(request.member, "workspace.export")
    elif run.product.deleted_at is not None:
        raise Http404
    with kept.opened(run.path) as path:
        if path is None:
            raise Http404
        # Open when its name is gone: what was a copy is removed when it is sent.
        return file_answer(request, path.open("rb"), "application/zip", run.file_name)
