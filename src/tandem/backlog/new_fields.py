"""What the dialog for a new item asks for beside title and kind: fields of the product's own that
say so, and what the rules of the first status need."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member, Product
from tandem.backlog import custom
from tandem.backlog.forms import OWN, values_sent
from tandem.backlog.models import CustomField, FieldKind, Item, OnNew, Status, first_open
from tandem.backlog.models.flow import TransitionRule
from tandem.backlog.needs import OWN as OWN_NEED
from tandem.core.prepared import prepared

#: A rule's need -> the inputs that give it: name, label, kind of input.
_INPUTS = {
    "description": (("description", N_("Description"), "area"),),
    "story": (
        ("story_role", N_("As a"), "text"),
        ("story_want", N_("I want"), "text"),
        ("story_benefit", N_("So that"), "text"),
    ),
    "estimate": (("estimate_likely", N_("Likely estimate"), "number"),),
    "estimate_range": (
        ("estimate_low", N_("Low estimate"), "number"),
        ("estimate_likely", N_("Likely estimate"), "number"),
        ("estimate_high", N_("High estimate"), "number"),
    ),
    "assignee": (("assignee", N_("Assignee"), "people"),),
    "due_date": (("due_date", N_("Due"), "date"),),
    "parent": (("parent", N_("Parent (a key or a part of its title)"), "text"),),
    "labels": (("labels", N_("Labels (several with commas)"), "text"),),
}
_OWN_INPUTS = {FieldKind.NUMBER: "number", FieldKind.DATE: "date", FieldKind.LINK: "url"}


@dataclass(frozen=True)
class NewField:
    """One input of the dialog. ``kind``: text, number, date, url, area, select or people."""

    name: str
    label: str
    kind: str
    needed: bool
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@prepared
def _needed(product_id: int, status_id: int) -> QuerySet[TransitionRule, list[str]]:
    rules = TransitionRule.objects.filter(product_id=product_id, to_status_id=status_id)
    return rules.filter(from_status=None).values_list("needs", flat=True)


def asked_for(
    product: Product,
    fields: Sequence[CustomField],
    statuses: Sequence[Status],
    people: Callable[[], Sequence[tuple[int, str]]],
) -> list[NewField]:
    """The dialog's further inputs: one query, and ``people`` where one of them is a person.

    ``fields``: the product's own, in use.
    """
    needs: set[str] = set()
    if statuses:
        for some in _needed(product.pk, first_open(statuses).pk):
            needs.update(some)
    found: dict[str, NewField] = {}
    for need, inputs in _INPUTS.items():
        for name, label, kind in inputs if need in needs else ():
            choices = tuple((str(pk), who) for pk, who in people()) if kind == "people" else ()
            found[name] = NewField(name, _(label), kind, True, choices=choices)
    for own in fields:
        needed = own.on_new == OnNew.NEEDED or f"{OWN_NEED}{own.slug}" in needs
        if not needed and not own.on_new:
            continue
        choices = tuple(custom.choices_of(own, people() if own.kind == FieldKind.PERSON else ()))
        kind = "select" if choices else _OWN_INPUTS.get(FieldKind(own.kind), "text")
        name = f"{OWN}{own.slug}"
        found[name] = NewField(name, own.name, kind, needed, own.hint, choices)
    return list(found.values())


def said_in(
    sent: Mapping[str, str], asked: Sequence[NewField], by: Member, product: Product
) -> dict[str, Any]:
    """What was filled in, as ``item_create`` takes it."""
    filled = {each.name: sent[each.name] for each in asked if sent.get(each.name, "").strip()}
    blank = Item(product=product, workspace_id=product.workspace_id, number=product.next_number)
    return values_sent(by, blank, filled)
