"""Importing in the browser: choose a file, check and map, dry run, import, review, revert."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tandem.accounts.permissions import can, require
from tandem.accounts.requests import ProductRequest, form_of
from tandem.backlog.models import Category, Kind
from tandem.core.errors import Refused
from tandem.core.paging import keyset
from tandem.integrations import operations as do
from tandem.integrations.adapters import adapters
from tandem.integrations.models import ImportRun, Outcome, RunState
from tandem.ui.sayings import seen

#: How many refused rows and warnings a page lists; the counts are complete.
LISTED = 200


def _run(request: ProductRequest, pk: int) -> ImportRun:
    require(request.member, "import.view")
    rows = ImportRun.objects.visible_to(request.member).select_related(
        "product", "started_by__user"
    )
    run: ImportRun = get_object_or_404(rows, product=request.product, pk=pk)
    return run


def _to_run(request: ProductRequest, run: ImportRun) -> HttpResponse:
    return redirect(
        "integrations:import",
        workspace=request.member.workspace.slug,
        product=request.product.key,
        pk=run.pk,
    )


@require_GET
def index(
    request: ProductRequest, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    """The formats, the form for a file, and earlier imports."""
    require(request.member, "import.view")
    runs = ImportRun.objects.filter(product=request.product).select_related("started_by__user")
    context = {
        "formats": list(adapters().values()),
        "choices": [("", _("Recognise it from the file"))]
        + [(each.name, each.title) for each in adapters().values()],
        "runs": runs[:50],
        "may": can(request.member, "import.run"),
        "refusal": refusal,
        "limit_mb": _limit_mb(),
    }
    return render(request, "integrations/import/index.jinja", context, status=status)


def _limit_mb() -> int:
    from django.conf import settings

    return int(settings.UPLOAD_LIMIT // (1024 * 1024))


@form_of("integrations:imports")
def upload(request: ProductRequest) -> HttpResponse:
    file = request.FILES.get("file")
    try:
        if file is None:
            raise Refused(_("Choose a file first."), field="file")
        run = do.import_upload(
            by=request.member,
            product=request.product,
            name=file.name or "file",
            chunks=file.chunks(),
            format_name=request.POST.get("format", ""),
        )
    except Refused as refusal:
        if refusal.status != 422:
            raise
        request.method = "GET"
        return index(request, refusal=refusal, status=422)
    return _to_run(request, run)


@require_GET
def show(request: ProductRequest, pk: int) -> HttpResponse:
    """One import in whatever state it is; htmx asks for the middle alone while it works."""
    run = _run(request, pk)
    template = "state" if request.htmx else "show"
    return render(request, f"integrations/import/{template}.jinja", _context(request, run))


def _context(request: ProductRequest, run: ImportRun) -> dict[str, Any]:
    context: dict[str, Any] = {
        "run": run,
        "may": can(request.member, "import.run"),
        "may_revert": can(request.member, "import.revert"),
        "adapter": adapters().get(run.format),
    }
    if run.is_working:
        context["progress"] = seen(run.progress_key)
    if run.state in {RunState.CHECKED, RunState.TRIED}:
        context |= _mapping_context(run)
    if run.state in {RunState.DONE, RunState.REVERTED}:
        context |= _review_context(request, run)
    return context


def _mapping_context(run: ImportRun) -> dict[str, Any]:
    mapping, check = run.mapping, run.check_result
    columns = []
    for column in check.get("columns", []):
        chosen = mapping.get("columns", {}).get(column["name"], column["fields"])
        chosen = [chosen] if isinstance(chosen, str) else list(chosen)
        words = ", ".join(_(check.get("fields", {}).get(each, each)) for each in chosen)
        shown = {"chosen": ",".join(chosen), "several": len(chosen) > 1, "words": words}
        columns.append({**column, **shown})
    statuses = []
    for found in check.get("statuses", []):
        rule = mapping.get("statuses", {}).get(found["name"], found["becomes"])
        category = rule.get("category") if isinstance(rule, dict) else rule
        statuses.append({**found, "chosen": category or "open"})
    kinds = [
        {**found, "chosen": mapping.get("kinds", {}).get(found["name"], found["becomes"])}
        for found in check.get("kinds", [])
    ]
    return {
        "columns": [c for c in columns if c["filled"]],
        "empty_columns": [c["name"] for c in columns if not c["filled"]],
        "fields": list(check.get("fields", {}).items()),
        "statuses": statuses,
        "categories": Category.choices,
        "kinds": kinds,
        "kind_choices": Kind.choices,
        "date_order": mapping.get("date_order") or check.get("dates", {}).get("order", ""),
        "refusals": _as_problems(run, check.get("refusals", []), "reason"),
        "warnings": _as_problems(run, check.get("warnings", []), "message"),
        "tried": _tried(run),
    }


def _as_problems(run: ImportRun, rows: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [{"line": row["line"], "message": run.say(row[name])} for row in rows[:LISTED]]


def _tried(run: ImportRun) -> dict[str, Any] | None:
    if run.dry_run is None:
        return None
    return {
        **run.dry_run,
        "refusals": _as_problems(run, run.dry_run["refused"], "reason"),
        "problems": _as_problems(run, run.dry_run["warnings"], "message"),
    }


def _review_context(request: ProductRequest, run: ImportRun) -> dict[str, Any]:
    outcome = request.GET.get("outcome", "")
    rows = run.rows_seen.select_related("item__product")
    if outcome in Outcome.values:
        rows = rows.filter(outcome=outcome)
    page = keyset(rows, ("line", "id"), after=request.GET.get("after"), limit=100)
    return {
        "page": page,
        "warnings": _as_problems(run, run.warnings, "message"),
        "outcome": outcome,
        "outcomes": [(value, label, getattr(run, value)) for value, label in Outcome.choices],
    }


def mapping_of(posted: Any, run: ImportRun) -> dict[str, Any]:
    """The mapping form as the mapping's JSON form; what the form did not show stays."""
    mapping = dict(run.mapping)
    columns = dict(mapping.get("columns", {}))
    for number, column in enumerate(c for c in run.check_result["columns"] if c["filled"]):
        chosen = posted.get(f"column-{number}")
        if chosen:
            fields = chosen.split(",")
            columns[column["name"]] = fields[0] if len(fields) == 1 else fields
    statuses = dict(mapping.get("statuses", {}))
    for number, found in enumerate(run.check_result["statuses"]):
        chosen = posted.get(f"status-{number}")
        # What stays as suggested is left to the adapter, which also looks at each row's dates.
        if chosen and chosen != found["becomes"]:
            statuses[found["name"]] = chosen
        elif chosen:
            statuses.pop(found["name"], None)
    kinds = dict(mapping.get("kinds", {}))
    for number, found in enumerate(run.check_result["kinds"]):
        if posted.get(f"kind-{number}"):
            kinds[found["name"]] = posted[f"kind-{number}"]
    mapping |= {"columns": columns, "statuses": statuses, "kinds": kinds}
    for name in ("date_order", "time_zone"):
        if posted.get(name):
            mapping[name] = posted[name]
    return {name: value for name, value in mapping.items() if value}


@form_of("integrations:import", "pk")
def dry_run(request: ProductRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    try:
        do.import_try(by=request.member, run=run, mapping=mapping_of(request.POST, run))
    except Refused as refusal:
        if refusal.status != 422 or run.state not in {RunState.CHECKED, RunState.TRIED}:
            raise
        run.message = refusal.message
        context = _context(request, run)
        return render(request, "integrations/import/show.jinja", context, status=422)
    return _to_run(request, run)


@form_of("integrations:import", "pk")
def start(request: ProductRequest, pk: int) -> HttpResponse:
    run = do.import_start(by=request.member, run=_run(request, pk))
    return _to_run(request, run)


@form_of("integrations:import", "pk")
def revert(request: ProductRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    do.import_revert(by=request.member, run=run)
    return _to_run(request, run)


@require_POST
def discard(request: ProductRequest, pk: int) -> HttpResponse:
    do.import_discard(by=request.member, run=_run(request, pk))
    return redirect(
        "integrations:imports",
        workspace=request.member.workspace.slug,
        product=request.product.key,
    )
