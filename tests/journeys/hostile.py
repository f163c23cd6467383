"""Texts of people who mean harm, in every field of every row that takes a text."""

from typing import Any

from django.apps import apps
from django.db import models, transaction

#: Breaks out of texts, attributes, scripts and JSON; each of its ways in would be seen.
HARM = (
    "\"'>--></title></textarea></script><x-evil><script>evil=1</script>"
    "<img src=x onerror=evil=1><a href=javascript:evil=1>{{7*7}}</a>[x](javascript:evil=1)"
)
#: For short fields.
SHORT = "\"'><x-evil>"

#: Words of the program, not of people: a harmful value cannot come into them. A new field of this
#: kind gets its name here; everything else is filled with harm.
PROGRAMS = {
    "body", "cache_key", "channel", "content_type", "direction", "email", "engine_version",
    "fingerprint", "format", "formula_kind", "key", "kind", "list_name", "method", "object_kind",
    "password", "path", "prefix", "preset", "previous_salt", "progress_key", "query", "queue",
    "rank", "route", "salt", "secret_hash", "slug", "source", "spacing", "status", "task",
    "time_zone", "url", "value", "verb", "worker",
}  # fmt: skip
#: JSON whose texts are people's.
WRITTEN = {
    "backlog.Criterion.steps",
    "core.Event.changes",
    "prioritisation.ScoringCriterion.anchors",
}


def harmful(number: int, longest: int | None, written: str = "") -> str:
    """A harmful text that fits and that no other row has; ``written`` stays where there is room."""
    room = longest or 10_000
    text = f"{written} {HARM}" if len(written) + len(HARM) + 20 < room else SHORT
    return f"{text}{number}"


def spoil() -> set[str]:
    """Fill every text of every row with harm; the names of the fields."""
    spoiled: set[str] = set()
    with transaction.atomic():
        for model in apps.get_models():
            if not model.__module__.startswith("tandem.") or model.__name__ == "Schedule":
                continue
            fields = [each for each in model._meta.concrete_fields if _is_text(each)]
            if not fields:
                continue
            for row in model._base_manager.all():
                for each in fields:
                    setattr(row, each.attname, _spoiled(each, row))
                models.QuerySet(model).filter(pk=row.pk).update(
                    **{each.attname: getattr(row, each.attname) for each in fields}
                )
                spoiled |= {f"{model._meta.label}.{each.name}" for each in fields}
    return spoiled


def _is_text(field: Any) -> bool:
    if isinstance(field, models.JSONField):
        return f"{field.model._meta.label}.{field.name}" in WRITTEN
    text = isinstance(field, models.CharField | models.TextField)
    return text and not field.choices and field.name not in PROGRAMS


def _spoiled(field: Any, row: Any) -> Any:
    value = getattr(row, field.attname)
    if isinstance(field, models.JSONField):
        return _leaves(value)
    return harmful(row.pk if isinstance(row.pk, int) else 0, field.max_length, value)


def _leaves(value: Any) -> Any:
    if isinstance(value, str):
        return HARM
    if isinstance(value, list):
        return [_leaves(each) for each in value]
    if isinstance(value, dict):
        return {name: _leaves(each) for name, each in value.items()}
    return value
