"""The sample's items as rows, with the changes each has gone through."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tandem.accounts.models import Member, Product
from tandem.backlog.models import Item, Kind, Label, Status
from tandem.backlog.operations import statuses_ensure
from tandem.core.ordering import many_between
from tandem.delivery.models import Assignment, SprintItem
from tandem.home.sample.calendar import FOUNDED, Calendar, Life, chance, finish_days, life_of
from tandem.home.sample.crew import Crew
from tandem.home.sample.ledger import Ledger
from tandem.home.sample.reading import SampleEpic, SampleItem

#: Who writes an item of a kind down, most of the time.
AUTHORS = {
    Kind.STORY: ("owner", "owner", "stakeholder"),
    Kind.BUG: ("developer", "mira", "owner", "jonas"),
    Kind.DEBT: ("technical", "technical", "jonas"),
    Kind.SPIKE: ("technical", "owner"),
    Kind.REQUIREMENT: ("technical", "owner"),
}


#: ``{field: [before, after]}``
Changes = dict[str, list[Any]]


@dataclass(frozen=True)
class Placed:
    """An item of the files, its row, and when things happened to it."""

    told: SampleItem
    row: Item
    life: Life
    author: Member

    @property
    def created_at(self) -> datetime.datetime:
        return self.row.created_at


def items_make(
    epics: tuple[SampleEpic, ...],
    product: Product,
    crew: Crew,
    calendar: Calendar,
    ledger: Ledger,
) -> dict[str, Placed]:
    """Write every epic and item; returns the items by slug."""
    statuses = {status.name: status for status in statuses_ensure(product)}
    told = [item for epic in epics for item in epic.items]
    finished = finish_days(told)
    lives = {item.slug: life_of(item, finished.get(item.slug)) for item in told}
    by_age = sorted(told, key=lambda item: (lives[item.slug].created, item.slug))
    ranks = many_between(None, None, len(told) + len(epics))
    places = {slug: ranks[len(epics) + n] for n, slug in enumerate(_order(told, lives))}
    parents = _epics_make(epics, product, crew, calendar, ledger, statuses, ranks)
    placed = {}
    for number, item in enumerate(by_age, start=len(epics) + 1):
        life = lives[item.slug]
        author = crew[chance(f"{item.slug}:author").choice(AUTHORS[Kind(item.kind)])]
        row = _row(item, product, number, calendar.moment(life.created), author)
        row.parent, row.rank, row.status = (
            parents[item.epic],
            places[item.slug],
            statuses["Backlog"],
        )
        placed[item.slug] = Placed(item, row, life, author)
    # Written once for their numbers, which the events need, and once more as they are today.
    rows = [each.row for each in placed.values()]
    Item.objects.bulk_create(rows, batch_size=200)
    for each in placed.values():
        _live(each, crew, calendar, ledger, statuses)
    Item.objects.bulk_update(
        rows,
        ["status", "assignee", "started_at", "finished_at", "updated_at", "version", "due_date",
         "estimate_low", "estimate_likely", "estimate_high"],
        batch_size=100,
    )  # fmt: skip
    product.next_number = len(epics) + len(told) + 1
    product.save(update_fields=["next_number"])
    _labels_make(placed.values(), product)
    _teams_make(placed.values(), crew, calendar, ledger)
    return placed


def _row(
    told: SampleItem, product: Product, number: int, at: datetime.datetime, author: Member
) -> Item:
    as_a, want, so_that = told.story
    return Item(
        workspace_id=product.workspace_id,
        product=product,
        number=number,
        kind=told.kind,
        title=told.title,
        description=told.text,
        story_role=as_a,
        story_want=want,
        story_benefit=so_that,
        created_by=author,
        created_at=at,
        updated_at=at,
    )


def _order(told: list[SampleItem], lives: dict[str, Life]) -> list[str]:
    """The backlog as the Product Owner ordered it by hand: what runs, what is ready, then by her
    value with some old habits in it; finished and dropped items last."""
    groups = {"In review": 0, "In progress": 0, "Ready": 1, "Backlog": 2, "Done": 3, "Dropped": 4}

    def place(item: SampleItem) -> tuple[float, float]:
        value = [each.value for each in item.ratings if each.preset == "value_effort" and each.lens == "value"]  # fmt: skip
        liked = sum(value) / len(value) if value else 2.0
        if item.status == "Done":
            return 3, -(lives[item.slug].finished or 0)
        return groups[item.status], -liked + chance(f"{item.slug}:rank").uniform(-0.8, 0.8)

    return [item.slug for item in sorted(told, key=place)]


def _epics_make(
    epics: tuple[SampleEpic, ...],
    product: Product,
    crew: Crew,
    calendar: Calendar,
    ledger: Ledger,
    statuses: dict[str, Status],
    ranks: Sequence[str],
) -> dict[str, Item]:
    rows = {}
    for index, epic in enumerate(epics):
        author = crew["technical" if epic.team == "Engine room" else "owner"]
        at = calendar.moment(FOUNDED + 4 + index // 4 + 0.4 + 0.02 * (index % 4))
        rows[epic.slug] = Item(
            workspace_id=product.workspace_id,
            product=product,
            number=index + 1,
            kind=Kind.EPIC,
            title=epic.title,
            description=epic.text,
            status=statuses["In progress"],
            rank=ranks[index],
            created_by=author,
            assignee=author,
            created_at=at,
            started_at=at,
            updated_at=at,
        )
    Item.objects.bulk_create(rows.values())
    for row in rows.values():
        assert row.created_by is not None
        changes = {"title": [None, row.title]}
        ledger.tell(row.created_by, "item.created", row, at=row.created_at, changes=changes)
    return rows


def _live(
    each: Placed, crew: Crew, calendar: Calendar, ledger: Ledger, statuses: dict[str, Status]
) -> None:
    """Take a new row through its life, telling the ledger what the operations would have."""
    told, row, life = each.told, each.row, each.life
    ledger.tell(
        each.author, "item.created", row, at=row.created_at, changes={"title": [None, row.title]}
    )
    estimator = crew["technical" if told.kind in ("debt", "requirement") else told.assignee or "developer"]  # fmt: skip
    steps: list[tuple[float, Member, Changes, Status | None]] = []
    if life.estimated is not None:
        names = ("estimate_low", "estimate_likely", "estimate_high")
        row.estimate_low, row.estimate_likely, row.estimate_high = told.estimate
        changes: Changes = {
            name: [None, value] for name, value in zip(names, told.estimate, strict=True)
        }
        steps.append((life.estimated, estimator, changes, None))
    if told.due_days is not None:
        row.due_date = calendar.day(told.due_days)
        steps.append(
            (life.described + 0.5, crew["owner"], {"due_date": [None, row.due_date]}, None)
        )
    doer = crew[told.assignee] if told.assignee else None
    turns = (
        (life.ready, "Ready", crew["owner"]),
        (life.started, "In progress", doer),
        (life.reviewed, "In review", doer),
        (life.finished, "Done", crew["owner"] if told.kind == "story" else doer),
        (life.dropped, "Dropped", crew["owner"]),
    )
    steps += [(at, by, {}, statuses[name]) for at, name, by in turns if at is not None and by]
    if doer is not None and life.started is None:
        row.assignee = doer
        steps.append((life.described + 1, crew["technical"], _assigned(doer), None))
    now = row.created_at
    for offset, by, changes, status in sorted(steps, key=lambda step: step[0]):
        # Weekends move back to Friday, so two steps may trade places: keep them in order.
        now = max(calendar.moment(offset), now + datetime.timedelta(minutes=4))
        if status is not None:
            changes = {
                "status": [row.status.name, status.name],
                "status_id": [row.status_id, status.pk],
            }
            row.status = status
            if status.name == "In progress":
                row.started_at = now
                if doer is not None and row.assignee_id != doer.pk:
                    row.assignee = doer
                    changes |= _assigned(doer)
            elif status.name == "Done":
                row.finished_at = now
        row.version += 1
        row.updated_at = now
        ledger.tell(by, "item.updated", row, at=now, changes=changes)


def _assigned(doer: Member) -> Changes:
    return {"assignee": [None, doer.name], "assignee_id": [None, doer.pk]}


def _labels_make(placed: Iterable[Placed], product: Product) -> None:
    placed = list(placed)
    names = sorted({name for each in placed for name in each.told.labels})
    labels = {
        label.name: label
        for label in Label.objects.bulk_create(Label(product=product, name=name) for name in names)
    }
    through = Item.labels.through
    through.objects.bulk_create(
        through(item_id=each.row.pk, label_id=labels[name].pk)
        for each in placed
        for name in each.told.labels
    )


def _teams_make(placed: Iterable[Placed], crew: Crew, calendar: Calendar, ledger: Ledger) -> None:
    """Which team an item is meant for, and the sprints it was in. A few wait for any team."""
    meant, entries = [], []
    for each in placed:
        told, row = each.told, each.row
        any_team = not told.sprints and chance(f"{told.slug}:team").randrange(8) == 0
        if not any_team:
            meant.append(Assignment(item=row, team=crew.teams[told.team]))
            at = max(calendar.moment(each.life.described), row.created_at)
            changes = {"team": [None, told.team]}
            ledger.tell(crew["technical"], "item.updated", row, at=at, changes=changes)
        for number in told.sprints:
            sprint = crew.sprints[told.team, number]
            minutes = chance(f"{told.slug}:{number}").randrange(90)
            at = datetime.datetime.combine(sprint.start_date, datetime.time(8), tzinfo=datetime.UTC)
            at += datetime.timedelta(minutes=minutes - 5)
            entries.append(SprintItem(sprint=sprint, item=row, added_at=at))
            changes = {"sprint": [None, str(sprint)]}
            ledger.tell(crew["technical"], "sprint.item_added", row, at=at, changes=changes)
    Assignment.objects.bulk_create(meant)
    SprintItem.objects.bulk_create(entries)
