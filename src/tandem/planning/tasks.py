"""Solving as background work: never in a web process."""

from django_tasks import task

from tandem.core.errors import Refused
from tandem.core.jobs import progress
from tandem.planning.calculations import TIME_LIMIT, solved
from tandem.planning.models import Plan, PlanState


def progress_key(plan_id: int) -> str:
    return f"plan-{plan_id}"


@task()
def plan_solve(plan_id: int) -> None:
    from tandem.planning.operations.plans import plan_keep, prepared_for

    plan = (
        Plan.objects.select_related("scenario__product__workspace")
        .filter(pk=plan_id, state=PlanState.SOLVING)
        .first()
    )
    if plan is None:
        return
    key = progress_key(plan_id)
    progress.tell(key, progress.Progress(0, 0, "Reading the backlog"))
    try:
        ready = prepared_for(plan.scenario)
        progress.tell(key, progress.Progress(0, 0, f"Solving for {len(ready.problem.items)} items"))
        plan_keep(plan=plan, solved=solved(ready, seed=plan.seed, time_limit=TIME_LIMIT))
    except Refused as refusal:
        Plan.objects.filter(pk=plan_id).update(state=PlanState.FAILED, message=refusal.message)
    finally:
        progress.over(key)
