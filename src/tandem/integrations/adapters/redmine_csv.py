"""Redmine's CSV: what its issue list exports, in the language of whoever exported, and what its importer reads."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import ClassVar

from django.utils.translation import gettext_noop as N_

from tandem.core.importing.adapter import Survey
from tandem.core.importing.record import Entry, Link, Record, Refusal
from tandem.core.importing.row_reader import RowReader
from tandem.core.importing.source import Source
from tandem.core.importing.words import plain

from .csv_table import CsvAdapter, header_names
from .wiki import to_markdown

_TEXTILE = re.compile(r'^(?:h[1-6]|bq)\. |"[^"\n]+":(?:https?://|/)|^<pre>', re.MULTILINE)
_TEXTILE_LINK = re.compile(r'"([^"\n]{1,300})":(https?://[^\s<>"]+)')
_RELATION = re.compile(r"\s*(.*?)\s*#(\d+)\b")
#: The words before the number in “Related issues”, English, German, French, Spanish, Portuguese.
_RELATIONS = {
    plain(word): kind
    for kind, words in {
        "relates": "related to/beziehung mit/lié à/relacionada con/relacionado a",
        "blocks": "blocks/precedes/blockiert/vorgänger von/bloque/précède/bloquea/precede a/bloqueia/precede",
        "blocked_by": "blocked by/follows/blockiert durch/folgt/bloqué par/suit/bloqueada por/posterior a/bloqueada por/segue",
        "duplicates": "duplicates/is duplicate of/duplikat von/duplique/duplicada de/duplica a",
        "duplicated_by": "has duplicate/duplicated by/dupliziert durch/dupliqué par/duplicada por",
        "relates_too": "copied to/copied from/kopiert nach/kopiert von",
    }.items()
    for word in words.split("/")
}


class RedmineAdapter(CsvAdapter):
    """``#`` as the key, relations in one cell, hours, Textile, and subtasks by the row's number."""

    keys_may_be_titles: ClassVar[bool] = False
    name: ClassVar[str] = "redmine-csv"
    title: ClassVar[str] = "Redmine CSV"
    description: ClassVar[str] = N_("Redmine: the issue list, Also available in CSV, all columns.")
    hours: ClassVar[tuple[str, ...]] = (
        "estimated time", "total estimated time", "spent time", "total spent time", "estimated hours", "geschätzter aufwand",
        "summe des geschätzten aufwands", "aufgewendete zeit", "temps estimé", "temps passé", "tiempo estimado", "tiempo dedicado",
    )  # fmt: skip
    synonyms: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "ref": ("issue number", "id", "unique id"),
        "alias": ("row",),
        "title": ("subject", "thema", "sujet", "asunto", "tema", "titulo"),
        "description": ("description", "beschreibung", "descripción", "descrição"),
        "kind": ("tracker", "tipo"),
        "status": ("status", "statut", "estado", "situação"),
        "labels": ("tags", "category", "kategorie", "catégorie", "categoría", "categoria"),
        "assignee": ("assignee", "user", "zugewiesen an", "assigné à", "asignado a", "atribuído para"),
        "reporter": ("author", "autor", "auteur"),
        "priority": ("priority", "priorität", "priorité", "prioridad", "prioridade"),
        "created": ("created", "angelegt", "créé", "creado", "criado em"),
        "updated": ("updated", "aktualisiert", "mis à jour", "actualizado", "alterado em"),
        "started": ("start date", "start", "beginn", "début", "fecha de inicio", "início"),
        "finished": ("closed", "geschlossen", "fermé", "cerrada", "fechado"),
        "due": ("due date", "due", "abgabedatum", "echéance", "fecha fin", "data prevista"),
        "estimate": ("story points",),
        "parent": ("parent task", "parent", "übergeordnetes ticket", "tâche parente", "tarea padre", "tarefa pai"),
        "relates": ("related issues", "related to", "zugehörige tickets", "demandes liées", "peticiones relacionadas", "tarefas relacionadas",
                    "simple relation"),
        "blocks": ("blocks", "precedes"),
        "blocked_by": ("blocked by", "follows", "delayed relation"),
        "duplicates": ("is duplicate of", "duplicates"),
        "duplicated_by": ("has duplicate",),
        "comments": ("last notes", "letzte kommentare"),
        "ignore": ("parent task subject", "last updated by", "zuletzt aktualisiert von"),
    }  # fmt: skip

    def accepts(self, head: bytes, filename: str) -> float:
        found = {meaning[0] for name in header_names(head) if (meaning := self.field_of(name))}
        names = header_names(head)
        if "title" not in found or "title" in names or "name" in names:
            return 0.0
        own = {"done", "target version", "spent time", "progress", "row", "estimated hours"} & names
        return 0.88 if "kind" in found and ("status" in found or own) else 0.0

    def column_name(self, name: str) -> str:
        return "issue number" if name.strip() == "#" else name

    def refs(self, text: str) -> list[str]:
        # “#2” is an issue Redmine has already, “2” the row of that number: two names for two things.
        parts = text.replace(";", ",").replace("\n", ",").split(",")
        return [ref.split()[0] for part in parts if (ref := part.strip())]

    def labels(self, text: str) -> list[str]:
        return [label for part in text.split(",") if (label := part.strip())]

    def markdown(self, text: str, people: Mapping[str, str]) -> str:
        if not _TEXTILE.search(text):
            return text
        text = (
            _TEXTILE_LINK.sub(r"[\1](\2)", text)
            .replace("<pre>", "{code}")
            .replace("</pre>", "{code}")
        )
        return to_markdown(text)

    def links(self, row: RowReader) -> tuple[Link, ...]:
        told = [
            Link(_RELATIONS.get(plain(match[1]), "relates").strip(), match[2], match[1])
            for text in row.texts("relates")
            for part in text.replace("\n", ",").split(",")
            if (match := _RELATION.match(part)) and match[1]
        ]
        return tuple(told) if told else super().links(row)

    def entries(self, source: Source, survey: Survey) -> Iterator[Entry]:
        number = 0
        for entry in super().entries(source, survey):
            number += isinstance(entry, Record | Refusal)
            if isinstance(entry, Record):
                keyed = not entry.ref.startswith("title:")
                names = (f"#{entry.ref}",) if keyed else () if entry.aliases else (str(number),)
                yield replace(entry, aliases=(*entry.aliases, *names))
            else:
                yield entry
