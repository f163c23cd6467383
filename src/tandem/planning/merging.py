"""What moves to the other item when two are merged: rules of scenarios, and the price of debt.

Plans are kept as they were solved.
"""

from tandem.backlog.models import Item
from tandem.backlog.operations.merging import Carrier, carries, plain_carrier
from tandem.planning.models import DebtPrice, Rule
from tandem.planning.models.rule import PLACING


def _move(source: Item, target: Item) -> list[int]:
    """A scenario that places the other item already keeps that."""
    have = set(Rule.objects.filter(item=target).values_list("scenario_id", "kind"))
    placed = {scenario for scenario, kind in have if kind in PLACING}
    ids = []
    for rule in Rule.objects.filter(item=source).order_by("pk"):
        if (rule.scenario_id, rule.kind) in have or (
            rule.kind in PLACING and rule.scenario_id in placed
        ):
            continue
        if rule.others.filter(pk=target.pk).exists():
            continue
        rule.item = target
        rule.save(update_fields=["item"])
        have.add((rule.scenario_id, rule.kind))
        ids.append(rule.pk)
    return ids


def _back(target: Item, source: Item, ids: list[int]) -> None:
    Rule.objects.filter(pk__in=ids, item=target).update(item=source)


carries(Carrier("rules", ("rule of a scenario", "rules of scenarios"), _move, _back))
carries(plain_carrier("prices", DebtPrice, ("price of debt", "prices of debt"), alone=True))
