"""The sample's texts: one TOML file per epic, read into frozen rows and checked.

A file says what an item is, who said what and when in whole days; the builder turns that into
rows with moments. A slip in a file (an unknown status, a rating off by one) stops the build with
the item's name, so the files can be edited without reading the builder.
"""

import re
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "epics"

#: The epics in the order they were written down.
EPICS = (
    "booking",
    "payments",
    "timetable",
    "freight",
    "loyalty",
    "accessibility",
    "crew",
    "platform",
    "debt",
    "security",
)

#: ``field in the file: (scoring preset, lens, the criteria its numbers answer)``; in a model of
#: both lenses the technical answers come last.
RATED_FIELDS = {
    "value": ("value_effort", (("customer_value", "value"), ("strategic_fit", "value"), ("urgency", "value"))),
    "technical": ("value_effort", (("risk_reduction", "technical"), ("feasibility", "technical"))),
    "rice": ("rice", (("reach", "value"), ("impact", "value"), ("confidence", "technical"))),
    "wsjf": (
        "wsjf",
        (("user_business_value", "value"), ("time_criticality", "value"), ("risk_opportunity", "technical")),
    ),
}  # fmt: skip

STATUSES = ("Backlog", "Ready", "In progress", "In review", "Done", "Dropped")
KINDS = ("story", "bug", "debt", "spike", "requirement")
RUNNING_SPRINT = 13

_SAID = re.compile(r"^(?P<who>[a-z]+)(@(?P<days>\d+))?: (?P<text>.+)$", re.DOTALL)


@dataclass(frozen=True)
class Said:
    """Something a person wrote; ``days_ago`` counts back from today, ``None``: some time ago."""

    who: str
    text: str
    days_ago: int | None = None


@dataclass(frozen=True)
class Asked:
    question: Said
    answer: Said | None = None


@dataclass(frozen=True)
class Rated:
    """One answer to a criterion of a preset, with a range where the person gave one."""

    preset: str
    lens: str
    criterion: str
    value: float
    low: float | None = None
    high: float | None = None
    confidence: float | None = None
    note: str = ""


@dataclass(frozen=True)
class SampleItem:
    slug: str
    epic: str
    team: str
    kind: str
    title: str
    text: str
    story: tuple[str, str, str] = ("", "", "")
    criteria: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    #: Low, likely, high; empty: nobody has estimated it.
    estimate: tuple[float, ...] = ()
    status: str = "Backlog"
    assignee: str = ""
    #: The sprint it was taken into first, and the one it was finished in; 13 is running.
    taken: int | None = None
    done: int | None = None
    due_days: int | None = None
    ratings: tuple[Rated, ...] = ()
    comments: tuple[Said, ...] = ()
    questions: tuple[Asked, ...] = ()
    #: ``(kind, other slug)``, seen from this item.
    dependencies: tuple[tuple[str, str], ...] = ()
    #: Slugs of items that block this one.
    blocked_by: tuple[str, ...] = ()

    @property
    def sprints(self) -> tuple[int, ...]:
        """Every sprint the item was in: carried over from the first to the last."""
        last = self.done or (RUNNING_SPRINT if self.taken else None)
        return tuple(range(self.taken or last, last + 1)) if last else ()


@dataclass(frozen=True)
class SampleEpic:
    slug: str
    title: str
    text: str
    team: str
    items: tuple[SampleItem, ...] = field(default=())


class SampleError(ValueError):
    """A file of the sample says something the builder cannot make rows of."""


@lru_cache(maxsize=1)
def epics_read() -> tuple[SampleEpic, ...]:
    """All epics with their items, checked for slips and for names that do not exist."""
    epics = tuple(
        _epic(tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))) for name in EPICS
    )
    items = [item for epic in epics for item in epic.items]
    slugs = {item.slug for item in items}
    if len(slugs) != len(items):
        raise SampleError("two items of the sample have the same slug")
    for item in items:
        named = {other for _, other in item.dependencies} | set(item.blocked_by)
        if named - slugs:
            raise SampleError(f"{item.slug} depends on unknown {', '.join(named - slugs)}")
    return epics


def _epic(told: dict[str, Any]) -> SampleEpic:
    return SampleEpic(
        slug=told["slug"],
        title=told["title"],
        text=told["text"].strip(),
        team=told["team"],
        items=tuple(_item(each, told["slug"], told["team"]) for each in told["item"]),
    )


def _item(told: dict[str, Any], epic: str, team: str) -> SampleItem:
    slug = told.get("slug") or re.sub(r"[^a-z0-9]+", "-", told["title"].lower()).strip("-")
    done = told.get("done")
    status = "Done" if done else told.get("status", "Backlog")
    started = status in ("In progress", "In review")
    if status not in STATUSES or told.get("kind", "story") not in KINDS:
        raise SampleError(f"{slug}: unknown status or kind")
    if (done or started) and "assignee" not in told:
        raise SampleError(f"{slug} was started by nobody")
    return SampleItem(
        slug=slug,
        epic=epic,
        team=told.get("team", team),
        kind=told.get("kind", "story"),
        title=told["title"],
        text=told.get("text", "").strip(),
        story=(told.get("as_a", ""), told.get("want", ""), told.get("so_that", "")),
        criteria=tuple(each.strip() for each in told.get("criteria", ())),
        labels=tuple(told.get("labels", ())),
        estimate=tuple(float(each) for each in told.get("estimate", ())),
        status=status,
        assignee=told.get("assignee", ""),
        taken=told.get("from") or told.get("sprint") or done or (RUNNING_SPRINT if started else None),
        done=done,
        due_days=told.get("due"),
        ratings=_ratings(slug, told),
        comments=tuple(_said(slug, each) for each in told.get("comments", ())),
        questions=tuple(
            Asked(_said(slug, each["ask"]), _said(slug, each["answer"]) if "answer" in each else None)
            for each in told.get("questions", ())
        ),
        dependencies=tuple(
            (kind, other)
            for kind in ("blocks", "relates", "duplicates")
            for other in told.get(kind, ())
        ),
        blocked_by=tuple(told.get("blocked_by", ())),
    )  # fmt: skip


def _ratings(slug: str, told: dict[str, Any]) -> tuple[Rated, ...]:
    found = []
    for name, (preset, criteria) in RATED_FIELDS.items():
        if name not in told:
            continue
        if len(told[name]) != len(criteria):
            raise SampleError(f"{slug}: {name} needs {len(criteria)} numbers")
        for index, (given, (criterion, lens)) in enumerate(zip(told[name], criteria, strict=True)):
            low, value, high = given if isinstance(given, list) else (None, given, None)
            # A person's remark and doubt about an item stand with their first answer.
            first = index == 0 and preset == "value_effort"
            confidence = told.get(f"{name}_confidence") if preset == "value_effort" else None
            note = told.get(f"{name}_note", "") if first else ""
            found.append(Rated(preset, lens, criterion, value, low, high, confidence, note))
    return tuple(found)


def _said(slug: str, text: str) -> Said:
    match = _SAID.match(text)
    if match is None:
        raise SampleError(f"{slug}: {text[:40]!r} does not begin with who says it")
    days = match["days"]
    return Said(match["who"], match["text"].strip(), int(days) if days else None)
