"""The sample's scoring models and what both roles rated."""

import copy
import datetime
from dataclasses import dataclass

from tandem.accounts.models import Product
from tandem.home.sample.calendar import Calendar, chance
from tandem.home.sample.crew import Crew
from tandem.home.sample.items import Placed
from tandem.home.sample.ledger import Ledger
from tandem.home.sample.reading import Rated
from tandem.prioritisation.models import ModelVersion, Rating, ScoringCriterion, ScoringModel
from tandem.prioritisation.operations import model_create

MODELS = (("value_effort", True), ("rice", False), ("wsjf", False))
#: Who answers the criteria of a lens.
RATERS = {"value": "owner", "technical": "technical"}
#: One rating in so many was given before and changed since.
CHANGED_EVERY = 9
#: So many days ago the weight of urgency was halved, and why.
WEIGHED_AGO = 24
WHY_WEIGHED = "The summer season is over: what is urgent counts as much as anything else."


@dataclass(frozen=True)
class Answer:
    rated: Rated
    criterion: ScoringCriterion
    at: datetime.datetime


def lenses_make(
    placed: dict[str, Placed], product: Product, crew: Crew, calendar: Calendar, ledger: Ledger
) -> None:
    """Value/effort as the model plans use, RICE and WSJF beside it, and the ratings of all three."""
    criteria: dict[tuple[str, str], ScoringCriterion] = {}
    for preset, is_default in MODELS:
        model = model_create(
            by=crew["owner"], product=product, preset=preset, is_default=is_default
        )
        criteria |= {(preset, each.slug): each for each in model.criteria.all()}
        if is_default:
            _weighed_anew(model, calendar.ago(WEIGHED_AGO, "weighed anew"), crew, ledger)
    rows: list[Rating] = []
    for each in placed.values():
        for place, rated in enumerate(each.told.ratings):
            criterion = criteria[rated.preset, rated.criterion]
            at = max(calendar.moment(each.life.rated), each.created_at)
            at += datetime.timedelta(minutes=2 * place + (130 if rated.lens == "technical" else 0))
            rows += _rating(each, Answer(rated, criterion, at), crew, ledger)
    Rating.objects.bulk_create(rows, batch_size=200)


def _weighed_anew(model: ScoringModel, at: datetime.datetime, crew: Crew, ledger: Ledger) -> None:
    """Until then what was urgent had counted twice: comparing the days before and after shows it."""
    first = ModelVersion.objects.get(model=model)
    ModelVersion.objects.create(
        model=model, number=2, at=at, by=crew["owner"], why=WHY_WEIGHED, snapshot=first.snapshot
    )
    before = copy.deepcopy(first.snapshot)
    urgency = next(each for each in before["criteria"] if each["slug"] == "urgency")
    urgency["weight"] *= 2
    first.snapshot = before
    first.save(update_fields=["snapshot"])
    ScoringModel.objects.filter(pk=model.pk).update(version=2)
    weight = urgency["weight"]
    ledger.tell(
        crew["owner"], "model.weight_set", model, at=at, changes={"urgency": [weight, weight / 2]}
    )


def _rating(each: Placed, answer: Answer, crew: Crew, ledger: Ledger) -> list[Rating]:
    """The rating that holds today, behind the one it superseded where there was one."""
    rated, criterion, at = answer.rated, answer.criterion, answer.at
    member = crew[RATERS[rated.lens]]
    row = Rating(
        item=each.row,
        criterion=criterion,
        member=member,
        value=rated.value,
        low=rated.low,
        high=rated.high,
        confidence=rated.confidence,
        note=rated.note,
        rated_at=at,
    )
    dice = chance(f"{each.told.slug}:{rated.preset}:{rated.criterion}")
    before = None
    if criterion.step == 1 and dice.randrange(CHANGED_EVERY) == 0:
        step = 1 if rated.value < criterion.high else -1
        before = Rating(
            item=each.row,
            criterion=criterion,
            member=member,
            value=rated.value + step,
            rated_at=at,
        )
        row.rated_at = at + datetime.timedelta(hours=22 + dice.randrange(3))
        before.superseded_at = row.rated_at
        ledger.tell(
            member, "item.rated", each.row, at=at, changes={criterion.name: [None, before.value]}
        )
    ledger.tell(
        member,
        "item.rated",
        each.row,
        at=row.rated_at,
        changes={criterion.name: [before.value if before else None, rated.value]},
    )
    return [before, row] if before else [row]
