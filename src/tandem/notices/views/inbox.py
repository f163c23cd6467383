"""The inbox: what waits, line by line, and marking it as read."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tandem.accounts.middleware import open_without_factor
from tandem.accounts.requests import MemberRequest
from tandem.core.errors import PermissionRefused
from tandem.notices import operations as do
from tandem.notices import queries as ask
from tandem.notices.models import Notice


@require_GET
def inbox(request: MemberRequest) -> HttpResponse:
    """What is unread, or with ``?all=1`` everything; to htmx the next page."""
    everything = request.GET.get("all") == "1"
    after = request.GET.get("after")
    found = ask.inbox(request.member, unread=not everything, after=after)
    values = {
        "rows": found.rows,
        "next_cursor": found.next_cursor,
        "everything": everything,
        "slug": request.member.workspace.slug,
        "count": ask.unread_count(request.member),
    }
    part = "rows" if request.htmx and after else "inbox"
    return render(request, f"notices/{part}.jinja", values)


# Every page asks for it, also the one to which those are led who lack a second factor: led there
# again by its answer, they would go round for ever.
@open_without_factor
@require_GET
def count(request: MemberRequest) -> HttpResponse:
    """The number beside the bell; nothing for none."""
    values = {"count": ask.unread_count(request.member), "most": ask.MOST}
    return render(request, "notices/count.jinja", values)


def _own(request: MemberRequest, pk: int) -> Notice:
    rows = Notice.objects.filter(member__workspace_id=request.member.workspace_id)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    if found.member_id != request.member.pk:
        raise PermissionRefused(_("This notice is somebody else's."))
    return found


@require_GET
def go(request: MemberRequest, pk: int) -> HttpResponse:
    """To what the notice is about; it is read with that."""
    found = _own(request, pk)
    if found.unread:
        do.notice_read(by=request.member, notice=found)
    return redirect(found.path)


@require_POST
def read(request: MemberRequest, pk: int) -> HttpResponse:
    """Mark one as read, with ``unread`` as unread again."""
    do.notice_read(by=request.member, notice=_own(request, pk), read="unread" not in request.POST)
    return _back(request)


@require_POST
def read_all(request: MemberRequest) -> HttpResponse:
    do.notices_read_all(by=request.member)
    return _back(request)


def _back(request: MemberRequest) -> HttpResponse:
    if request.htmx:
        response = HttpResponse(status=204)
        response["HX-Trigger"] = "live-notice"
        return response
    return redirect("notices:inbox", workspace=request.member.workspace.slug)
