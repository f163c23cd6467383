"""Jira's "CSV (all fields)" export, from Cloud and Server, in the languages Jira names its columns in."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from django.utils.translation import gettext_noop as N_

from tandem.core.importing.dates import DateReader
from tandem.core.importing.record import Comment, Link, Record
from tandem.core.importing.row_reader import RowReader
from tandem.core.importing.words import plain

from .csv_table import CsvAdapter
from .wiki import to_markdown

# English, then Spanish, German, French, Portuguese.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "ref": ("issue key", "work item key", "key", "clave de incidencia", "clave de la incidencia", "clave", "vorgangsschlüssel",
            "schlüssel", "clé de ticket", "clé de demande", "clé du ticket", "clé", "chave da item", "chave do item",
            "chave da pendência", "chave"),
    "alias": ("issue id", "work item id", "id de la incidencia", "id de incidencia", "vorgangs id", "id de ticket",
              "id de demande", "id da item", "id do item", "id da pendência"),
    "title": ("summary", "resumen", "zusammenfassung", "résumé", "resumo"),
    "description": ("description", "descripción", "beschreibung", "descrição"),
    "kind": ("issue type", "work type", "work item type", "type", "tipo de incidencia", "tipo de actividad", "vorgangstyp",
             "vorgangsart", "type de ticket", "type de demande", "tipo de item", "tipo do item", "tipo de pendência"),
    "status": ("status", "estado", "état", "statut"),
    "category": ("status category", "categoría de estado", "categoría del estado", "statuskategorie", "catégorie d'état",
                 "catégorie de statut", "categoria do status", "categoria de status"),
    "resolution": ("resolution", "resolución", "lösung", "résolution", "resolução"),
    "labels": ("labels", "label", "etiquetas", "stichwörter", "labels stichwörter", "étiquettes", "rótulos"),
    "assignee": ("assignee", "persona asignada", "responsable", "zugewiesene person", "bearbeiter", "personne assignée",
                 "attribution", "responsável"),
    "reporter": ("reporter", "informador", "autor", "berichterstatter", "rapporteur", "relator"),
    "priority": ("priority", "prioridad", "priorität", "priorité", "prioridade"),
    "created": ("created", "creada", "creado", "fecha de creación", "erstellt", "création", "créée", "créé", "criado", "criada"),
    "updated": ("updated", "actualizada", "actualizado", "aktualisiert", "mise à jour", "mis à jour", "atualizado", "atualizada"),
    "started": ("start date", "fecha de inicio", "start date fecha de inicio", "startdatum", "date de début", "data de início"),
    "finished": ("resolved", "resuelta", "resuelto", "erledigt", "résolue", "résolu", "resolvido", "resolvida",
                 "status category changed", "categoría de estado modificada", "cambio de categoría de estado",
                 "statuskategorie geändert", "catégorie d'état modifiée", "categoria do status alterada"),
    "due": ("due date", "fecha de vencimiento", "fälligkeitsdatum", "fällig", "échéance", "date d'échéance",
            "data limite", "data de vencimento"),
    "estimate": ("story points", "story point estimate", "puntos de historia", "story points schätzung",
                 "estimación de story points", "points de story", "estimation des story points", "estimativa de story points"),
    "parent": ("parent key", "epic link", "parent", "parent id", "parent link", "clave principal", "principal", "padre",
               "vínculo de épica", "enlace de épica", "epic verknüpfung", "übergeordnet", "schlüssel des übergeordneten elements",
               "lien d'épopée", "clé parent", "link do épico", "pai", "chave pai"),
    "comments": ("comment", "comments", "comentario", "comentarios", "kommentar", "commentaire", "commentaires", "comentário"),
    "rank": ("rank", "rango", "rang", "classificação"),
    "ignore": ("project type", "project lead", "project description", "project url", "watchers", "watchers id", "votes",
               "last viewed", "work ratio", "creator", "security level", "development", "issue color", "parent summary",
               "project key", "project name", "vulnerability", "assignee id", "reporter id", "creator id", "project lead id",
               "id de persona asignada", "id del informador", "tipo de proyecto", "responsable del proyecto",
               "id de responsable del proyecto", "descripción del proyecto", "observadores", "id de observadores", "votos",
               "última visualización", "creador", "id del creador", "clave del proyecto", "nombre del proyecto"),
}  # fmt: skip

_CUSTOM = re.compile(
    r"(?:custom field|campo personalizado|benutzerdefinierte[rs]? feld(?:er)?|champs? personnalisés?)\s*\((.*)\)$",
    re.IGNORECASE,
)
_LINK_COLUMN = re.compile(r"(.*?)\s*\((.*)\)$")
_LINK_WORDS = ("issue link", "work item link", "enlace", "vinculo", "verknupfung", "lien", "link")
_OUTWARD = ("outward", "salida", "saliente", "externo", "ausgehend", "sortant", "saida")
_INWARD = ("inward", "entrada", "entrante", "interno", "eingehend", "entrant")
_ATTACHMENTS = {
    plain(name)
    for name in (
        "Attachment",
        "Archivo adjunto",
        "Datos adjuntos",
        "Adjunto",
        "Anhang",
        "Pièce jointe",
        "Anexo",
    )
}
_LABELS = re.compile(r"[,;\s]+")
_ACCOUNT = re.compile(r"(?:id (?:de la |del |der |des |de |du |do |da ))?(.+?)(?: id)?$")
_KEYS = re.compile(r"[,;\s]+")


class JiraCsvAdapter(CsvAdapter):
    """Repeated columns, wiki markup, ``date;account;text`` comments, links in both directions."""

    keys_may_be_titles: ClassVar[bool] = False
    name: ClassVar[str] = "jira-csv"
    title: ClassVar[str] = "Jira CSV"
    description: ClassVar[str] = N_("Jira Cloud or Server: Export, CSV (all fields).")
    synonyms = SYNONYMS

    def accepts(self, head: bytes, filename: str) -> float:
        first_line = head.split(b"\n", 1)[0].decode("utf-8", "replace")
        cells = re.split(r"[,;\t|]", first_line.replace('"', "").lstrip("\ufeff"))
        found = {meaning[0] for cell in cells if (meaning := self.field_of(cell))}
        if {"title", "ref", "kind"} <= found:
            return 0.9
        return (
            0.6 if {"title", "ref"} <= found and ("alias" in found or "category" in found) else 0.0
        )

    def column_name(self, name: str) -> str:
        match = _CUSTOM.match(name)
        return match[1] if match else name

    def field_of(self, name: str) -> tuple[str, int] | None:
        if found := super().field_of(name):
            return found
        if kind := _link_kind(name):
            return kind[0], 0
        return None

    def labels(self, text: str) -> list[str]:
        # A Jira label holds no space; older exports put several into one cell.
        return [label for label in _LABELS.split(text) if label]

    def refs(self, text: str) -> list[str]:
        return [ref for ref in _KEYS.split(text) if ref]

    def markdown(self, text: str, people: Mapping[str, str]) -> str:
        return to_markdown(text, people)

    def people_columns(self, places: Mapping[str, tuple[int, ...]]) -> list[tuple[int, int]]:
        # "Assignee Id" stands beside "Assignee"; repeated columns ("Watchers") pair up in their order.
        by_name = {plain(name): indexes for name, indexes in places.items()}
        pairs: list[tuple[int, int]] = []
        for name, indexes in by_name.items():
            match = _ACCOUNT.match(name)
            if match and match[1] != name:
                pairs += zip(indexes, by_name.get(match[1], ()), strict=False)
        return pairs

    def links(self, row: RowReader) -> tuple[Link, ...]:
        return tuple(
            Link(kind, ref, found[1] if (found := _link_kind(column)) else "")
            for kind in ("blocks", "blocked_by", "relates", "duplicates", "duplicated_by")
            for column, texts in row.columns(kind)
            for text in texts
            for ref in self.refs(text)
        )

    def comment(self, text: str, dates: DateReader, people: Mapping[str, str]) -> Comment:
        parts = text.split(";", 2)
        if len(parts) == 3:
            try:
                at = dates.moment(parts[0].strip())
            except ValueError:
                pass
            else:
                author = parts[1].strip()
                return Comment(
                    people.get(author, author), at, self.markdown(parts[2].strip(), people)
                )
        return Comment("", None, self.markdown(text, people))

    def finish(self, record: Record, row: RowReader) -> Record:
        attachments = {
            column: tuple(_attachment(text) for text in texts)
            for column, texts in row.columns("extra")
            if plain(column) in _ATTACHMENTS
        }
        for column, links in attachments.items():
            row.keep(column, links)
        if record.parent_ref == record.ref:
            record = replace(record, parent_ref="")
        return record


def _link_kind(column: str) -> tuple[str, str] | None:
    """The kind of link a column holds and Jira's name for it: ``Outward issue link (Blocks)`` is (blocks, Blocks)."""
    match = _LINK_COLUMN.match(column)
    if not match:
        return None
    prefix, name = plain(match[1]), plain(match[2])
    if not any(word in prefix for word in _LINK_WORDS):
        return None
    outward = any(word in prefix for word in _OUTWARD)
    if not outward and not any(word in prefix for word in _INWARD):
        return None
    if "block" in name or "bloque" in name:
        return ("blocks" if outward else "blocked_by"), match[2]
    if "duplica" in name:
        return ("duplicates" if outward else "duplicated_by"), match[2]
    return "relates", match[2]


def _attachment(text: str) -> str:
    """``date;account;name;url`` as a Markdown link; anything else as it is."""
    parts = text.split(";")
    if len(parts) >= 4 and parts[-1].strip().startswith(("http://", "https://")):
        name = ";".join(parts[2:-1]).strip().replace("[", "(").replace("]", ")")
        return f"[{name}]({parts[-1].strip()})"
    return text
