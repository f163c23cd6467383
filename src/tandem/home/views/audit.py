"""The workspace's audit log, for administrators: to read, to filter, to take away."""

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tandem.accounts.history_keeping import gone
from tandem.accounts.models import Member
from tandem.accounts.models.workspace import LEAST_DAYS
from tandem.accounts.operations_history import history_keep
from tandem.accounts.permissions import require
from tandem.accounts.requests import MemberRequest
from tandem.core.channel import CHANNELS
from tandem.core.errors import Refused
from tandem.core.models import Event
from tandem.core.paging import keyset
from tandem.home.queries.audit import AuditFilter, Line, as_csv, as_json_lines, worded
from tandem.ui.filters import amount

FORMS = {"csv": (as_csv, "text/csv"), "jsonl": (as_json_lines, "application/x-ndjson")}


@require_GET
def log(request: MemberRequest) -> HttpResponse:
    """A page of events, newest first; the address keeps the filter."""
    member = request.member
    require(member, "audit.view")
    wanted = AuditFilter.from_query(request.GET.dict(), member)
    page = keyset(wanted.apply(member), ["-id"], after=request.GET.get("after"), limit=100)
    people = Member.objects.visible_to(member).select_related("user").order_by("user__name", "pk")
    kinds = Event.objects.in_workspace(member.workspace_id).order_by("-id")[:1000]
    context = {
        "wanted": wanted,
        "lines": Line.of_all(page.rows),
        "next_cursor": page.next_cursor,
        "gone": "" if page.next_cursor else gone(member.workspace),
        "people": [("", _("Everybody")), *((each.pk, each.name) for each in people)],
        "channels": [("", _("Every channel")), *((each, worded(each)) for each in CHANNELS)],
        "kinds": [
            ("", _("Everything")),
            *(
                (each, worded(each))
                for each in sorted({each.object_kind for each in kinds.only("object_kind")})
            ),
        ],
        "query": wanted.as_query(),
        "kept": member.workspace.keep_history_days,
        "worded": worded,
        "keepings": keepings(member.workspace.keep_history_days),
    }
    return render(request, "home/audit.jinja", context)


def keepings(now: int | None) -> list[tuple[int | str, str]]:
    """How long history may be kept, to choose from; an odd number set elsewhere among them."""
    days = {LEAST_DAYS: _("3 months"), 183: _("6 months"), 365: _("a year"), 730: _("2 years")}
    days |= {1096: _("3 years"), 1826: _("5 years"), 3652: _("10 years")}
    if now is not None:
        days.setdefault(now, amount(now, "days"))
    return [("", _("For ever")), *sorted(days.items())]


@require_POST
def keeping(request: MemberRequest) -> HttpResponse:
    """Set how long events are kept."""
    asked = request.POST.get("days", "").strip()
    if asked and not (asked.isascii() and asked.isdigit() and len(asked) < 9):
        raise Refused(_("days: write a number of days, or nothing for ever."), field="days")
    workspace = history_keep(by=request.member, days=int(asked) if asked else None)
    days = workspace.keep_history_days
    told = (
        _("Events are kept for %(days)s.") % {"days": amount(days, "days")}
        if days
        else _("Events are kept for ever.")
    )
    messages.success(request, told)
    return redirect("audit:log", workspace=workspace.slug)


@require_GET
def export(request: MemberRequest, form: str) -> StreamingHttpResponse:
    """The filtered log, whole: ``csv`` or ``jsonl``."""
    require(request.member, "audit.view")
    if form not in FORMS:
        raise Http404
    lines, kind = FORMS[form]
    rows = AuditFilter.from_query(request.GET.dict(), request.member).apply(request.member)
    answer = StreamingHttpResponse(lines(rows), content_type=f"{kind}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="audit.{form}"'
    return answer
