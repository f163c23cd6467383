"""What people said about the sample's items: criteria, questions, comments and dependencies."""

import datetime
from collections.abc import Collection

from tandem.backlog.gherkin import looks_like_gherkin, scenarios_of
from tandem.backlog.models import (
    Comment,
    Criterion,
    CriterionForm,
    Dependency,
    DependencyKind,
    Question,
)
from tandem.backlog.texts import in_english
from tandem.home.sample.calendar import Calendar, chance
from tandem.home.sample.crew import Crew
from tandem.home.sample.items import Placed
from tandem.home.sample.ledger import Ledger
from tandem.home.sample.reading import Said


def talk_make(placed: dict[str, Placed], crew: Crew, calendar: Calendar, ledger: Ledger) -> None:
    """Everything that hangs on the items, with its events."""
    _criteria_make(placed.values(), crew, calendar, ledger)
    _comments_make(placed.values(), crew, calendar, ledger)
    _questions_make(placed.values(), crew, calendar, ledger)
    _dependencies_make(placed, crew, calendar, ledger)


def _criteria_make(
    placed: Collection[Placed], crew: Crew, calendar: Calendar, ledger: Ledger
) -> None:
    rows = []
    for each in placed:
        for position, text in enumerate(each.told.criteria):
            gherkin = looks_like_gherkin(text)
            steps = [step.as_json() for step in scenarios_of(text)[0].steps] if gherkin else []
            row = Criterion(
                item=each.row,
                position=position,
                form=CriterionForm.GHERKIN if gherkin else CriterionForm.PLAIN,
                text=text,
                steps=steps,
            )
            rows.append(row)
            at = max(calendar.moment(each.life.described), each.created_at)
            at += datetime.timedelta(minutes=3 * position + 1)
            changes = {"criterion": [None, text]}
            ledger.tell(crew["owner"], "criterion.added", each.row, at=at, changes=changes)
            _check(row, position, each, crew, ledger)
    Criterion.objects.bulk_create(rows)


def _check(row: Criterion, position: int, each: Placed, crew: Crew, ledger: Ledger) -> None:
    """All of a finished item's criteria are met, and the first ones of an item in review."""
    item, status = each.row, each.told.status
    if status == "Done":
        at = item.finished_at
    elif status == "In review" and position < len(each.told.criteria) - 1:
        at = item.updated_at
    else:
        return
    assert at is not None
    row.met_at = at - datetime.timedelta(minutes=40 - 3 * position)
    row.met_by = crew["owner"] if status == "Done" else item.assignee
    assert row.met_by is not None
    changes = {"criterion": [row.text, row.text]}
    ledger.tell(row.met_by, "criterion.met", item, at=row.met_at, changes=changes)


def _when(
    said: Said, each: Placed, calendar: Calendar, place: int, after: datetime.datetime | None = None
) -> datetime.datetime:
    """The day the file names, or some time between the item's start and two weeks ago."""
    earliest = after or each.created_at + datetime.timedelta(hours=3)
    if said.days_ago is not None:
        return max(calendar.ago(said.days_ago, f"{said.text}"), earliest)
    latest = calendar.moment(-2.4)
    if each.row.finished_at:
        latest = each.row.finished_at - datetime.timedelta(hours=5)
    room = max(0.0, (latest - earliest) / datetime.timedelta(days=1))
    share = min(0.95, 0.25 * (place + 1) * chance(said.text).uniform(0.6, 1.1))
    days = int(min(room, 45.0) * share)
    at = earliest + datetime.timedelta(days=days, minutes=chance(f"{said.text}!").randrange(120))
    if days and at.weekday() > 4:
        at -= datetime.timedelta(days=at.weekday() - 4)
    return max(at, earliest)


def _comments_make(
    placed: Collection[Placed], crew: Crew, calendar: Calendar, ledger: Ledger
) -> None:
    rows = []
    for each in placed:
        last: datetime.datetime | None = None
        for place, said in enumerate(each.told.comments):
            after = last + datetime.timedelta(minutes=25) if last else None
            last = _when(said, each, calendar, place, after)
            writer = crew[said.who]
            rows.append(Comment(item=each.row, text=said.text, written_by=writer, written_at=last))
            changes = {"comment": [None, said.text]}
            ledger.tell(writer, "comment.written", each.row, at=last, changes=changes)
    Comment.objects.bulk_create(rows)


def _questions_make(
    placed: Collection[Placed], crew: Crew, calendar: Calendar, ledger: Ledger
) -> None:
    rows = []
    for each in placed:
        for place, asked in enumerate(each.told.questions):
            question, answer = asked.question, asked.answer
            at = _when(question, each, calendar, place)
            row = Question(
                item=each.row, text=question.text, asked_by=crew[question.who], asked_at=at
            )
            changes = {"question": [None, question.text]}
            ledger.tell(crew[question.who], "question.asked", each.row, at=at, changes=changes)
            if answer is not None:
                after = at + datetime.timedelta(hours=2)
                row.answer, row.answered_by = answer.text, crew[answer.who]
                row.answered_at = _when(answer, each, calendar, place, after)
                told = {"question": [row.text, row.text], "answer": ["", row.answer]}
                ledger.tell(
                    crew[answer.who],
                    "question.answered",
                    each.row,
                    at=row.answered_at,
                    changes=told,
                )
            rows.append(row)
    Question.objects.bulk_create(rows)


def _dependencies_make(
    placed: dict[str, Placed], crew: Crew, calendar: Calendar, ledger: Ledger
) -> None:
    pairs = {
        (each.told.slug, kind, other)
        for each in placed.values()
        for kind, other in each.told.dependencies
    }
    pairs |= {
        (blocker, "blocks", each.told.slug)
        for each in placed.values()
        for blocker in each.told.blocked_by
    }
    rows = []
    for start, kind, end in sorted(pairs):
        one, other = placed[start], placed[end]
        row = Dependency(from_item=one.row, to_item=other.row, kind=kind)
        rows.append(row)
        later = max(one.created_at, other.created_at)
        at = later + datetime.timedelta(minutes=20 + chance(start + end).randrange(200))
        changes = {
            "dependency": [None, f"{in_english(DependencyKind(kind).label)} {other.row.key}"]
        }
        ledger.tell(crew["technical"], "dependency.added", one.row, at=at, changes=changes)
    Dependency.objects.bulk_create(rows)
