"""Solving as background work: never in a web process."""

from tandem.core.errors import Refused
from tandem.core.jobs import progress
from tandem.core.jobs.task import task
from tandem.planning.calculations import TIME_LIMIT, solved
from tandem.planning.models import Plan, PlanState


def progress_key(plan_id: int) -> str:
    return f"plan-{plan_id}"


@task(progress="plan-{0}", attempts=3)
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
        answer = solved(ready, seed=plan.seed, time_limit=TIME_LIMIT)
        progress.check()
        plan_keep(plan=plan, solved=answer)
    except progress.Cancelled as stop:
        _failed(plan_id, stop)
        raise
    except Refused as refusal:
        _failed(plan_id, refusal)
    finally:
        progress.over(key)


def _failed(plan_id: int, refusal: Refused) -> None:
    Plan.objects.filter(pk=plan_id, state=PlanState.SOLVING).update(
        state=PlanState.FAILED, message=refusal.message
    )
