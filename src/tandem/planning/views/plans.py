"""What one does with a plan: stop the solve, accept, commit; and the page of a clash."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tandem.accounts.requests import ProductRequest, form_of
from tandem.core.errors import Refused
from tandem.planning import queries_plan
from tandem.planning.operations import plans as do
from tandem.planning.operations.commit import CommitConflict
from tandem.planning.operations.explanations import explanation_ask
from tandem.planning.views.plan import again_of
from tandem.planning.views.shared import address_of, plan_at, tabs_of


@form_of("planning:plan")
def cancel(request: ProductRequest, pk: int) -> HttpResponse:
    plan = plan_at(request, pk)
    try:
        do.plan_cancel(by=request.member, plan=plan)
    except Refused as refusal:
        return again_of(request, plan.scenario, refusal, "plan")
    return redirect(address_of(request, plan.scenario))


@form_of("planning:plan")
def explain(request: ProductRequest, pk: int) -> HttpResponse:
    plan = plan_at(request, pk)
    try:
        explanation_ask(by=request.member, plan=plan)
    except Refused as refusal:
        return again_of(request, plan.scenario, refusal, "plan")
    return redirect(f"{address_of(request, plan.scenario)}&plan={plan.pk}#why")


@form_of("planning:plan")
def accept(request: ProductRequest, pk: int) -> HttpResponse:
    plan = plan_at(request, pk)
    try:
        do.plan_accept(by=request.member, plan=plan)
    except Refused as refusal:
        return again_of(request, plan.scenario, refusal, "plan")
    messages.success(
        request,
        _("“%(name)s” holds this plan now. Commit it when both agree.") % {"name": plan.scenario},
    )
    return redirect(f"{address_of(request, plan.scenario)}&plan={plan.pk}")


@form_of("planning:plan")
def commit(request: ProductRequest, pk: int) -> HttpResponse:
    """Commit; when the world changed meanwhile, a page with both sides (409)."""
    plan = plan_at(request, pk)
    over = request.POST.get("over", "")
    try:
        done = do.plan_commit(
            by=request.member,
            plan=plan,
            over=int(over) if over.isdecimal() else None,
            without_deleted="without_deleted" in request.POST,
        )
    except CommitConflict as conflict:
        return _clash(request, conflict)
    except Refused as refusal:
        return again_of(request, plan.scenario, refusal, "plan")
    messages.success(request, _said(done.details.get("written", {})))
    return redirect(f"{address_of(request, plan.scenario)}&plan={plan.pk}")


def _said(written: dict[str, object]) -> str:
    counts = {
        "came": written.get("added", 0),
        "went": written.get("removed", 0),
        "made": written.get("sprints_made"),
    }
    if not counts["made"]:
        return _("Committed: %(came)s items came into sprints, %(went)s went out.") % counts
    return (
        _(
            "Committed: %(came)s items came into sprints, %(went)s went out; %(made)s sprints were "
            "made."
        )
        % counts
    )


def _clash(request: ProductRequest, conflict: CommitConflict) -> HttpResponse:
    plan, other = conflict.plan, conflict.other
    context = {
        "conflict": conflict,
        "plan": plan,
        "other": other,
        "sides": queries_plan.sides_of(plan, other) if other is not None else None,
        **tabs_of(request, "plan", plan.scenario),
    }
    return render(request, "planning/plan_clash.jinja", context, status=409)
