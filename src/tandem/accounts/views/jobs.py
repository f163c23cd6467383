"""The workspace's background work: what waits, runs and has failed, and what to do about it."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.views.decorators.http import require_GET, require_POST

from tandem.accounts import job_operations as do
from tandem.accounts.permissions import require
from tandem.accounts.requests import MemberRequest
from tandem.core.jobs.counts import counted
from tandem.core.jobs.progress import Progress
from tandem.core.models import Job, JobState
from tandem.core.paging import keyset
from tandem.ui.sayings import seen

ACTIONS = {"again": do.job_run_again, "discard": do.job_discard, "cancel": do.job_cancel}


#: What jobs are called, for translators: made of the names of their tasks.
_NAMES = (
    N_("Agenda work"), N_("Archive load"), N_("Archive make"), N_("Connection sync"),
    N_("Frontier compute"), N_("Import apply"), N_("Import check"), N_("Import dry run"),
    N_("Import take back"), N_("Plan explain"), N_("Plan solve"), N_("Together work"),
    N_("Webhook send"), N_("Webhooks fan out"), N_("Notices spread"), N_("Mails send"),
    N_("History prune"), N_("Attachments tidy"), N_("Trash purge"),
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    job: Job
    progress: Progress | None

    @property
    def name(self) -> str:
        """What is done, in the reader's language."""
        return _(self.job.name)


@require_GET
def jobs(request: MemberRequest) -> HttpResponse:
    """The newest first; ``?state=`` shows one state alone."""
    member = request.member
    require(member, "job.manage")
    rows = Job.objects.in_workspace(member.workspace_id)
    state = request.GET.get("state", "")
    if state in JobState.values:
        rows = rows.filter(state=state)
    page = keyset(rows, ["-pk"], after=request.GET.get("after"), limit=50)
    context = {
        "lines": [Line(job, _progress(job)) for job in page.rows],
        "next": page.next_cursor,
        "counts": counted(workspace_id=member.workspace_id),
        "states": JobState.choices,
        "state": state,
    }
    return render(request, "accounts/jobs.jinja", context)


def _progress(job: Job) -> Progress | None:
    if job.state != JobState.RUNNING or not job.progress_key:
        return None
    return seen(job.progress_key)


@require_POST
def act(request: MemberRequest, pk: int, action: str) -> HttpResponse:
    require(request.member, "job.manage")
    job = get_object_or_404(Job.objects.in_workspace(request.member.workspace_id), pk=pk)
    ACTIONS[action](by=request.member, job=job)
    return redirect("accounts:jobs", workspace=request.member.workspace.slug)
