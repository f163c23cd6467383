"""Home's panels. Higher and other apps register theirs for the same places."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from tandem.accounts.models import Member, Product, Role
from tandem.accounts.permissions import can
from tandem.core.panels import Panel, register
from tandem.home.first_steps import first_steps
from tandem.home.queries import building, recent, waiting
from tandem.home.queries.lenses import differences, lenses_of
from tandem.home.queries.listed import Listed
from tandem.planning.models import Plan, PlanState
from tandem.planning.operations import ForecastSummary, forecast_for_plan, forecast_summary
from tandem.prioritisation.calculations import model_in_force
from tandem.prioritisation.models import Lens
from tandem.ui.filters import figure

SHOWN = 6
NEXT_ITEMS = 10
Values = dict[str, Any] | None
STEERING = (Role.PRODUCT_OWNER, Role.TECHNICAL_PM)


def _waiting(found: Listed[Any], words: str, **more: Any) -> Values:
    """The usual values of a list that waits for somebody; nothing when nothing waits."""
    if not found.total:
        return None
    return {"found": found, "count": found.count, "lead": (found.count, words), **more}


def questions(member: Member, product: Product) -> Values:
    found = waiting.questions_to_answer(product, member, SHOWN)
    may = can(member, "question.answer")
    words = ngettext("open question", "open questions", found.total)
    return _waiting(found, words, may_answer=may)


def asked_of_me(member: Member, product: Product) -> Values:
    found = waiting.questions_to_answer(product, member, SHOWN, of_me=True)
    may = can(member, "question.answer")
    words = ngettext("question put to you", "questions put to you", found.total)
    return _waiting(found, words, may_answer=may)


def to_rate(lens: Lens) -> Any:
    def values(member: Member, product: Product) -> Values:
        found = waiting.unrated(product, model_in_force(product).row, lens, SHOWN)
        if lens == Lens.VALUE:
            words = ngettext("item to rate for value", "items to rate for value", found.total)
        else:
            words = ngettext(
                "item to rate for feasibility and risk",
                "items to rate for feasibility and risk",
                found.total,
            )
        return _waiting(
            found,
            words,
            lens=lens.value,
            link=(_("Rate them"), "prioritisation:prioritise"),
            note=_("In the backlog's order. Until they are rated, plans count the whole scale."),
        )

    return values


def criteria_missing(member: Member, product: Product) -> Values:
    found = waiting.without_criteria(product, SHOWN)
    words = ngettext(
        "item near the top without acceptance criteria",
        "items near the top without acceptance criteria",
        found.total,
    )
    note = _("Among the first %(count)s stories, bugs and requirements of the backlog.")
    return _waiting(found, words, note=note % {"count": waiting.NEAR_THE_TOP})


def estimates(member: Member, product: Product) -> Values:
    found = waiting.unsure_estimates(product, SHOWN)
    words = ngettext("estimate missing or wide", "estimates missing or wide", found.total)
    note = _(
        "Among the first %(count)s items: none, or a high end %(times)s times the low one and more."
    )
    said = {"count": waiting.NEAR_THE_TOP, "times": figure(waiting.WIDE)}
    return _waiting(found, words, note=note % said)


def holding_up(member: Member, product: Product) -> Values:
    found = waiting.holding_up(product, SHOWN)
    words = ngettext("item holding others up", "items holding others up", found.total)
    return _waiting(found, words)


def debt(member: Member, product: Product) -> Values:
    found = waiting.open_debt(product, 2 * SHOWN)
    if not found.total:
        return None
    rows = lenses_of(product, found.rows)
    rows.sort(key=lambda each: -(each.technical or 0.0))
    return {
        "count": found.count,
        "rows": rows,
        "more": found.more,
        "note": _(
            "How much the technical lens wants each paid back, beside what value sees in it."
        ),
    }


def differ(member: Member, product: Product) -> Values:
    found = differences(product, SHOWN)
    if not found.compared:
        return None
    return {"found": found, "link": (_("Talk them through"), "prioritisation:prioritise")}


def plan_and_forecast(member: Member, product: Product) -> Values:
    plan = (
        Plan.objects.filter(scenario__product=product, state=PlanState.SOLVED)
        .exclude(status="infeasible")
        .select_related("scenario")
        .first()
    )
    if plan is not None:
        plan.scenario.product = product
    return {
        "plan": plan,
        "planned": plan.entries.count() if plan else 0,
        "plan_forecast": forecast_for_plan(plan) if plan else None,
        "next_forecast": forecast_summary(product, NEXT_ITEMS),
        "link": (_("Open the plan"), "planning:plan"),
    }


def sprints(member: Member, product: Product) -> Values:
    found = building.running_sprints(product, timezone.localdate())
    # One's own team first.
    found.sort(key=lambda running: -running.of(member))
    return {"found": found} if found else None


def steps(member: Member, product: Product) -> Values:
    found = first_steps(product)
    return None if found.complete else {"found": found}


def yesterday(member: Member, product: Product) -> Values:
    rows, total = recent.since_yesterday(product, member, timezone.localdate(), 2 * SHOWN)
    return {
        "rows": rows,
        "more": total - len(rows),
        "link": (_("All activity"), "backlog:activity"),
    }


def in_hand(member: Member, product: Product) -> Values:
    found = building.in_hand(product, member, 2 * SHOWN)
    lead = (found.count, ngettext("item in your hands", "items in your hands", found.total))
    return {"found": found, "count": found.count, "lead": lead}


def asked(member: Member, product: Product) -> Values:
    found = building.questions_asked(product, member, SHOWN)
    return {"found": found, "count": found.count} if found.total else None


def being_built(member: Member, product: Product) -> Values:
    found = building.being_built(product, 2 * SHOWN)
    lead = (found.count, ngettext("item in work", "items in work", found.total))
    return {"found": found, "count": found.count, "lead": lead}


def planned_next(member: Member, product: Product) -> Values:
    plan = (
        Plan.objects.filter(scenario__product=product, state=PlanState.SOLVED)
        .exclude(status="infeasible")
        .select_related("scenario")
        .first()
    )
    entries = []
    if plan is not None:
        rows = plan.entries.filter(item__deleted_at=None).select_related("item__parent", "team")
        entries = list(rows[: 2 * SHOWN])
        for entry in entries:
            entry.item.product = product
        plan.scenario.product = product
    return {
        "plan": plan,
        "entries": entries,
        "in_order": [] if plan else building.next_in_order(product, SHOWN),
        "forecast": forecast_for_plan(plan) if plan else _after_work(product),
    }


def _after_work(product: Product) -> ForecastSummary:
    """When the next items in order are done: what is in work is finished before them."""
    return forecast_summary(product, building.being_built(product, 1).total + SHOWN)


def finished(member: Member, product: Product) -> Values:
    found = building.finished_lately(product, timezone.now(), SHOWN)
    lead = (found.count, _("finished lately"))
    return {"found": found, "count": found.count, "lead": lead} if found.total else None


def ask(member: Member, product: Product) -> Values:
    if not can(member, "question.ask"):
        return None
    return {"offered": building.askable(product, 60)}


#: (name, title as marked, where: roles and "beside", order, values)
_PANELS: tuple[tuple[str, str, tuple[Role, ...], bool, int, Any], ...] = (
    ("asked-of-me", N_("Questions put to you"), tuple(Role), False, 2, asked_of_me),
    ("questions", N_("Questions to answer"), STEERING, False, 10, questions),
    ("to-rate", N_("Not rated for value"), (Role.PRODUCT_OWNER,), False, 20, to_rate(Lens.VALUE)),
    ("to-rate", N_("Not rated technically"), (Role.TECHNICAL_PM,), False, 5, to_rate(Lens.TECHNICAL)),
    ("criteria", N_("Nobody could accept these yet"), (Role.PRODUCT_OWNER,), False, 30, criteria_missing),
    ("holding-up", N_("Others wait for these"), (Role.TECHNICAL_PM,), False, 20, holding_up),
    ("estimates", N_("Estimates to settle"), (Role.TECHNICAL_PM,), False, 30, estimates),
    ("differences", N_("Where the two lenses differ"), STEERING, False, 40, differ),
    ("debt", N_("Open debt"), (Role.TECHNICAL_PM,), False, 50, debt),
    ("in-hand", N_("In your hands"), (Role.DEVELOPER,), False, 10, in_hand),
    ("sprint-items", N_("Running sprints"), (Role.DEVELOPER,), False, 20, sprints),
    ("asked", N_("Questions you asked"), (Role.DEVELOPER, Role.STAKEHOLDER), False, 60, asked),
    ("being-built", N_("Being built now"), (Role.STAKEHOLDER,), False, 10, being_built),
    ("planned-next", N_("Planned next"), (Role.STAKEHOLDER,), False, 20, planned_next),
    ("finished", N_("Finished in the last two weeks"), (Role.STAKEHOLDER,), False, 30, finished),
    ("steps", N_("First steps"), STEERING, True, 5, steps),
    ("sprints", N_("Running sprints"), (*STEERING, Role.STAKEHOLDER), True, 10, sprints),
    ("plan", N_("Plan and forecast"), (*STEERING, Role.DEVELOPER), True, 20, plan_and_forecast),
    ("ask", N_("Ask a question"), (Role.STAKEHOLDER,), True, 5, ask),
    ("yesterday", N_("Since yesterday"), (*STEERING, Role.DEVELOPER), True, 30, yesterday),
)  # fmt: skip


def register_all() -> None:
    for name, title, roles, beside, order, context in _PANELS:
        template = f"home/panels/{name.replace('-', '_')}.jinja"
        for role in roles:
            place = f"home.{role.value}" + (".beside" if beside else "")
            register(Panel(place, name, title, template, context, order))
