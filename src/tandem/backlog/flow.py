"""Whether items may go to a status: the product's rules and limits, asked once for a move."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.backlog.models import Approvers, CustomField, Item, OnNew, Status, TransitionRule
from tandem.backlog.needs import Had, Need, every, listed, own_need
from tandem.core.errors import Refused


def roles_words(roles: Collection[str]) -> str:
    return listed([str(Approvers(role).label) for role in roles])


def own_consent(by: Member, roles: list[str]) -> bool:
    """Whether all the consent that is needed is this member's own: moving it says so."""
    return roles == [by.role]


@dataclass
class Gate:
    """What stands before one status. Made once for all items of a move."""

    to: Status
    rules: list[TransitionRule]
    needs: dict[str, Need] = field(default_factory=dict)
    had: Had = field(default_factory=lambda: Had([]))
    #: How many more items it takes; ``None``: any number.
    room: int | None = None
    #: Fields of the product's own that a new item needs, whatever its status.
    new: list[Need] = field(default_factory=list)

    @classmethod
    def to_status(cls, product: Product, to: Status) -> "Gate":
        rules = list(TransitionRule.objects.filter(product=product, to_status=to))
        gate = cls(to, rules)
        wanted = {name for rule in rules for name in rule.needs}
        if wanted:
            # A field that was archived since is asked for no more.
            gate.needs = {n: need for n, need in every(product).items() if n in wanted}
        if to.limit is not None and to.limit_refuses:
            rows = Item.objects.filter(status=to, deleted_at=None)
            gate.room = to.limit - rows[: to.limit + 1].count()
        return gate

    def for_new(self) -> "Gate":
        """For items that are just made: the fields that every new item needs count, too."""
        rows = CustomField.objects.of(self.to.product).in_use().filter(on_new=OnNew.NEEDED)
        self.new = [own_need(each) for each in rows]
        return self

    def refuse_lacking_new(self, item: Item) -> None:
        missing = self.had.lacking(item, self.new, {})
        if missing:
            raise Refused(
                _("A new item needs %(words)s.")
                % {"words": listed([need.words for need in missing])},
                field=missing[0].name,
            )

    def look(self, ids: Sequence[int]) -> "Gate":
        """Ask what hangs on these items."""
        self.had = Had.asked([*self.needs.values(), *self.new], ids)
        return self

    def ruling(self, origin: int | None) -> list[TransitionRule]:
        return [rule for rule in self.rules if rule.from_status_id in (None, origin)]

    def roles(self, origin: int | None) -> list[str]:
        """Whose consent a move from ``origin`` needs."""
        return list(dict.fromkeys(role for rule in self.ruling(origin) for role in rule.roles))

    def lacking(self, item: Item, origin: int | None, told: Mapping[str, Any]) -> list[Need]:
        names = dict.fromkeys(name for rule in self.ruling(origin) for name in rule.needs)
        needs = [self.needs[name] for name in names if name in self.needs]
        return self.had.lacking(item, needs, told)

    def refuse_lacking(self, item: Item, origin: int | None, told: Mapping[str, Any]) -> None:
        missing = self.lacking(item, origin, told)
        if not missing:
            return
        words = listed([need.words for need in missing])
        raise Refused(
            _("%(name)s needs %(words)s.") % {"name": self.to.name, "words": words},
            field="status",
            missing=[{"need": n.name, "words": n.words, "section": n.section} for n in missing],
            item=item,
        )

    def refuse_full(self, item: Item) -> None:
        if self.room is not None and self.room < 1:
            raise Refused(
                _("%(name)s is full: it takes %(limit)s items. Move one out of it first.")
                % {"name": self.to.name, "limit": self.to.limit},
                field="status",
                full=True,
                item=item,
            )

    def refuse_unapproved(self, by: Member, item: Item, origin: int | None) -> None:
        roles = self.roles(origin)
        if roles and not own_consent(by, roles):
            raise Refused(
                _("%(name)s needs the consent of %(words)s. Ask for it on the item.")
                % {"name": self.to.name, "words": roles_words(roles)},
                field="status",
                approval=roles,
                to=self.to,
                item=item,
            )

    def pass_new(self, by: Member, item: Item) -> None:
        """The same for an item that is just made: it comes from no status."""
        self.refuse_lacking_new(item)
        self.refuse_lacking(item, None, {})
        roles = self.roles(None)
        if roles and not own_consent(by, roles):
            raise Refused(
                _(
                    "%(name)s needs the consent of %(words)s. Make the item in another status, then ask for it there."
                )
                % {"name": self.to.name, "words": roles_words(roles)},
                field="status",
            )
        self.refuse_full(item)
        if self.room is not None:
            self.room -= 1

    def pass_(self, by: Member, item: Item, origin: int | None, told: Mapping[str, Any]) -> None:
        """Let the item through, or refuse with what is missing."""
        self.refuse_lacking(item, origin, told)
        self.refuse_unapproved(by, item, origin)
        self.refuse_full(item)
        if self.room is not None:
            self.room -= 1


def approver_roles() -> list[tuple[str, str]]:
    """What a rule offers to choose from."""
    return [(value, str(label)) for value, label in Approvers.choices if value]


__all__ = ["Gate", "approver_roles", "own_consent", "roles_words"]
