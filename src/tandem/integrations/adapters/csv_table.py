"""Any CSV: columns are recognised by the names trackers and people give them, or mapped by hand."""

import re
from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext_noop as N_

from tandem.core.importing.adapter import Survey
from tandem.core.importing.record import Entry, Record, RowWarning
from tandem.core.importing.row_reader import RowReader
from tandem.core.importing.source import Source
from tandem.core.importing.table_adapter import TableAdapter
from tandem.core.importing.words import plain
from tandem_engine.words import said

from . import vocabulary

# Seen in exports of Linear, Plane, Azure Boards, Redmine, Asana, Pivotal Tracker, WeKan and in spreadsheets.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "ref": ("id", "key", "issue key", "issuekey", "issue id", "task id", "work item id", "ticket", "ticket id", "identifier",
            "number", "nr", "no", "uuid", "unique id", "external id", "clave", "schlüssel", "clé", "chave"),
    # Files made for an importer number their rows so that children can name their parent. Such a number means nothing
    # in the next file, so it is no key.
    "alias": ("row", "row number"),
    "title": ("title", "summary", "name", "subject", "issue", "task name", "card name", "story", "titel", "título", "titre",
              "resumen", "zusammenfassung", "résumé", "resumo", "betreff", "asunto", "nombre", "nom", "nome"),
    "description": ("description", "issue description", "body", "notes", "details", "desc", "text", "descripción",
                    "beschreibung", "descrição", "notas", "notizen"),
    "kind": ("type", "issue type", "work item type", "kind", "tracker", "item type", "tipo", "typ", "vorgangstyp", "art"),
    "status": ("status", "state", "current state", "stage", "section column", "column", "list", "list name", "workflow state",
               "estado", "statut", "état", "spalte", "liste"),
    "category": ("status category", "state category", "status type"),
    "resolution": ("resolution", "state reason"),
    "labels": ("labels", "label", "tags", "tag", "etiquetas", "etikett", "stichwörter", "étiquettes", "components", "component"),
    "assignee": ("assignee", "assigned to", "owner", "owned by", "user", "responsible", "assignees", "responsable",
                 "zugewiesene person", "responsável"),
    "reporter": ("reporter", "creator", "created by", "requested by", "author", "requester", "autor", "auteur"),
    "priority": ("priority", "prioridad", "priorität", "priorité", "prioridade"),
    "created": ("created", "created at", "created date", "creation date", "date created", "created on", "opened", "creado",
                "erstellt", "créé", "criado"),
    "updated": ("updated", "updated at", "last modified", "changed date", "modified", "updated on", "last updated",
                "actualizado", "aktualisiert", "mis à jour", "atualizado"),
    "started": ("started", "started at", "start date", "activated date", "start", "begin", "fecha de inicio", "startdatum"),
    "finished": ("finished", "completed", "completed at", "finished at", "done at", "closed date", "closed", "closed at",
                 "resolved", "resolved at", "accepted at", "finish date", "completion date", "canceled", "cancelled",
                 "end date", "resuelto", "erledigt"),
    "due": ("due", "due date", "target date", "deadline", "due on", "due at", "fecha de vencimiento", "fälligkeitsdatum",
            "échéance", "data de vencimento"),
    "estimate": ("estimate", "story points", "story point", "storypoint", "storypoints", "points", "story point estimate",
                 "effort", "size", "estimation", "puntos", "punkte", "schätzung"),
    "parent": ("parent", "parent key", "parent issue", "parent id", "parent task", "epic", "epic link", "parent work item"),
    "blocks": ("blocks", "blocking", "is blocking"),
    "blocked_by": ("blocked by", "is blocked by", "depends on", "dependencies", "predecessors", "predecessor", "dependency"),
    "relates": ("related to", "relates to", "related", "related issues"),
    "duplicates": ("duplicate of", "is duplicate of", "duplicates"),
    "comments": ("comment", "comments", "kommentar", "comentario", "commentaire"),
    "criteria": ("acceptance criteria", "acceptance criterion", "criteria", "task", "checklist", "criterios de aceptación",
                 "akzeptanzkriterien"),
    "criteria_state": ("task status",),
    "rank": ("rank",),
    "url": ("url", "link", "web url", "permalink"),
}  # fmt: skip


class CsvAdapter(TableAdapter):
    """A table with a header. Without any column that names rows, the title does."""

    name: ClassVar[str] = "csv"
    title: ClassVar[str] = "CSV"
    description: ClassVar[str] = N_(
        "Any table with a header row: columns are suggested by their names and can be mapped by hand."
    )
    synonyms: ClassVar[AnyMapping[str, tuple[str, ...]]] = SYNONYMS
    kinds = vocabulary.KINDS
    #: Any table may be a record of finished items; a tracker's own export without titles is a mistake.
    keys_may_be_titles: ClassVar[bool] = True
    #: Columns of this format that hold hours, in plain words: no estimate unless a person says so.
    hours: ClassVar[tuple[str, ...]] = ()

    def entries(self, source: Source, survey: Survey) -> Iterator[Entry]:
        yield from super().entries(source, survey)
        known = {plain(name) for name in self.hours}
        kept = [
            name
            for name, to in survey.mapping.columns.items()
            if to == ("extra",) and plain(name) in known
        ]
        if kept:
            yield RowWarning(
                None,
                said(
                    "Hours, not points: %(names)s. They are kept on the items; map one to “estimate” if the product counts in hours.",
                    names=", ".join(f"“{name}”" for name in kept),
                ),
            )

    def _suggested(self, names: AnyMapping[str, object]) -> dict[str, tuple[str, ...]]:
        """As by the names; where nothing is a title (times of finished items), the key is one too."""
        suggested = super()._suggested(names)
        if self.keys_may_be_titles and ("title",) not in suggested.values():
            for name, targets in suggested.items():
                if targets == ("ref",):
                    suggested[name] = ("ref", "title")
                    break
        return suggested

    def accepts(self, head: bytes, filename: str) -> float:
        if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
            return 0.0
        if filename.lower().endswith((".csv", ".tsv")):
            return 0.3
        first_line = head.split(b"\n", 1)[0]
        return 0.1 if any(mark in first_line for mark in (b",", b";", b"\t", b"|")) else 0.05

    def category_of(self, row: RowReader, finished: datetime | None, mapped: str) -> str:
        return vocabulary.combined_category(
            mapped=mapped,
            status=row.text("status"),
            category=row.text("category"),
            resolution=row.text("resolution"),
            finished=finished is not None,
        )

    def kind_of(self, name: str) -> str:
        return vocabulary.known_kind(name) or vocabulary.USUAL_KIND


def header_names(head: bytes) -> set[str]:
    """The plain names in the first line with text of a table, whatever separates them."""
    text = head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    first_line = text.split("\n", 1)[0]
    return {
        plain(name)
        for cell in re.split(r"[,;\t|]", first_line)
        if (name := cell.strip().strip('"'))
    }


def given_up_when_archived(record: Record, row: RowReader) -> Record:
    """What was archived before it was done is given up; what was done stays done."""
    archived = any(plain(name) in ("archived", "archived at") for name, _ in row.columns("extra"))
    if archived and record.category in ("open", "started"):
        return replace(record, category="dropped")
    return record
