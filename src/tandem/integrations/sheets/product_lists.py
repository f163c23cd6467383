"""A product's further lists: teams, sprints, rules, plans, debt, forecasts, models, imports."""

from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.backlog.forms import whole_number
from tandem.backlog.models import Item, Kind
from tandem.backlog.models.status import Category
from tandem.core.errors import Refused
from tandem.delivery.models import Sprint, Team
from tandem.integrations.models import ImportRow, ImportRun, Outcome
from tandem.integrations.sheets.sheet import Sheet, sheet_of
from tandem.integrations.trash.contents import thrown
from tandem.planning.calculations_debt import break_even, exchange_of
from tandem.planning.forecast_asked import today_of
from tandem.planning.models import DebtPrice, Forecast, InterestUnit, Plan, Rule, Scenario
from tandem.prioritisation.models import ScoringCriterion


def teams(member: Member, product: Product, query: QueryDict) -> Sheet:
    require(member, "team.view")
    return sheet_of(
        ["Team", f"Capacity ({product.estimate_unit})", "Days in a sprint"],
        Team.objects.of(product).order_by("name", "pk"),
        lambda each: [each.name, each.capacity, each.sprint_days],
    )


def sprints(member: Member, product: Product, query: QueryDict) -> Sheet:
    """Every sprint of every team, the newest first."""
    require(member, "sprint.view")
    rows = Sprint.objects.filter(team__product=product).select_related("team")
    rows = rows.annotate(
        all_items=Count("entries", filter=Q(entries__item__deleted_at=None)),
        done_items=Count(
            "entries",
            filter=Q(entries__item__deleted_at=None, entries__item__status__category=Category.DONE),
        ),
    )
    return sheet_of(
        ["Team", "Sprint", "From", "To", "Goal", "Capacity", "Items", "Done", "State"],
        rows.order_by("-start_date", "team__name", "pk"),
        lambda each: [
            each.team.name, each.number, each.start_date, each.end_date, each.goal, each.capacity,
            each.all_items, each.done_items, each.get_state_display(),
        ],
    )  # fmt: skip


def _of_scenario(rows: QuerySet[Any], product: Product, query: QueryDict) -> QuerySet[Any]:
    number = whole_number(query.get("scenario"))
    if number is None:
        return rows
    return rows.filter(scenario=get_object_or_404(Scenario, product=product, pk=number))


def plans(member: Member, product: Product, query: QueryDict) -> Sheet:
    """The plans of ``?scenario=``, else of every one; what is in one is the list ``plan``."""
    require(member, "plan.view")
    rows = _of_scenario(Plan.objects.filter(scenario__product=product), product, query)
    return sheet_of(
        ["Plan", "Scenario", "State", "Status", "Value", "Bound", "Asked by", "Asked", "Committed"],
        rows.select_related("scenario", "asked_by__user").order_by("-pk"),
        lambda each: [
            each.pk, each.scenario.name, each.get_state_display(), each.status, each.value,
            each.bound, _name(each.asked_by), each.asked_at, each.committed_at,
        ],
    )  # fmt: skip


def rules(member: Member, product: Product, query: QueryDict) -> Sheet:
    """What ``?scenario=``, else every one, asks of its plans; without rules of deleted items."""
    require(member, "plan.view")
    rows = _of_scenario(Rule.objects.filter(scenario__product=product), product, query)
    rows = rows.filter(Q(item=None) | Q(item__deleted_at=None))
    rows = rows.select_related("scenario", "item__product", "team", "label")
    return sheet_of(
        ["Scenario", "Item", "Rule", "Reason"],
        rows.prefetch_related("others__product").order_by("scenario__name", "scenario_id", "pk"),
        lambda each: [
            each.scenario.name, each.item.key if each.item else "", each.words, each.reason
        ],
    )  # fmt: skip


def debt(member: Member, product: Product, query: QueryDict) -> Sheet:
    """The open debt: what it costs each week, and the day paying it back has paid off."""
    require(member, "plan.view")
    exchange, today = exchange_of(product), today_of(product)
    prices = DebtPrice.objects.select_related("set_by__user")
    rows = Item.objects.of(product).plannable().filter(kind=Kind.DEBT).order_by("rank", "pk")

    def cells(item: Item) -> list[Any]:
        price = getattr(item, "debt_price", None)
        even = break_even(price, item.estimate_likely, exchange, today)
        said: list[Any] = [None] * 5
        if price is not None:
            unit = "score" if price.unit == InterestUnit.SCORE else product.estimate_unit
            weekly = exchange.score(price)
            said = [price.interest, unit, weekly, price.reason, _name(price.set_by)]
        return [f"{product.key}-{item.number}", item.title, item.estimate_likely, *said, even.day]

    return sheet_of(
        [
            "Key", "Title", f"Principal ({product.estimate_unit})", "Interest a week", "In",
            "In score a week", "Why", "Said by", "Paid off if paid back today",
        ],
        rows.prefetch_related(Prefetch("debt_price", prices)),
        cells,
    )  # fmt: skip


def forecasts(member: Member, product: Product, query: QueryDict) -> Sheet:
    """The forecasts that were kept, the newest first."""
    require(member, "forecast.view")

    def cells(each: Forecast) -> list[Any]:
        found = each.percentiles
        shares = [found.get(share) for share in ("50", "70", "85", "95")]
        return [
            each.made_at,
            _name(each.made_by),
            each.get_question_display(),
            each.method,
            *shares,
        ]

    rows = Forecast.objects.of(product).select_related("made_by__user").order_by("-made_at", "-pk")
    titles = ["Made", "By", "Question", "Method", "50 %", "70 %", "85 %", "95 %"]
    return sheet_of(titles, rows, cells)


def models(member: Member, product: Product, query: QueryDict) -> Sheet:
    """The scoring models with their criteria."""
    require(member, "score.view")
    rows = ScoringCriterion.objects.filter(model__product=product).select_related("model")
    return sheet_of(
        ["Model", "Used for plans", "Archived", "Criterion", "Lens", "Weight", "Question"],
        rows.order_by("model__name", "model_id", "position", "pk"),
        lambda each: [
            each.model.name, "yes" if each.model.is_default else "",
            "yes" if each.model.archived_at else "", each.name, each.lens, each.weight,
            each.question,
        ],
    )  # fmt: skip


def imports(member: Member, product: Product, query: QueryDict) -> Sheet:
    require(member, "import.view")
    rows = ImportRun.objects.filter(product=product).select_related("started_by__user")
    return sheet_of(
        ["Import", "File", "Format", "State", "Rows", "Created", "Updated", "Unchanged", "Refused",
         "By", "Started", "Taken back"],
        rows.order_by("-pk"),
        lambda each: [
            each.pk, each.file_name, each.format, each.get_state_display(), each.rows,
            each.created, each.updated, each.unchanged, each.refused, _name(each.started_by),
            each.started_at, each.reverted_at,
        ],
    )  # fmt: skip


def import_rows(member: Member, product: Product, query: QueryDict) -> Sheet:
    """What became of each line of the import ``?import=``; ``?outcome=`` shows one kind alone."""
    require(member, "import.view")
    runs = ImportRun.objects.filter(product=product)
    rows = ImportRow.objects.filter(
        run=get_object_or_404(runs, pk=whole_number(query.get("import")))
    )
    outcome = query.get("outcome", "")
    if outcome:
        if outcome not in Outcome.values:
            raise Refused(
                _("outcome: one of %(names)s.") % {"names": ", ".join(Outcome.values)},
                field="outcome",
            )
        rows = rows.filter(outcome=outcome)
    return sheet_of(
        ["Line", "Outcome", "Key", "Title", "Reason"],
        rows.select_related("item").order_by("line", "pk"),
        lambda each: [
            each.line, each.get_outcome_display(),
            f"{product.key}-{each.item.number}" if each.item else "",
            each.item.title if each.item else "", each.reason,
        ],
    )  # fmt: skip


def trash(member: Member, product: Product, query: QueryDict) -> Sheet:
    require(member, "trash.view")
    return trash_sheet(member, product)


def trash_sheet(member: Member, product: Product | None) -> Sheet:
    """What the page of the trash shows: the newest of each kind."""
    rows = thrown(member, product)
    return Sheet(
        ["Kind", "What", "Product", "Deleted by", "Deleted", "Days left"],
        (
            [row.kind, row.label, row.product.key, row.deleted_by, row.deleted_at, row.days_left]
            for row in rows
        ),
    )


def _name(member: Member | None) -> str:
    return member.name if member else ""
