"""What changed since yesterday morning, told per item and not per click."""

import datetime
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.backlog.history import label_of, sentence_of
from tandem.core.models import Event

EVENTS_READ = 300


@dataclass
class Told:
    """One row of the list: what happened to one thing, by whom, newest moment first."""

    object_kind: str
    label: str
    at: datetime.datetime
    #: ``{person: sentences}``, each sentence once.
    people: dict[str, list[str]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The item's key, or nothing when it is about something else."""
        return self.label.split(" ")[0] if self.object_kind == "item" else ""

    @property
    def title(self) -> str:
        return self.label[len(self.key) + 1 :] if self.key else self.label

    @property
    def sentence(self) -> str:
        return "; ".join(f"{who} {_joined(what)}" for who, what in self.people.items())


def _joined(sentences: list[str]) -> str:
    if len(sentences) < 2:
        return "".join(sentences)
    said = {"first": ", ".join(sentences[:-1]), "last": sentences[-1]}
    return _("%(first)s and %(last)s") % said


def _said(event: Event) -> str:
    """A status told with its name: that is what one wants to know in the morning."""
    status = event.changes.get("status")
    if event.verb == "item.updated" and isinstance(status, list):
        return _("moved it to %(status)s") % {"status": status[1]}
    return sentence_of(event)


def since_yesterday(
    product: Product, member: Member, today: datetime.date, limit: int
) -> tuple[list[Told], int]:
    """Others' changes since yesterday began, and how many things changed in all. One query."""
    zone = product.workspace.zone
    start = datetime.datetime.combine(
        today - datetime.timedelta(days=1), datetime.time(), tzinfo=zone
    )
    events = (
        Event.objects.filter(product_id=product.pk, workspace_id=product.workspace_id)
        .filter(at__gte=start)
        .exclude(member_id=member.pk)
        .order_by("-id")[:EVENTS_READ]
    )
    found: dict[tuple[str, int], Told] = {}
    for event in events:
        told = found.setdefault(
            (event.object_kind, event.object_id),
            Told(event.object_kind, label_of(event), event.at),
        )
        said = told.people.setdefault(event.member_name or _("Somebody"), [])
        if (sentence := _said(event)) not in said:
            said.append(sentence)
    rows = list(found.values())
    return rows[:limit], len(rows)
