"""Rules of a scenario: what every plan has to hold, by whom and why."""

import math
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tandem.accounts.models import Member
from tandem.accounts.permissions import require
from tandem.backlog.models import Item, Kind, Label
from tandem.core import events
from tandem.core.errors import Refused
from tandem.delivery.models import Team
from tandem.planning.models import (
    OF_SEVERAL,
    OF_SHARE,
    OF_SPRINT,
    PLACING,
    Rule,
    RuleKind,
    Scenario,
)
from tandem.ui.numbers import read_number

#: More items in one rule are a mistake.
MOST_ITEMS = 100


@transaction.atomic
def rule_set(
    *,
    by: Member,
    scenario: Scenario,
    kind: str,
    item: Item | None = None,
    others: Iterable[Item] = (),
    number: Any = None,
    team: Team | None = None,
    item_kind: str = "",
    label: Label | None = None,
    share: Any = None,
    each_sprint: bool = False,
    reason: str = "",
) -> Rule:
    """Every plan of the scenario has to hold this.

    ``must``, ``must_not`` and ``in_sprint`` (``number``, with ``team`` if it matters) say where an
    item belongs: the newest of them counts. ``earliest`` and ``latest`` bound its sprint.
    ``before``, ``together`` and ``at_most`` (``number``) take ``others`` besides. ``share_min`` and
    ``share_max`` bound the ``share`` (percent of the planned effort) of an ``item_kind`` or a ``label``,
    over the whole horizon or in ``each_sprint``; one of both may stand beside the other.
    """
    require(by, "plan.edit")
    if kind not in RuleKind.values:
        raise Refused(
            _("%(kind)s is no rule. Rules: %(known)s.")
            % {"kind": kind, "known": ", ".join(RuleKind.values)},
            field="kind",
        )
    fields: dict[str, Any] = {"reason": " ".join(reason.split())[:300], "made_by": by}
    if kind in OF_SHARE:
        same = _share(scenario, item_kind, label, share, fields)
        same["each_sprint"] = bool(each_sprint)
        item, several = None, []
    else:
        item = _of_product(scenario, item)
        several = _several(scenario, kind, item, others)
        fields["number"] = _number(scenario, kind, number, 1 + len(several))
        fields["team"] = _team(scenario, team) if kind == RuleKind.IN_SPRINT else None
        same = {"item": item}
    rule, before = _kept(scenario, kind, same, fields, several)
    words = rule.words
    if words != before:
        about = item.key if item is not None else "plan"
        events.record(by=by, verb="rule.set", obj=scenario, changes={about: [before, words]})
    return rule


def _kept(
    scenario: Scenario,
    kind: str,
    same: dict[str, Any],
    fields: dict[str, Any],
    several: list[Item],
) -> tuple[Rule, str | None]:
    """The rule, new or in the place of the one it replaces, and what that one said."""
    rows = Rule.objects.select_related("item__product", "team", "label").filter(scenario=scenario)
    if kind in PLACING:
        found = rows.filter(kind__in=PLACING, **same).first()
    elif kind in OF_SEVERAL:
        mine = {each.pk for each in several}
        found = next(
            (
                rule
                for rule in rows.filter(kind=kind, **same)
                if {each.pk for each in rule.others.all()} == mine
            ),
            None,
        )
    else:
        found = rows.filter(kind=kind, **same).first()
    before = found.words if found is not None else None
    rule = found or Rule(scenario=scenario)
    rule.kind = kind
    for name, value in {**same, **fields}.items():
        setattr(rule, name, value)
    rule.save()
    if several:
        rule.others.set(several)
    return rule, before


def _of_product(scenario: Scenario, item: Item | None) -> Item:
    if item is None:
        raise Refused(_("Name the item the rule is about."), field="item")
    if item.product_id != scenario.product_id:
        raise Refused(_("The item belongs to another product."), field="item")
    return item


def _several(scenario: Scenario, kind: str, item: Item, others: Iterable[Item]) -> list[Item]:
    if kind not in OF_SEVERAL:
        return []
    found = {each.pk: each for each in others if each.pk != item.pk}
    if not found:
        raise Refused(_("Name another item besides."), field="others")
    if len(found) > MOST_ITEMS:
        raise Refused(
            _("A rule names up to %(most)s items.") % {"most": MOST_ITEMS}, field="others"
        )
    if any(each.product_id != scenario.product_id for each in found.values()):
        raise Refused(_("An item belongs to another product."), field="others")
    return sorted(found.values(), key=lambda each: each.number)


def _number(scenario: Scenario, kind: str, value: Any, items: int) -> int | None:
    if kind not in OF_SPRINT and kind != RuleKind.AT_MOST:
        return None
    try:
        number = int(str(value))
    except (TypeError, ValueError):
        raise Refused(_("Give the rule a whole number."), field="number") from None
    if kind == RuleKind.AT_MOST:
        if not 0 <= number < items:
            raise Refused(
                _("At most 0 to %(most)s of %(count)s items.")
                % {"most": items - 1, "count": items},
                field="number",
            )
    elif not 1 <= number <= scenario.sprints:
        raise Refused(
            _("The scenario has sprints 1 to %(last)s.") % {"last": scenario.sprints},
            field="number",
        )
    return number


def _team(scenario: Scenario, team: Team | None) -> Team | None:
    if team is not None and team.product_id != scenario.product_id:
        raise Refused(_("The team belongs to another product."), field="team")
    return team


def _share(
    scenario: Scenario, item_kind: str, label: Label | None, share: Any, fields: dict[str, Any]
) -> dict[str, Any]:
    if bool(item_kind) == (label is not None):
        raise Refused(_("A share is of a kind of items or of a label."), field="item_kind")
    if item_kind and (item_kind not in Kind.values or item_kind == Kind.EPIC):
        known = ", ".join(each for each in Kind.values if each != Kind.EPIC)
        raise Refused(
            _("%(value)s is none of %(known)s.") % {"value": item_kind, "known": known},
            field="item_kind",
        )
    if label is not None and label.product_id != scenario.product_id:
        raise Refused(_("The label belongs to another product."), field="label")
    fields["share"] = share_checked(share)
    return {"item": None, "item_kind": item_kind, "label": label}


def share_checked(value: Any, field: str = "share") -> float:
    """A share in percent, 0 to 100."""
    try:
        number = read_number(value.removesuffix("%") if isinstance(value, str) else value)
    except (TypeError, ValueError):
        raise Refused(
            _("%(value)s is no share in percent.") % {"value": value}, field=field
        ) from None
    if not math.isfinite(number) or not 0 <= number <= 100:
        raise Refused(_("A share goes from 0 to 100 percent."), field=field)
    return number


@transaction.atomic
def rule_remove(*, by: Member, rule: Rule) -> None:
    require(by, "plan.edit")
    scenario, text = rule.scenario, rule.words
    about = rule.item.key if rule.item is not None else "plan"
    rule.delete()
    events.record(by=by, verb="rule.removed", obj=scenario, changes={about: [text, None]})
