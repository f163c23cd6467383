"""What the order depends on, and which order with prerequisites costs least: rows -> engine -> values."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.core.cache import cache
from django.db.models import F
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.backlog.models import Category, Dependency, DependencyKind, Item
from tandem.core.errors import Refused
from tandem.prioritisation.calculations import (
    SEED,
    TOP,
    ModelInForce,
    inputs_for,
    inputs_of,
    reference_of,
    table_for,
)
from tandem.prioritisation.calculations_models import in_force
from tandem.prioritisation.calculations_values import planning_values
from tandem.prioritisation.models import Ballot, RatingSession
from tandem.prioritisation.refusing import refused
from tandem_engine.prioritisation import (
    Agreement,
    Condition,
    ItemInputs,
    Job,
    Node,
    Overtaking,
    Ranking,
    ScoringError,
    Sequenced,
    Slot,
    Swapped,
    WeightSensitivity,
    agreements,
    derivations_at,
    order_slots,
    rank,
    sequence,
    swapped_at,
    weight_sensitivity,
    what_would_have_to_be_true,
)
from tandem_engine.prioritisation import Rating as EngineRating

__all__ = [
    "Sequencing",
    "Swapped",
    "agreements_of",
    "needed_of",
    "overtaking_of",
    "sensitivity_of",
    "sequence_of",
    "session_agreements",
    "swapped_of",
]

#: Draws where only likely scores are wanted.
FEW: Final = {"draws": 10, "rank_draws": 100}
SECONDS: Final = 24 * 60 * 60


def sensitivity_of(product: Product, model: ModelInForce) -> tuple[WeightSensitivity, ...]:
    """How steady the first places are under each weight; kept until something changes."""
    table = table_for(product, model)
    key = f"sensitivity:{table.key}"
    found: tuple[WeightSensitivity, ...] | None = cache.get(key)
    if found is None:
        _, inputs = inputs_for(product, model)
        ranking = rank(
            model.engine, inputs, seed=SEED, top=TOP, effort_reference=reference_of(table), **FEW
        )
        found = weight_sensitivity(ranking)
        cache.set(key, found, SECONDS)
    return found


def swapped_of(product: Product, model: ModelInForce, slug: str, factor: float) -> list[Swapped]:
    """The items that come among the first, or leave them, when a weight is multiplied."""
    reference = reference_of(table_for(product, model))
    _, inputs = inputs_for(product, model)
    ranking = rank(model.engine, inputs, seed=SEED, top=TOP, effort_reference=reference, **FEW)
    return list(swapped_at(ranking, slug, factor))


def needed_of(
    product: Product, model: ModelInForce, pair: tuple[Item, Item], of: str, slug: str
) -> tuple[Overtaking, Condition, tuple[Node, Node]] | None:
    """A condition of :func:`overtaking_of` with both items' scores once it holds.

    ``of``: the key whose input it is; empty for a weight. None: no such condition can be met.
    """
    ranking, found = _overtaking(product, model, *pair)
    for each in found.possible:
        if (each.key, each.slug) == (of, slug):
            return found, each, derivations_at(ranking, found, each)
    return None


def overtaking_of(
    product: Product, model: ModelInForce, challenger: Item, leader: Item
) -> Overtaking:
    """What would have to be true for one item to overtake the other; the better one leads."""
    return _overtaking(product, model, challenger, leader)[1]


def _overtaking(
    product: Product, model: ModelInForce, challenger: Item, leader: Item
) -> tuple[Ranking, Overtaking]:
    if challenger.pk == leader.pk:
        raise Refused(_("Choose two different items."), field="b")
    reference = reference_of(table_for(product, model))
    pair = [inputs_of(each, model) for each in (challenger, leader)]
    try:
        ranking = rank(model.engine, pair, seed=SEED, effort_reference=reference, **FEW)
    except ScoringError as error:
        raise refused(error) from error
    ahead, behind = ranking.scores[0].key, ranking.scores[1].key
    return ranking, what_would_have_to_be_true(ranking, behind, ahead)


@dataclass(frozen=True)
class Sequencing:
    """An order of the open items, with their titles and their places in the ranking."""

    found: Sequenced
    titles: dict[str, str]
    ranks: dict[str, int]
    guessed: frozenset[str]
    waits: dict[str, tuple[str, ...]]
    jobs: tuple[Job, ...] = ()

    def slots_of(self, rule: int | None) -> tuple[str, float, tuple[Slot, ...]]:
        """An order's name, cost and slots: this one's, or that of the alternative in this place."""
        if rule is None:
            return "This order", self.found.cost, self.found.slots
        other = self.found.alternatives[rule]
        return other.name, other.cost, order_slots(self.jobs, other.order)


def sequence_of(product: Product, model: ModelInForce) -> Sequencing:
    """The order of the open items that costs least delay, one after the other."""
    table = table_for(product, model)
    values = planning_values(product, model)
    rows = list(
        Item.objects.of(product)
        .plannable()
        .order_by("rank", "pk")
        .values_list("pk", "number", "title", "estimate_likely")
    )
    keys = {pk: f"{product.key}-{number}" for pk, number, _, _ in rows}
    efforts = dict(zip(table["ids"].tolist(), table["effort"].tolist(), strict=True))
    ranks = dict(zip(table["ids"].tolist(), table["rank"].tolist(), strict=True))
    waits = _waits(product, keys)
    jobs = [
        Job(
            keys[pk],
            max(0.0, efforts.get(pk, 0.0)),
            max(0.0, values[pk].benefit) if pk in values else 0.0,
            frozenset(waits.get(keys[pk], ())),
        )
        for pk in keys
    ]
    try:
        found = sequence(jobs, current=list(keys.values()))
    except ScoringError as error:
        raise refused(error) from error
    return Sequencing(
        found,
        {keys[pk]: title for pk, _, title, _ in rows},
        {keys[pk]: ranks[pk] for pk in keys if pk in ranks},
        frozenset(keys[pk] for pk, _, _, likely in rows if likely is None),
        waits,
        tuple(jobs),
    )


def _waits(product: Product, keys: dict[int, str]) -> dict[str, tuple[str, ...]]:
    """Open prerequisites by key."""
    pairs = Dependency.objects.filter(
        kind=DependencyKind.BLOCKS,
        from_item__product=product,
        from_item__deleted_at=None,
        from_item__status__category__in=[Category.OPEN, Category.STARTED],
    ).values_list("from_item_id", "to_item_id")
    found: dict[str, list[str]] = {}
    for blocker, blocked in pairs:
        if blocker in keys and blocked in keys:
            found.setdefault(keys[blocked], []).append(keys[blocker])
    return {key: tuple(sorted(set(needs))) for key, needs in found.items()}


def session_agreements(session: RatingSession) -> Sequence[Agreement]:
    """How far the raters of a revealed session agreed, in each item's last round."""
    if session.model is None:
        return ()
    model = in_force(session.model)
    slugs = {each.pk: each.slug for each in model.rated()}
    rows = Ballot.objects.revealed().filter(
        entry__session=session, round=F("entry__round"), criterion__in=list(slugs), skipped=False
    )
    by_item: dict[str, list[EngineRating]] = {}
    columns = ("entry__item__number", "criterion_id", "value", "member__user__name")
    for number, criterion, value, name in rows.exclude(value=None).values_list(*columns):
        by_item.setdefault(f"{session.product.key}-{number}", []).append(
            EngineRating(slugs[criterion], value, name)
        )
    members = Member.objects.filter(workspace_id=session.product.workspace_id)
    roles = {m.name: m.role for m in members.select_related("user")}
    items = [ItemInputs(key, tuple(given)) for key, given in by_item.items()]
    try:
        found = agreements(model.engine, items, roles=roles)
    except ScoringError:
        # A value outside today's scale, or two raters of one name: nothing that can be compared.
        return ()
    return [each for each in found if each.items]


def agreements_of(product: Product, model: ModelInForce) -> Sequence[Agreement]:
    """Agreement of the current ratings per criterion and lens; kept until something changes."""
    table = table_for(product, model)
    key = f"agreement:{table.key}"
    found: Sequence[Agreement] | None = cache.get(key)
    if found is None:
        _, inputs = inputs_for(product, model)
        roles = {
            member.name: member.role
            for member in Member.objects.filter(workspace_id=product.workspace_id).select_related(
                "user"
            )
        }
        found = agreements(model.engine, inputs, roles=roles)
        cache.set(key, found, SECONDS)
    return found
