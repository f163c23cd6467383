"""What the agenda page shows: the kept answer with the items' titles, and whether it still holds."""

from dataclasses import dataclass
from typing import Any, Final

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from tandem.accounts.models import Product
from tandem.backlog.models import Item
from tandem.core.jobs import progress
from tandem.core.models import Job, JobState
from tandem.planning.calculations_agenda import LABELS, agenda_key
from tandem.planning.models import Plan, PlanState, Scenario
from tandem.planning.queries_plan import newest_solved, scenario_of
from tandem.planning.sayings import seen
from tandem.planning.tasks_agenda import progress_key

OPEN: Final = (JobState.READY, JobState.RUNNING)


@dataclass(frozen=True)
class AgendaShown:
    """``found`` is the kept answer, ``fresh`` whether nothing changed since; ``running`` says how
    far a new one, or a new plan, is."""

    scenario: Scenario | None
    plan: Plan | None
    found: dict[str, Any] | None
    fresh: bool
    titles: dict[str, str]
    running: progress.Progress | None
    made_at: Any = None

    @property
    def unsure(self) -> int:
        """Verdicts that a plan nobody found in time could change."""
        if not self.found:
            return 0
        rows = [*self.found["decisive"], *self.found["noise"]]
        return sum(1 for each in rows if not each["proven"])


def agenda_shown(product: Product, number: int | None = None) -> AgendaShown:
    scenario = scenario_of(product, number)
    if scenario is None:
        return AgendaShown(None, None, None, False, {}, None)
    scenario.product = product
    plan = newest_solved(scenario)
    running = _running(scenario, plan)
    if plan is None:
        return AgendaShown(scenario, None, None, False, {}, running)
    found = plan.details.get("agenda")
    if not found or "refused" in found:
        return AgendaShown(scenario, plan, None, False, {}, running)
    keys = [each["key"] for each in (*found["decisive"], *found["noise"])]
    items = Item.objects.with_keys(product, keys).select_related("product")
    return AgendaShown(
        scenario,
        plan,
        found,
        found["key"] == agenda_key(scenario),
        {item.key: item.title for item in items},
        running,
        parse_datetime(found["made_at"]),
    )


def _running(scenario: Scenario, plan: Plan | None) -> progress.Progress | None:
    """How far the work on the agenda is, or on a newer plan; nothing told while it waits."""
    if Plan.objects.filter(scenario=scenario, state=PlanState.SOLVING).exists():
        return progress.Progress(0, 0, _("Solving the plan"))
    if plan is None:
        return None
    key = progress_key(plan.pk)
    told = seen(key)
    if told is None and Job.objects.filter(progress_key=key, state__in=OPEN).exists():
        return progress.Progress(0, 0)
    return told


@dataclass(frozen=True)
class Settled:
    """What was settled on the agenda of a plan, and what became of the plan since.

    ``happened`` is ``None`` until the plan is solved again; else what came in and what went out.
    ``together`` is what all of them were said to change, where one alone does not say it.
    """

    rows: list[dict[str, Any]]
    happened: tuple[list[str], list[str]] | None = None
    together: dict[str, Any] | None = None

    @staticmethod
    def how(label: str) -> str:
        """What an item was settled to, by an ending's label."""
        if label == "another":
            return _("was settled at another value.")
        if label == LABELS[0]:
            return _("was settled to the Product Owner's value.")
        if label == LABELS[1]:
            return _("was settled to the Technical Product Manager's value.")
        who = label.removeprefix("To ").removesuffix("'s rating")
        return _("was settled to %(who)s's rating.") % {"who": who}

    @property
    def prediction(self) -> tuple[list[str], list[str]] | None:
        """What was said to come in and to go out; none while that is not known."""
        foretold = self.together or (self.rows[0] if len(self.rows) == 1 else None)
        if foretold is None or foretold["enters"] is None:
            return None
        return foretold["enters"], foretold["leaves"]

    @property
    def predicted(self) -> bool:
        return self.prediction is not None

    @property
    def as_predicted(self) -> bool:
        if self.happened is None or self.prediction is None:
            return False
        return tuple(map(set, self.prediction)) == tuple(map(set, self.happened))


def needs_together(settled: list[dict[str, Any]]) -> bool:
    """Whether single predictions do not say what these settlements change."""
    return len(settled) > 1 or any(each["enters"] is None for each in settled)


def _settled(details: dict[str, Any], happened: Any = None) -> Settled:
    together = details.get("together")
    if together and together["keys"] != sorted(each["key"] for each in details["settled"]):
        together = None
    return Settled(details["settled"], happened, together)


def settled_shown(plan: Plan | None) -> Settled | None:
    """What was settled on this plan's agenda, or on that of the plan solved before it."""
    if plan is None:
        return None
    if plan.details.get("settled"):
        return _settled(plan.details)
    before = newest_solved(plan.scenario, before=plan)
    if before is None or not before.details.get("settled"):
        return None
    inside = {each: keys_in(each) for each in (before, plan)}
    happened = tuple(
        sorted(one - other, key=lambda key: int(key.rpartition("-")[2]))
        for one, other in (
            (inside[plan], inside[before]),
            (inside[before], inside[plan]),
        )
    )
    return _settled(before.details, (happened[0], happened[1]))


def keys_in(plan: Plan) -> set[str]:
    product = plan.scenario.product
    return {
        f"{product.key}-{number}" for number in plan.entries.values_list("item__number", flat=True)
    }


def decisive_numbers(product: Product) -> list[int] | None:
    """The decisive items' numbers as last worked out; ``None`` when they never were."""
    scenario = scenario_of(product, None)
    plan = newest_solved(scenario) if scenario else None
    found = plan.details.get("agenda") if plan else None
    if not found or "refused" in found:
        return None
    return [int(each["key"].rpartition("-")[2]) for each in found["decisive"]]
