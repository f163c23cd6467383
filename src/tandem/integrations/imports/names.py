"""The product's rows that an imported name stands for: statuses, labels and people."""

import re
from dataclasses import dataclass, field

from tandem.accounts.models import Member, Product
from tandem.backlog.models import Category, Label, Status
from tandem.backlog.operations import statuses_ensure
from tandem.backlog.texts import in_english
from tandem.integrations.imports.own_values import OwnValues

#: Other tools' words for the statuses every product starts with.
SAME_AS = {
    "to do": "Backlog",
    "todo": "Backlog",
    "open": "Backlog",
    "new": "Backlog",
    "reopened": "Backlog",
    "closed": "Done",
    "resolved": "Done",
    "complete": "Done",
    "completed": "Done",
    "doing": "In progress",
    "in progress": "In progress",
    "review": "In review",
    "in review": "In review",
    "won't do": "Dropped",
    "wont do": "Dropped",
    "won't fix": "Dropped",
    "canceled": "Dropped",
    "cancelled": "Dropped",
}


_ADDRESSED = re.compile(r"(.*?)\s*<([^<>\s]+)>\s*$")


def folded(name: str) -> str:
    return " ".join(name.replace("’", "'").split()).casefold()


@dataclass
class Names:
    """Looks names up, making what is missing. Lives as long as one import."""

    product: Product
    statuses: dict[str, Status] = field(default_factory=dict)
    #: By names they had before.
    former: dict[str, Status] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    people: dict[str, Member] = field(default_factory=dict)
    own: OwnValues = field(default_factory=OwnValues)
    #: What was missing and made, as ``ImportRun.made`` keeps it.
    made: dict[str, list[str]] = field(default_factory=lambda: {"statuses": [], "labels": []})

    def __post_init__(self) -> None:
        self.own = OwnValues.of(self.product)
        for status in statuses_ensure(self.product):
            self.statuses[folded(status.name)] = status
            self.former |= {folded(name): status for name in status.former}
        for label in Label.objects.filter(product=self.product):
            self.labels[folded(label.name)] = label
        members = Member.objects.active().filter(workspace_id=self.product.workspace_id)
        for member in members.select_related("user"):
            for name in (member.user.name, member.user.email, member.user.email.split("@")[0]):
                self.people.setdefault(folded(name), member)

    def status(self, name: str, category: str) -> Status:
        """The status of that name and category, made when the product has none like it."""
        key = folded(name)
        found = self.statuses.get(key) or self.former.get(key)
        if found is not None and found.category == category:
            return found
        usual = folded(SAME_AS.get(key, ""))
        same = self.statuses.get(usual) or self.former.get(usual)
        if same is not None and same.category == category:
            return same
        if not name or found is not None:
            # The name is taken by a status of another category: the category decides.
            return self._first_of(category)
        made = Status.objects.create(
            product=self.product,
            name=name[:60],
            category=category,
            position=self._position_for(category),
        )
        self.statuses[key] = made
        self.made["statuses"].append(made.name)
        return made

    def meant(self, name: str, category: str) -> Status | None:
        """The status a name of the past stands for, as far as there is one; nothing is made."""
        key = folded(name)
        for candidate in (key, folded(SAME_AS.get(key, ""))):
            found = self.statuses.get(candidate) or self.former.get(candidate)
            if found is not None and category in ("", found.category):
                return found
        fitting = [each for each in self.statuses.values() if each.category == category]
        return min(fitting, key=lambda each: each.position, default=None)

    def _first_of(self, category: str) -> Status:
        fitting = [each for each in self.statuses.values() if each.category == category]
        if fitting:
            return min(fitting, key=lambda each: each.position)
        return self.status(in_english(Category(category).label), category)

    def _position_for(self, category: str) -> int:
        """Behind the last status of its category; later ones move up."""
        order = list(Category.values)
        ahead = [
            each
            for each in self.statuses.values()
            if order.index(each.category) <= order.index(category)
        ]
        position = max((each.position for each in ahead), default=-1) + 1
        for other in self.statuses.values():
            if other.position >= position:
                other.position += 1
                other.save(update_fields=["position"])
        return position

    def label(self, name: str) -> Label:
        name = " ".join(name.split())[:80]
        found = self.labels.get(folded(name))
        if found is None:
            found = Label.objects.create(product=self.product, name=name)
            self.labels[folded(name)] = found
            self.made["labels"].append(found.name)
        return found

    def person(self, name: str) -> Member | None:
        """The member of that name, address, or ``Name <address>``."""
        if not name:
            return None
        found = self.people.get(folded(name))
        if found is None and (both := _ADDRESSED.match(name)):
            found = self.people.get(folded(both[2])) or self.people.get(folded(both[1]))
        return found
