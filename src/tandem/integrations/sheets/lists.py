"""The lists that can be taken out, each as titles and an endless run of rows."""

from collections.abc import Callable, Collection, Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.backlog import columns as registry
from tandem.backlog.filters import ItemFilter
from tandem.backlog.forms import whole_number
from tandem.backlog.models import Item, SavedView
from tandem.backlog.queries.activity import activity_asked, activity_rows
from tandem.core.errors import Refused
from tandem.integrations.sheets import connection_lists, product_lists, workspace_lists
from tandem.integrations.sheets.sheet import BATCH, Sheet, batched
from tandem.planning.models import Plan, PlanItem

Making = Callable[[Member, Product, QueryDict], Sheet]

#: A backlog column's name -> its titles and an item's values. ``key`` and ``title`` always stand.
ITEM_COLUMNS: dict[str, tuple[tuple[str, ...], Callable[[Item], list[Any]]]] = {
    "kind": (("Kind",), lambda item: [item.kind.capitalize()]),
    "labels": (
        ("Labels",),
        lambda item: [", ".join(sorted(label.name for label in item.labels.all()))],
    ),
    "status": (("Status",), lambda item: [item.status.name]),
    "assignee": (("Assignee",), lambda item: [item.assignee.name if item.assignee else ""]),
    "estimate": (
        ("Estimate low", "Estimate", "Estimate high"),
        lambda item: [item.estimate_low, item.estimate_likely, item.estimate_high],
    ),
    "due": (("Due",), lambda item: [item.due_date]),
    "created": (("Created",), lambda item: [item.created_at]),
    "updated": (("Updated",), lambda item: [item.updated_at]),
}


def of_view(member: Member, product: Product, query: QueryDict) -> QueryDict:
    """``?view=3``: the filter and columns of that saved view, as it is now."""
    number = whole_number(query.get("view"))
    if number is None:
        return query
    view = SavedView.objects.seen_by(member, product).filter(number=number).first()
    if view is None:
        raise Refused(
            _("There is no view %(number)s (any more).") % {"number": number}, field="view"
        )
    found = query.copy()
    found.setdefault("q", view.filter)
    if view.columns is not None:
        found.setdefault("columns", ".".join(view.columns))
    return found


def backlog(member: Member, product: Product, query: QueryDict) -> Sheet:
    """The backlog as its address shows it: ``?columns=kind.status`` chooses, all without."""
    require(member, "item.view")
    query = of_view(member, product, query)
    wanted = ItemFilter.from_query(query, product, member)
    named = query.get("columns")
    found = wanted.apply(Item.objects.of(product)).order_by(*wanted.ordering)
    return of_items(member, product, found, None if named is None else named.split("."))


def of_items(
    member: Member, product: Product, found: QuerySet[Item], named: Collection[str] | None
) -> Sheet:
    """Items in their order with the columns ``named``; ``None``: with all."""
    chosen = [
        column
        for column in registry.every(product)
        if (column.name in ITEM_COLUMNS or column.cells) and (named is None or column.name in named)
    ]
    found = found.select_related("status", "assignee__user").prefetch_related("labels")

    def rows() -> Iterator[list[Any]]:
        for part in batched(found.iterator(chunk_size=BATCH)):
            ids = [item.pk for item in part]
            more = {
                column.name: column.cells(member, product, ids) for column in chosen if column.cells
            }
            for item in part:
                cells: list[Any] = [f"{product.key}-{item.number}", item.title]
                for column in chosen:
                    if column.name in more:
                        nothing = [""] * len(column.sheet_titles)
                        cells += more[column.name].get(item.pk, nothing)
                    else:
                        cells += ITEM_COLUMNS[column.name][1](item)
                yield cells

    titles = [
        title
        for column in chosen
        for title in (column.sheet_titles if column.cells else ITEM_COLUMNS[column.name][0])
    ]
    return Sheet(["Key", "Title", *titles], rows())


def ranking(member: Member, product: Product, query: QueryDict) -> Sheet:
    """The ranking of ``?model=`` as its page shows it: its filters, ``show`` and ``sort``."""
    require(member, "score.view")
    from tandem.prioritisation.calculations import model_in_force, table_for
    from tandem.prioritisation.queries import RankingAsk, order_of

    ask = RankingAsk.from_query(query, product, member)
    model = model_in_force(product, ask.model or None)
    table = table_for(product, model)
    places = order_of(table, ask, member, model)

    def rows() -> Iterator[list[Any]]:
        for start in range(0, len(places), BATCH):
            part = table.rows(places[start : start + BATCH])
            titles = dict(
                Item.objects.of(product)
                .filter(pk__in=[row.item_id for row in part])
                .values_list("pk", "title")
            )
            for row in part:
                if row.item_id not in titles:
                    continue
                cells: list[Any] = [row.rank, f"{product.key}-{row.number}", titles[row.item_id]]
                for span in (row.score, row.value, row.technical):
                    cells += [span.likely, span.low, span.high]
                yield cells

    spans = [
        f"{name}{end}" for name in ("Score", "Value", "Technical") for end in ("", " P10", " P90")
    ]
    return Sheet(["Rank", "Key", "Title", *spans], rows())


def activity(member: Member, product: Product, query: QueryDict) -> Sheet:
    """What happened, newest first, by person (``by``) and kind of change (``what``)."""
    require(member, "item.view")
    found = activity_rows(product, **activity_asked(query))

    def rows() -> Iterator[list[Any]]:
        named = found.order_by("-pk").values_list(
            "at", "member_name", "verb", "object_kind", "object_label", "channel"
        )
        for each in named.iterator(chunk_size=BATCH):
            yield list(each)

    return Sheet(["When", "Who", "What", "Kind", "On", "Through"], rows())


def plan(member: Member, product: Product, query: QueryDict) -> Sheet:
    """The items of the plan ``?plan=``, else of the newest committed one, sprint by sprint."""
    require(member, "plan.view")
    plans = Plan.objects.filter(scenario__product=product)
    number = whole_number(query.get("plan"))
    chosen = (
        get_object_or_404(plans, pk=number)
        if number
        else (plans.exclude(committed_at=None).order_by("-committed_at").first())
    )
    found = PlanItem.objects.filter(plan=chosen, item__deleted_at=None)

    def rows() -> Iterator[list[Any]]:
        ordered = found.select_related("item", "team").order_by("sprint", "-value", "pk")
        for entry in ordered.iterator(chunk_size=BATCH):
            team = entry.team.name if entry.team else ""
            key = f"{product.key}-{entry.item.number}"
            yield [entry.sprint, team, key, entry.item.title, entry.effort, entry.value]

    return Sheet(["Sprint", "Team", "Key", "Title", "Effort", "Value"], rows())


def people(member: Member, product: Product, query: QueryDict) -> Sheet:
    """The members of the workspace."""
    return workspace_lists.people(member)


LISTS: dict[str, Making] = {
    "backlog": backlog,
    "ranking": ranking,
    "activity": activity,
    "plan": plan,
    "people": people,
    "teams": product_lists.teams,
    "sprints": product_lists.sprints,
    "plans": product_lists.plans,
    "rules": product_lists.rules,
    "debt": product_lists.debt,
    "forecasts": product_lists.forecasts,
    "models": product_lists.models,
    "imports": product_lists.imports,
    "import-rows": product_lists.import_rows,
    "connections": connection_lists.connections,
    "connected": connection_lists.connected,
    "trash": product_lists.trash,
}
