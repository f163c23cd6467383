"""The board's lanes: which lane a card stands in, and what standing there says of its item."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member, Product
from tandem.backlog import custom
from tandem.backlog.models import CustomField, FieldKind, FieldValue, Item, Kind
from tandem.backlog.queries.lane_kinds import KINDS, LaneKind, Place
from tandem.backlog.queries.rows import Card
from tandem.core.errors import Refused

#: What a board can have lanes by, beside the product's own choices, people and checks.
LANES = {"assignee": N_("Assignee"), "kind": N_("Kind"), "parent": N_("Parent")}


def offered(fields: Sequence[CustomField]) -> dict[str, str]:
    """Name -> title of everything a board can have lanes by."""
    kinds = (FieldKind.CHOICE, FieldKind.PERSON, FieldKind.CHECK)
    return {
        **{name: _(title) for name, title in LANES.items()},
        **{name: _(kind.title) for name, kind in KINDS.items()},
        **{each.slug: each.name for each in fields if each.kind in kinds},
    }


NOWHERE = Place((1,), "", "")


@dataclass(frozen=True)
class Lanes:
    """The lanes of one board, by one thing."""

    product: Product
    by: str
    title: str
    own: CustomField | None = None
    several: LaneKind | None = None

    @classmethod
    def named(cls, product: Product, fields: Sequence[CustomField], by: str) -> "Lanes | None":
        known = offered(fields)
        if by not in known:
            return None
        own = None if by in LANES or by in KINDS else custom.named(fields, by)
        return cls(product, by, known[by], own, KINDS.get(by))

    @property
    def without(self) -> str:
        """What the lane of items without any is called; empty: as the others are."""
        return _(self.several.without) if self.several else ""

    def always(self) -> list[Place]:
        """The lanes that stand there without cards, too."""
        if self.several is None:
            return []
        kept = self.several.places(self.product, self.several.always(self.product))
        return [*kept.values(), *([NOWHERE] if kept else [])]

    def places(self, rows: Sequence[Card]) -> Mapping[int, Place]:
        """Where each card stands, in at most two queries."""
        if self.by == "kind":
            order = list(Kind.values)
            return {
                row.id: Place((0, order.index(row.kind)), row.kind, str(Kind(row.kind).label))
                for row in rows
            }
        if self.by == "assignee":
            return {
                row.id: Place((0, row.assignee.casefold()), str(row.assignee_id), row.assignee)
                for row in rows
                if row.assignee
            }
        if self.several is not None:
            return self._firsts(self.several, [row.id for row in rows])
        if self.own is None:
            return self._parents([row.id for row in rows])
        held = custom.values_of([row.id for row in rows], [self.own])
        people = custom.people_in([self.own], held)
        return {pk: self._of_value(texts[self.own.pk], people) for pk, texts in held.items()}

    def _of_value(self, text: str, people: Mapping[int, str]) -> Place:
        assert self.own is not None
        name = custom.words_of(self.own, text, people)
        if self.own.kind == FieldKind.CHOICE:
            return Place((0, self.own.place_of(text)), text, name)
        return Place((0, name.casefold()), text, _("Yes") if self.own.kind == "check" else name)

    def _parents(self, ids: Sequence[int]) -> Mapping[int, Place]:
        rows = Item.objects.filter(pk__in=ids, parent__deleted_at=None).exclude(parent=None)
        listed = rows.values_list(
            "pk", "parent_id", "parent__rank", "parent__number", "parent__title"
        )
        return {
            pk: Place((0, rank), str(parent), f"{self.product.key}-{number} {title}")
            for pk, parent, rank, number, title in listed
        }

    def _firsts(self, kind: LaneKind, ids: Sequence[int]) -> Mapping[int, Place]:
        rows = Item.objects.filter(pk__in=ids).annotate(lane=kind.first()).exclude(lane=None)
        first = dict(rows.values_list("pk", "lane"))
        places = kind.places(self.product, set(first.values()))
        return {pk: places[lane] for pk, lane in first.items() if lane in places}

    def counted(self, rows: QuerySet[Item]) -> Iterable[tuple[int, str]]:
        """The status and the lane's key of each of these items."""
        if self.several is not None:
            told = rows.annotate(lane=self.several.first()).values_list("status_id", "lane")
            return [(s, str(v or "")) for s, v in told]
        if self.own is None:
            column = {"kind": "kind", "assignee": "assignee_id", "parent": "parent_id"}[self.by]
            return [(s, str(v or "")) for s, v in rows.values_list("status_id", column)]
        mine = FilteredRelation("field_values", condition=Q(field_values__field=self.own.pk))
        rows = rows.annotate(lane=mine, lane_text=F("lane__text"), lane_member=F("lane__member"))
        listed = rows.values_list("status_id", "lane_text", "lane_member")
        return [(s, str(member) if member else text or "") for s, text, member in listed]

    def only(self, rows: QuerySet[Item], key: str) -> QuerySet[Item]:
        """Those of ``rows`` that stand in the lane."""
        if self.several is not None:
            return rows.annotate(lane=self.several.first()).filter(
                lane=_number(key) if key else None
            )
        if self.own is not None:
            held = FieldValue.objects.filter(field=self.own, item=OuterRef("pk"))
            if not key:
                return rows.filter(~Exists(held))
            if self.own.kind == FieldKind.PERSON:
                return rows.filter(Exists(held.filter(member_id=_number(key))))
            return rows.filter(Exists(held.filter(text=key)))
        if self.by == "kind":
            return rows.filter(kind=key)
        if not key:
            return rows.filter(**{f"{self.by}_id": None})
        return rows.filter(**{f"{self.by}_id": _number(key)})

    def fields_for(self, by: Member, item: Item, key: str) -> dict[str, Any]:
        """What an item gets by being put into the lane, as ``item_update`` takes it."""
        if self.several is not None:
            if key and not _number(key):
                raise Refused(_("This lane is gone. Load the board again."), field="lane")
            return self.several.put(by, item, _number(key) or None)
        if self.own is not None:
            value = "" if not key else int(key) if self.own.kind == FieldKind.PERSON else key
            return {"values": {self.own.slug: value}}
        if self.by == "kind":
            return {"kind": key}
        if not key:
            return {self.by: None}
        if self.by == "assignee":
            found: Any = Member.objects.visible_to(by).active().filter(pk=_number(key)).first()
        else:
            found = Item.objects.of(self.product).filter(pk=_number(key)).first()
        if found is None:
            raise Refused(_("This lane is gone. Load the board again."), field="lane")
        return {self.by: found}


def _number(key: str) -> int:
    return int(key) if key.isascii() and key.isdigit() and len(key) < 19 else 0
