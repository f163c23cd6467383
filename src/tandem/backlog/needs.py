"""What a rule for moving items can ask for, and which items have it.

What stands on the item itself is read from it; what hangs on it is asked for once for all items
of a move, so a move of 2,000 items takes as many queries as one of two.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Product
from tandem.backlog import custom
from tandem.backlog.models import (
    Attachment,
    Category,
    Criterion,
    CustomField,
    Dependency,
    DependencyKind,
    FieldValue,
    Item,
    Question,
)
from tandem.core.search import among

OWN = "fields."
_FINISHED = (Category.DONE, Category.DROPPED)


@dataclass(frozen=True)
class Need:
    """``words`` complete "needs …"; ``section`` of the item's page puts it right."""

    name: str
    words: str
    section: str
    #: Whether the item itself has it; else ``having`` gives those of many that do.
    has: Callable[[Item], bool] | None = None
    having: Callable[[Sequence[int]], QuerySet[Any]] | None = None
    #: Where a change of the same request tells of it.
    told_as: str = ""


def _some(rows: QuerySet[Any], column: str = "item_id") -> QuerySet[Any]:
    return rows.order_by().values_list(column, flat=True).distinct()


def _all_met(ids: Sequence[int]) -> QuerySet[Any]:
    rows = Criterion.objects.filter(item_id__in=among(ids))
    unmet = Criterion.objects.filter(item_id=OuterRef("item_id"), met_at=None)
    return _some(rows.filter(~Exists(unmet)))


def _no_question(ids: Sequence[int]) -> QuerySet[Any]:
    open_ones = Question.objects.filter(item_id=OuterRef("pk"), answered_at=None)
    return _some(Item.objects.filter(pk__in=among(ids)).filter(~Exists(open_ones)), "pk")


def _unblocked(ids: Sequence[int]) -> QuerySet[Any]:
    blockers = Dependency.objects.filter(
        to_item_id=OuterRef("pk"), kind=DependencyKind.BLOCKS, from_item__deleted_at=None
    ).exclude(from_item__status__category__in=_FINISHED)
    return _some(Item.objects.filter(pk__in=among(ids)).filter(~Exists(blockers)), "pk")


def _children_done(ids: Sequence[int]) -> QuerySet[Any]:
    unfinished = Item.objects.filter(parent_id=OuterRef("pk"), deleted_at=None).exclude(
        status__category__in=_FINISHED
    )
    return _some(Item.objects.filter(pk__in=among(ids)).filter(~Exists(unfinished)), "pk")


def _labelled(ids: Sequence[int]) -> QuerySet[Any]:
    return _some(Item.labels.through.objects.filter(item_id__in=among(ids)))


NEEDS: dict[str, Need] = {
    need.name: need
    for need in (
        Need("description", N_("a description"), "text", lambda item: bool(item.description.strip())),
        Need(
            "story", N_("the story form (as a, I want, so that)"), "text",
            lambda item: bool(item.story_role and item.story_want and item.story_benefit),
        ),
        Need("estimate", N_("an estimate"), "facts", lambda item: item.estimate_likely is not None),
        Need(
            "estimate_range", N_("an estimate with low, likely and high"), "facts",
            lambda item: item.estimate_low is not None and item.estimate_high is not None,
        ),
        Need("assignee", N_("an assignee"), "facts", lambda item: item.assignee_id is not None),
        Need("due_date", N_("a due date"), "facts", lambda item: item.due_date is not None),
        Need("parent", N_("a parent"), "facts", lambda item: item.parent_id is not None),
        Need("labels", N_("a label"), "facts", having=_labelled, told_as="labels"),
        Need(
            "criteria", N_("acceptance criteria"), "criteria",
            having=lambda ids: _some(Criterion.objects.filter(item_id__in=among(ids))),
        ),
        Need("criteria_met", N_("all acceptance criteria checked"), "criteria", having=_all_met),
        Need("no_questions", N_("every question answered"), "questions", having=_no_question),
        Need("unblocked", N_("everything finished that blocks it"), "dependencies", having=_unblocked),
        Need("children_done", N_("all its children finished"), "facts", having=_children_done),
        Need(
            "attachment", N_("an attachment"), "attachments",
            having=lambda ids: _some(
                Attachment.objects.filter(item_id__in=among(ids), deleted_at=None)
            ),
        ),
    )
}  # fmt: skip


def own_need(own: CustomField) -> Need:
    def having(ids: Sequence[int]) -> QuerySet[Any]:
        return _some(FieldValue.objects.filter(field=own, item_id__in=among(ids)))

    name = f"{OWN}{own.slug}"
    words = _("a value in %(name)s") % {"name": own.name}
    return Need(name, words, "facts", having=having, told_as=name)


def every(product: Product) -> dict[str, Need]:
    """What the product's rules can ask for, by name, in the reader's language."""
    own = [own_need(each) for each in custom.fields_of(product)]
    return {
        **{name: replace(need, words=_(need.words)) for name, need in NEEDS.items()},
        **{need.name: need for need in own},
    }


@dataclass
class Had:
    """Which of some items have what is needed."""

    needs: Sequence[Need]
    of: dict[str, set[int | None]] = field(default_factory=dict)

    @classmethod
    def asked(cls, needs: Iterable[Need], ids: Sequence[int]) -> "Had":
        found = cls(list(needs))
        for need in found.needs:
            if need.having is not None:
                found.of[need.name] = set(need.having(ids))
        return found

    @classmethod
    def unwritten(
        cls, *, labels: Sequence[Any], criteria: Sequence[Any], fields: Sequence[str]
    ) -> "Had":
        """Of one item that is not written yet, which has no number."""
        has = ["no_questions", "unblocked", "children_done", *(f"{OWN}{slug}" for slug in fields)]
        has += [name for name, some in (("labels", labels), ("criteria", criteria)) if some]
        return cls([], {name: {None} for name in has})

    def lacking(self, item: Item, needs: Iterable[Need], told: Mapping[str, Any]) -> list[Need]:
        """What the item lacks; ``told``: what the same change gives it, as events write it."""

        def has(need: Need) -> bool:
            if need.told_as and need.told_as in told:
                return bool(told[need.told_as][1])
            if need.has is not None:
                return need.has(item)
            return item.pk in self.of.get(need.name, ())

        return [need for need in needs if not has(need)]


def listed(words: Sequence[str]) -> str:
    """``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
