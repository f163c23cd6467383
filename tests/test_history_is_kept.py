"""The history is append-only: nothing but the listed openings changes or deletes an event."""

import ast
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tandem.backlog.operations import item_create
from tandem.core import forgetting
from tandem.core.models import Event
from tandem.core.models.event import AppendOnly

SRC = Path(__file__).parents[1] / "src" / "tandem"

#: Who may forget or reword events, and why.
OPENINGS = {
    "accounts/history_keeping.py": "what is older than the workspace keeps",
    "integrations/trash/operations.py": "what was erased must not live on in the history",
    "integrations/trash/erasing.py": "a workspace erased for good leaves nothing",
    "integrations/imports/revert.py": "an item whose import was taken back never was",
    "home/sample/__init__.py": "the sample's past is invented",
    "home/sample/sessions.py": "the sample's past is invented",
}
#: Who may go past a model's own manager; neither touches the rows of a database in use.
PAST_MANAGERS = {
    "core/forgetting.py": "the opening itself",
    "core/moving.py": "reads the source whole, and fills a new database",
}


@pytest.fixture
def event(world):
    item_create(by=world.owner, product=world.product, title="Book a seat")
    return Event.objects.get(verb="item.created")


def upsert(event):
    return Event.objects.bulk_create(
        [event], update_conflicts=True, unique_fields=["id"], update_fields=["verb"]
    )


def taken_number(event):
    """A new row under the number of an old one, which Django would write over it."""
    other = Event(pk=event.pk, workspace_id=1, verb="x", object_id=1, at=timezone.now())
    try:
        with transaction.atomic():
            other.save()
    except IntegrityError as error:
        raise AppendOnly from error


WAYS = {
    "saving it": lambda event: event.save(),
    "saving a field of it": lambda event: event.save(update_fields=["verb"]),
    "saving another under its number": taken_number,
    "deleting it": lambda event: event.delete(),
    "updating rows": lambda event: Event.objects.update(verb="x"),
    "updating some rows": lambda event: Event.objects.filter(pk=event.pk).update(verb="x"),
    "updating many": lambda event: Event.objects.bulk_update([event], ["verb"]),
    "updating or creating": lambda event: Event.objects.update_or_create(
        pk=event.pk, defaults={"verb": "x"}
    ),
    "writing over": upsert,
    "deleting rows": lambda event: Event.objects.all().delete(),
    "deleting through the base manager": lambda event: Event._base_manager.all().delete(),
    "deleting raw": lambda event: Event._default_manager.all()._raw_delete("default"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("way", WAYS)
def test_an_event_stays_as_it_was_after(event, way):
    told = Event.objects.filter(pk=event.pk).values()
    before = told.get()
    event.verb = "item.whitewashed"
    with pytest.raises(AppendOnly):
        WAYS[way](event)
    assert told.get() == before


@pytest.mark.django_db
def test_the_opening_forgets_and_rewords_what_it_is_given_only(event):
    others = Event.objects.exclude(pk=event.pk)
    before = list(others.values())
    first = Event.objects.filter(pk=event.pk)
    assert forgetting.reword(first, member_name="(erased)") == 1
    assert first.get().member_name == "(erased)"
    assert forgetting.forget(first) == 1
    assert not first.exists()
    assert list(others.values()) == before


def mentions(path: Path) -> set[str]:
    """Of what could get at stored events, what this file uses."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names = {f"{node.module}.{each.name}" for each in node.names}
            if any(each.startswith("tandem.core.forgetting") for each in names):
                found.add("opening")
        elif isinstance(node, ast.Import) and any("forgetting" in n.name for n in node.names):
            found.add("opening")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if "core_event" in node.value:
                found.add("table")
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in {"QuerySet", "models.QuerySet"}:
                found.add("queryset")
    return found


def test_nothing_else_comes_near_the_opening():
    used = {
        str(path.relative_to(SRC)): mentions(path)
        for path in SRC.rglob("*.py")
        if "tests" not in path.parts and "migrations" not in path.parts
    }
    assert {name for name, found in used.items() if "opening" in found} == set(OPENINGS)
    assert {name for name, found in used.items() if "queryset" in found} == set(PAST_MANAGERS)
    assert {name for name, found in used.items() if "table" in found} == set()
