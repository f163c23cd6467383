"""Solving as background work: never in a web process."""

from typing import Any

from django.utils.translation import gettext_noop as N_

from tandem.core.errors import Refused
from tandem.core.jobs import notes, progress
from tandem.core.jobs.task import task
from tandem.planning.calculations_explain import ALL_SECONDS, Clock, explained, problem_name
from tandem.planning.calculations_frontier import debt_curve, lens_curve
from tandem.planning.calculations_solved import TIME_LIMIT, Step, solved
from tandem.planning.models import Frontier, FrontierKind, FrontierState, Plan, PlanState
from tandem.planning.sayings import tell
from tandem.ui.sayings import made_of
from tandem_engine.words import said


def progress_key(plan_id: int) -> str:
    return f"plan-{plan_id}"


def board_key(key: str) -> str:
    """Where the best plan yet stands while it is solved."""
    return f"{key}-board"


#: So many of the latest steps towards the answer are kept with it.
STEPS = 60


class Told:
    """Hears the solver and tells whoever watches, at most twice a second."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.steps: list[Step] = []
        self._last = -progress.PAUSE
        self._shown: float | None = None

    def __call__(self, step: Step) -> None:
        self.steps.append(step)
        if step.seconds - self._last < progress.PAUSE:
            return
        self._last = step.seconds
        # Tenths of seconds: the bar is the time that may pass, not how good the plan is.
        done, total = round(10 * step.seconds), round(10 * TIME_LIMIT)
        tell(self.key, done, total, step.sentence)
        if step.value is not None and step.value != self._shown:
            self._shown = step.value
            notes.write(board_key(self.key), {"value": step.value, "sprints": step.board()})


@task(progress="plan-{0}", attempts=3)
def plan_solve(plan_id: int) -> None:
    from tandem.planning.operations.explanations import explanation_queue
    from tandem.planning.operations.plans import plan_keep, prepared_for

    plan = (
        Plan.objects.select_related("scenario__product__workspace")
        .filter(pk=plan_id, state=PlanState.SOLVING)
        .first()
    )
    if plan is None:
        return
    key = progress_key(plan_id)
    tell(key, 0, 0, N_("Reading the backlog"))
    try:
        ready = prepared_for(plan.scenario)
        count = len(ready.problem.items)
        tell(key, 0, 0, said("Solving for %(count)s items", count=count))
        told = Told(key)
        answer = solved(
            ready,
            seed=plan.seed,
            time_limit=TIME_LIMIT,
            on_progress=told,
            should_stop=progress.cancelled,
            careful=plan.scenario.careful,
        )
        stopped = progress.cancelled()
        if stopped and answer.plan.status == "infeasible":
            # Nothing was found until then: nothing is kept.
            progress.check()
        plan.details |= {"steps": [step.as_json() for step in told.steps[-STEPS:]]}
        kept = plan_keep(plan=plan, solved=answer, stopped=stopped)
        if plan.details.get("explain") and kept.status in ("optimal", "feasible"):
            explanation_queue(kept, plan.scenario.product.workspace_id)
    except progress.Cancelled as stop:
        _failed(plan_id, stop, PlanState.CANCELLED)
        raise
    except Refused as refusal:
        _failed(plan_id, refusal, PlanState.FAILED)
    finally:
        progress.over(key)
        notes.forget(board_key(key))


def _failed(plan_id: int, refusal: Refused, state: PlanState) -> None:
    rows = Plan.objects.filter(pk=plan_id, state=PlanState.SOLVING)
    details = rows.values_list("details", flat=True).first() or {}
    rows.update(
        state=state,
        message=str(refusal.message),
        details=details | {"said": details.get("said", {}) | made_of(refusal.message)},
    )


@task(progress="explain-{0}", attempts=2)
def plan_explain(plan_id: int) -> None:
    from tandem.planning.operations.explanations import explanation_keep
    from tandem.planning.operations.plans import prepared_for

    rows = Plan.objects.select_related("scenario__product__workspace")
    plan = rows.filter(pk=plan_id, state=PlanState.SOLVED).first()
    if plan is None or "prices" in plan.details:
        return
    key = f"explain-{plan_id}"

    def hear(seconds: float, words: str) -> None:
        done, total = round(10 * seconds), round(10 * ALL_SECONDS)
        tell(key, min(done, total), total, words)

    try:
        ready = prepared_for(plan.scenario)
        if not plan.scenario.careful and problem_name(ready) != plan.fingerprint:
            prices: dict[str, Any] = {
                "stale": N_(
                    "Rules, estimates or ratings changed since this plan was solved. "
                    "Solve it again to see what its rules cost."
                )
            }
        else:
            clock = Clock(ALL_SECONDS, progress.cancelled, hear)
            prices = explained(ready, plan.seed, clock, careful=plan.scenario.careful)
        explanation_keep(plan_id=plan_id, prices=prices)
    except Refused as refusal:
        explanation_keep(plan_id=plan_id, prices={"stale": refusal.message})
    finally:
        progress.over(key)


@task(progress="frontier-{0}", attempts=2)
def frontier_compute(frontier_id: int) -> None:
    from tandem.planning.operations.frontiers import frontier_inputs, frontier_keep

    rows = Frontier.objects.select_related("scenario__product__workspace")
    frontier = rows.filter(pk=frontier_id, state=FrontierState.COMPUTING).first()
    if frontier is None:
        return
    key = f"frontier-{frontier_id}"

    def hear(done: int, total: int, words: str) -> None:
        tell(key, min(done, total), total, words)

    try:
        asked = frontier_inputs(frontier.scenario)
        if frontier.kind == FrontierKind.LENSES:
            curve = lens_curve(asked.ready, asked.points, hear, progress.cancelled)
        else:
            curve = debt_curve(asked.ready, asked.interest, asked.weeks, hear, progress.cancelled)
        details = curve.as_json() | {
            "guesses": asked.ready.guess_sentence,
            "maximised": asked.ready.maximised,
        }
        if frontier.kind == FrontierKind.DEBT:
            details["unpriced"] = asked.unpriced
        progress.check()
        frontier_keep(frontier_id=frontier_id, details=details)
    except progress.Cancelled as stop:
        _no_frontier(frontier_id, stop)
        raise
    except Refused as refusal:
        _no_frontier(frontier_id, refusal)
    finally:
        progress.over(key)


def _no_frontier(frontier_id: int, refusal: Refused) -> None:
    rows = Frontier.objects.filter(pk=frontier_id, state=FrontierState.COMPUTING)
    details = rows.values_list("details", flat=True).first() or {}
    rows.update(
        state=FrontierState.FAILED,
        message=str(refusal.message),
        details=details | {"said": details.get("said", {}) | made_of(refusal.message)},
    )
