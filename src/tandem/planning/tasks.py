"""Solving as background work: never in a web process."""

from tandem.core.errors import Refused
from tandem.core.jobs import progress
from tandem.core.jobs.task import task
from tandem.planning.calculations import TIME_LIMIT, Step, solved
from tandem.planning.models import Plan, PlanState


def progress_key(plan_id: int) -> str:
    return f"plan-{plan_id}"


#: So many of the latest steps towards the answer are kept with it.
STEPS = 60


class Told:
    """Hears the solver and tells whoever watches, at most twice a second."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.steps: list[Step] = []
        self._last = -progress.PAUSE

    def __call__(self, step: Step) -> None:
        self.steps.append(step)
        if step.seconds - self._last < progress.PAUSE:
            return
        self._last = step.seconds
        # Tenths of seconds: the bar is the time that may pass, not how good the plan is.
        done, total = round(10 * step.seconds), round(10 * TIME_LIMIT)
        progress.tell(self.key, progress.Progress(done, total, step.sentence))


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
        count = len(ready.problem.items)
        progress.tell(key, progress.Progress(0, 0, f"Solving for {count} items"))
        told = Told(key)
        answer = solved(
            ready,
            seed=plan.seed,
            time_limit=TIME_LIMIT,
            on_progress=told,
            should_stop=progress.cancelled,
        )
        progress.check()
        plan.details = {"steps": [step.as_json() for step in told.steps[-STEPS:]]}
        plan_keep(plan=plan, solved=answer)
    except progress.Cancelled as stop:
        _failed(plan_id, stop, PlanState.CANCELLED)
        raise
    except Refused as refusal:
        _failed(plan_id, refusal, PlanState.FAILED)
    finally:
        progress.over(key)


def _failed(plan_id: int, refusal: Refused, state: PlanState) -> None:
    Plan.objects.filter(pk=plan_id, state=PlanState.SOLVING).update(
        state=state, message=refusal.message
    )
