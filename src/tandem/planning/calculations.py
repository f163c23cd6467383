"""Rows -> a problem the planning engine solves, with what the rows know beside it."""

import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from tandem.accounts.models import Product
from tandem.backlog.models import Category, Dependency, DependencyKind, Item
from tandem.core.errors import Refused
from tandem.delivery.models import Assignment
from tandem.planning.calculations_rules import RuleInput, ruled
from tandem.prioritisation.calculations import (
    SPREAD,
    estimate_of,
    model_in_force,
)
from tandem.prioritisation.calculations_values import PlanningValue, planning_values
from tandem.ui.filters import spoken
from tandem_engine.planning import Item as EngineItem
from tandem_engine.planning import Problem, ProblemError, Team
from tandem_engine.planning.robust import Effort
from tandem_engine.words import counted, figure, said

#: More items than this are cut to the most valuable ones before solving, and the page says so.
MOST_ITEMS = 2_000
#: More open items than this are not even read.
MOST_OPEN = 100_000


@dataclass(frozen=True)
class TeamInput:
    """A team: its row's id when it has one, what one sprint holds, and sprints that hold other."""

    name: str
    capacity: float
    pk: int | None = None
    #: Capacity by sprint, counted from 1, where it is not the usual one.
    other: Mapping[int, float] = field(default_factory=dict)

    def amounts(self, sprints: int) -> tuple[float, ...]:
        """What each sprint holds."""
        return tuple(self.other.get(number, self.capacity) for number in range(1, sprints + 1))


@dataclass(frozen=True)
class Prepared:
    """A problem ready to solve, with what the rows know beside it."""

    problem: Problem
    items: dict[str, Item]
    guessed_efforts: frozenset[str]
    guessed_values: frozenset[str]
    #: Items kept out before solving, and why.
    outside: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    #: Where each of the problem's rules comes from, in their order.
    sources: tuple[RuleInput, ...] = ()
    #: What each item takes: P10, P50 and P90.
    efforts: dict[str, Effort] = field(default_factory=dict)
    #: The scores that lists sort by.
    scores: dict[str, float] = field(default_factory=dict)
    #: "benefit" or "score": what the items of a plan add up to.
    maximised: str = "score"

    @property
    def guess_sentence(self) -> str:
        """How much of the answer rests on guesses."""
        total = len(self.problem.items)
        if not total:
            return said("There is nothing to plan.")
        values, efforts = len(self.guessed_values), len(self.guessed_efforts)
        if not values and not efforts:
            return said("Every item is rated and estimated; nothing here is guessed.")
        if not efforts:
            return said(
                "%(values)s of %(total)s items have a missing rating: those numbers are guesses from "
                "the product's own items.",
                values=values,
                total=total,
            )
        if not values:
            return said(
                "%(efforts)s have no estimate: those numbers are guesses from the product's own "
                "items.",
                efforts=efforts,
            )
        return said(
            "%(values)s of %(total)s items have a missing rating and %(efforts)s have no estimate: "
            "those numbers are guesses from the product's own items.",
            values=values,
            total=total,
            efforts=efforts,
        )


def prepared(
    product: Product,
    teams: Iterable[TeamInput],
    sprints: int,
    *,
    must: Iterable[int] = (),
    must_not: Iterable[int] = (),
    rules: Iterable[RuleInput] = (),
    scoring_model_id: int | None = None,
    same_sprint_allowed: bool = True,
    decay: float = 0.0,
    maximise: str = "score",
    skip: Mapping[int, str] | None = None,
) -> Prepared:
    """The product's open items as a planning problem; refuses what no plan can be made from.

    ``maximise``: what adds up, the benefit or the score; under a model that divides by no effort the
    two are one, called score.
    ``skip``: open items that are left where they are, and why. Whatever waits for one of them may
    begin at once.
    """
    wanted = list(teams)
    asked = [
        *(RuleInput("must", item) for item in must),
        *(RuleInput("must_not", item) for item in must_not),
        *rules,
    ]
    rows = (
        Item.objects.of(product)
        .plannable()
        .only(
            "pk",
            "number",
            "title",
            "kind",
            "estimate_low",
            "estimate_likely",
            "estimate_high",
            "product_id",
            "rank",
        )
        .order_by("rank")[: MOST_OPEN + 1]
        .iterator(chunk_size=2000)
    )
    items = {item.key: item for item in rows if _with_product(item, product)}
    if len(items) > MOST_OPEN:
        raise Refused(
            spoken(
                said(
                    "There are more than %(most)s open items. Finish or drop what nobody wants any "
                    "more, then plan the rest.",
                    most=figure(MOST_OPEN, ","),
                )
            )
        )
    if not items:
        raise Refused(_("There is no open item to plan. Create items or import a backlog."))
    model = model_in_force(product, scoring_model_id)
    values = planning_values(product, model)
    maximised = maximise if model.engine.per_effort else "score"
    left = {key: (skip or {})[item.pk] for key, item in items.items() if item.pk in (skip or {})}
    items = {key: item for key, item in items.items() if key not in left}
    if not items:
        raise Refused(
            _("Every open item is in a running sprint. Create items, or plan those anew.")
        )
    outside = _of_other_teams(items, {team.name for team in wanted})
    needs = _needs(product, items)
    musts = {rule.item for rule in asked if rule.kind in ("must", "in_sprint") and rule.item}
    kept, notes = _most_valuable(items, values, needs, musts, outside)
    keys = {items[key].pk: key for key in kept}
    _both_ways(asked, items)
    held = ruled(
        asked, keys, {team.name for team in wanted}, same_sprint_allowed=same_sprint_allowed
    )
    labels = _labels(keys) if any(rule.label for rule in held.sources) else {}
    notes += _resting(held.resting, keys)
    reference = _reference_effort(items.values())
    teams_of = _teams_of(kept, {team.pk: team.name for team in wanted if team.pk})
    guessed_efforts = {key for key in kept if items[key].estimate_likely is None}
    guessed_values = {
        key for key in kept if (value := values.get(items[key].pk)) is None or value.guessed
    }
    try:
        problem = Problem(
            items=tuple(
                EngineItem(
                    key=key,
                    value=_adding_up(values, items[key], maximised),
                    effort=_effort(items[key], reference),
                    needs=frozenset(need for need in needs.get(key, ()) if need in kept),
                    team=teams_of.get(key),
                    kind=items[key].kind,
                    goals=labels.get(key, frozenset()),
                )
                for key in kept
            ),
            teams=tuple(Team(team.name, team.amounts(sprints)) for team in wanted),
            same_sprint_allowed=same_sprint_allowed,
            delivery_weights=_weights(decay, sprints),
            rules=held.rules,
        )
    except ProblemError as error:
        raise Refused(spoken(error.message), field=error.where) from error
    return Prepared(
        problem,
        {key: items[key] for key in kept},
        frozenset(guessed_efforts),
        frozenset(guessed_values),
        left | outside,
        tuple(notes),
        held.sources,
        {key: _three(items[key], reference) for key in kept},
        {key: _value(values, items[key]) for key in kept},
        maximised,
    )


def _both_ways(rules: Iterable[RuleInput], items: Mapping[str, Item]) -> None:
    """Refuse an item that must be in and must not: whoever said it meant one of the two."""
    kinds: dict[int, set[str]] = {}
    for rule in rules:
        if rule.item is not None:
            kinds.setdefault(rule.item, set()).add(rule.kind)
    for key, item in items.items():
        if {"must", "must_not"} <= kinds.get(item.pk, set()):
            raise Refused(
                spoken(
                    said(
                        "%(key)s: it is both a must-have and ruled out; keep one of the two.",
                        key=key,
                    )
                ),
                field=f"items.{key}.must",
            )


def _labels(keys: Mapping[int, str]) -> dict[str, frozenset[str]]:
    """The labels of each planned item by its key."""
    found: dict[str, set[str]] = {}
    rows = Item.labels.through.objects.filter(item_id__in=keys)
    for item_id, label in rows.values_list("item_id", "label__name"):
        found.setdefault(keys[item_id], set()).add(label)
    return {key: frozenset(labels) for key, labels in found.items()}


def _resting(rules: Iterable[RuleInput], items: Mapping[int, str]) -> list[str]:
    """A note on rules that hold nothing now: their items are finished, running or gone."""
    count = sum(1 for rule in rules if rule.item not in items)
    if not count:
        return []
    return [
        counted(
            "One rule rests: its item is finished, in a running sprint, or not of these teams.",
            "%(count)s rules rest: their items are finished, in a running sprint, or not of these "
            "teams.",
            count=count,
        )
    ]


def _weights(decay: float, sprints: int) -> tuple[float, ...] | None:
    """What a value counts for when it is delivered in sprint 1, 2, …: ``decay`` percent less each."""
    if decay <= 0:
        return None
    return tuple((1 - decay / 100) ** number for number in range(sprints))


def _with_product(item: Item, product: Product) -> bool:
    item.product = product
    return True


def _value(values: dict[int, PlanningValue], item: Item) -> float:
    value = values.get(item.pk)
    return value.score if value else 0.0


def _adding_up(values: dict[int, PlanningValue], item: Item, maximised: str) -> float:
    value = values.get(item.pk)
    if value is None:
        return 0.0
    return value.benefit if maximised == "benefit" else value.score


def _reference_effort(items: Iterable[Item]) -> float:
    """What an item without an estimate is taken to cost: the median of those with one."""
    known = [item.estimate_likely for item in items if item.estimate_likely is not None]
    return statistics.median(known) if known else 3.0


def _effort(item: Item, reference: float) -> float:
    return reference if item.estimate_likely is None else item.estimate_likely


def _three(item: Item, reference: float) -> Effort:
    """Low, likely and high; a missing end, or a missing estimate, as wide as usual (``SPREAD``)."""
    likely = _effort(item, reference)
    known = estimate_of(item.estimate_low, item.estimate_likely, item.estimate_high)
    return Effort(*(known or (likely * SPREAD[0], likely, likely * SPREAD[1])))


def _of_other_teams(items: dict[str, Item], names: set[str]) -> dict[str, str]:
    by_pk = {item.pk: key for key, item in items.items()}
    rows = Assignment.objects.filter(item__product_id=_product_id(items)).exclude(
        team__name__in=names
    )
    return {
        by_pk[item_id]: said("It is meant for team %(team)s, which takes no part.", team=team)
        for item_id, team in rows.values_list("item_id", "team__name")
        if item_id in by_pk
    }


def _product_id(items: dict[str, Item]) -> int:
    return next(iter(items.values())).product_id


def _teams_of(kept: dict[str, Item], names: dict[int, str]) -> dict[str, str]:
    rows = Assignment.objects.filter(team_id__in=names).values_list("item_id", "team_id")
    by_pk = {item.pk: key for key, item in kept.items()}
    return {by_pk[item_id]: names[team_id] for item_id, team_id in rows if item_id in by_pk}


def _needs(product: Product, items: dict[str, Item]) -> dict[str, set[str]]:
    """Open prerequisites by key. What is finished or dropped binds nobody any more."""
    by_pk = {item.pk: key for key, item in items.items()}
    pairs = Dependency.objects.filter(
        kind=DependencyKind.BLOCKS,
        from_item__product=product,
        from_item__deleted_at=None,
        from_item__status__category__in=[Category.OPEN, Category.STARTED],
    ).values_list("from_item_id", "to_item_id")
    needs: dict[str, set[str]] = {}
    for blocker, blocked in pairs:
        if blocker in by_pk and blocked in by_pk:
            needs.setdefault(by_pk[blocked], set()).add(by_pk[blocker])
    return needs


def _most_valuable(
    items: dict[str, Item],
    values: dict[int, PlanningValue],
    needs: dict[str, set[str]],
    must: set[int],
    outside: dict[str, str],
) -> tuple[dict[str, Item], list[str]]:
    """All items, or the most valuable with what they need; items outside take theirs along."""
    inside = {key: item for key, item in items.items() if key not in outside}
    # What waits for an item that takes no part cannot be planned either.
    waiting = True
    while waiting:
        waiting = False
        for key in list(inside):
            missing = next((need for need in needs.get(key, ()) if need not in inside), None)
            if missing is not None:
                outside[key] = said("It waits for %(key)s, which takes no part.", key=missing)
                del inside[key]
                waiting = True
    if not inside:
        raise Refused(_("No open item belongs to these teams. Choose another team."), field="team")
    if len(inside) <= MOST_ITEMS:
        return inside, []
    ranked = sorted(
        inside, key=lambda key: (inside[key].pk not in must, -_value(values, inside[key]))
    )
    kept = set(ranked[:MOST_ITEMS])
    stack = list(kept)
    while stack:
        for need in needs.get(stack.pop(), ()):
            if need not in kept:
                kept.add(need)
                stack.append(need)
    note = said(
        "Of %(all)s open items the %(planned)s with the highest scores (and what they need) were "
        "planned.",
        all=figure(len(inside), ","),
        planned=figure(len(kept), ","),
    )
    return {key: item for key, item in inside.items() if key in kept}, [note]
