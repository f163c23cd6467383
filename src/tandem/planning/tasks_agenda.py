"""The agenda as background work: it makes a plan for every dispute that no bound settles, and one
for what several settlements change together."""

from django.utils.translation import gettext_noop as N_

from tandem.core.errors import Refused
from tandem.core.jobs import progress
from tandem.core.jobs.task import task
from tandem.planning.calculations_agenda import agenda_for, together_for
from tandem.planning.models import Plan
from tandem.planning.sayings import tell
from tandem_engine.words import said


def progress_key(plan_id: int) -> str:
    return f"agenda-{plan_id}"


@task(progress="agenda-{0}", attempts=3)
def agenda_work(plan_id: int) -> None:
    from tandem.planning.operations.agenda import agenda_keep
    from tandem.planning.operations.plans import prepared_for

    plan = Plan.objects.select_related("scenario__product__workspace").filter(pk=plan_id).first()
    if plan is None:
        return
    key = progress_key(plan_id)
    tell(key, 0, 0, N_("Making the present plan"))

    def hear(done: int, total: int) -> None:
        words = said("Dispute %(number)s of %(all)s", number=done, all=total)
        tell(key, done, total, words)

    try:
        found = agenda_for(
            plan.scenario,
            prepared_for(plan.scenario),
            on_progress=hear,
            should_stop=progress.cancelled,
        )
        progress.check()
        agenda_keep(plan=plan, agenda=found)
    except Refused as refusal:
        agenda_keep(plan=plan, agenda={"refused": refusal.message})
    finally:
        progress.over(key)


@task(progress="agenda-{0}", attempts=3)
def together_work(plan_id: int) -> None:
    """Say what all settlements on the plan's agenda change, before the plan is solved again."""
    from tandem.planning.operations.agenda import together_keep
    from tandem.planning.operations.plans import prepared_for
    from tandem.planning.queries_agenda import keys_in, needs_together

    plan = Plan.objects.select_related("scenario__product__workspace").filter(pk=plan_id).first()
    settled = plan.details.get("settled", []) if plan else []
    if plan is None or not needs_together(settled):
        return
    key = progress_key(plan_id)
    tell(key, 0, 0, N_("Working out what they change together"))
    try:
        found = together_for(prepared_for(plan.scenario), settled, keys_in(plan))
        together_keep(plan=plan, together=found)
    except Refused:
        # Nothing can be planned at present; solving the plan says why.
        return
    finally:
        progress.over(key)
