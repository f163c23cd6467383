"""What trackers' words mean: statuses and kinds, in the languages their exports come in.

Names are compared without case, accents and punctuation (:func:`tandem.core.importing.words.plain`).
"""

from tandem.core.importing.words import plain

#: The kinds an imported row can become.
KINDS = ("epic", "story", "bug", "debt", "spike", "requirement")
USUAL_KIND = "story"


def _index(groups: dict[str, str]) -> dict[str, str]:
    return {
        plain(name): meaning
        for meaning, names in groups.items()
        for name in names.replace("\n", "/").split("/")
        if name.strip()
    }


# A line for each language: English, Spanish, German, French, Portuguese.
_STATUSES = _index(
    {
        "open": """
            to do/todo/to-do/open/new/backlog/product backlog/sprint backlog/reopened/ready/ready for development/ready for dev/
            selected for development/planned/unstarted/unscheduled/triage/proposed/approved/icebox/inbox/idea/ideas/
            next/next up/later/someday/draft/pending/requested/submitted/to be done/not started/created/funnel/
            por hacer/tareas por hacer/pendiente/abierto/abierta/nuevo/nueva/lista de tareas pendientes/reabierta/
            zu erledigen/offen/neu/geplant/aufgaben/zu tun/wieder geöffnet/
            à faire/a faire/ouvert/ouverte/nouveau/nouvelle/en attente/rouvert/
            a fazer/tarefas pendentes/itens pendentes/pendente/aberto/aberta/novo/nova/reaberto
        """,
        "started": """
            in progress/doing/started/wip/work in progress/in development/in dev/developing/development/in review/review/
            code review/peer review/reviewing/ready for review/testing/in testing/in test/test/ready for testing/ready for test/
            ready for qa/qa/in qa/uat/blocked/on hold/paused/active/committed/assigned/working/ongoing/in design/
            analysis/in analysis/staging/ready for release/ready to deploy/ready for deployment/ready to merge/feedback/
            delivered/implementing/under review/waiting/waiting for review/
            en curso/en progreso/en desarrollo/en revisión/en pruebas/bloqueado/haciendo/
            in arbeit/in bearbeitung/in prüfung/im test/wird getestet/blockiert/
            en cours/en revue/en test/en développement/bloqué/
            em andamento/em progresso/em desenvolvimento/em revisão/em teste/bloqueado/fazendo
        """,
        "done": """
            done/closed/resolved/complete/completed/finished/released/shipped/deployed/accepted/verified/fixed/merged/live/
            in production/production/published/archive/archived/
            listo/lista/hecho/finalizado/finalizada/cerrado/cerrada/resuelto/resuelta/terminado/terminada/completado/completada/
            fertig/erledigt/geschlossen/abgeschlossen/gelöst/
            terminé/terminée/fermé/fermée/résolu/résolue/fini/finie/livré/
            concluído/concluída/concluido/feito/fechado/fechada/resolvido/resolvida/finalizado/pronto
        """,
        "dropped": """
            won't do/wont do/will not do/won't fix/wontfix/will not fix/cancelled/canceled/rejected/abandoned/duplicate/
            duplicated/invalid/obsolete/declined/removed/discarded/not planned/not doing/dropped/withdrawn/cannot reproduce/
            can't reproduce/not reproducible/not a bug/works as designed/as designed/won't implement/deferred forever/
            trash/deleted/incomplete/out of scope/not needed/stale/closed without action/
            no se hará/no se realizará/cancelado/cancelada/descartado/descartada/rechazado/rechazada/duplicado/duplicada/
            wird nicht erledigt/nicht erledigen/wird nicht durchgeführt/abgelehnt/abgebrochen/verworfen/storniert/duplikat/ungültig/
            ne sera pas fait/ne sera pas effectué/annulé/annulée/abandonné/abandonnée/rejeté/rejetée/doublon/
            não será feito/não será realizado/rejeitado/rejeitada/descartado/abandonado
        """,
    }
)
#: Names of status categories that are no statuses themselves (the internal key of Jira's first category is "new").
_CATEGORY_NAMES = {"indeterminate": "started", "undefined": "open"}
_TELLING = (
    ("dropped", ("cancel", "reject", "abandon", "wont", "discard", "obsolet", "duplicate")),
    ("done", ("done", "complete", "closed", "released", "shipped", "deployed", "resolved", "finished")),
    ("started", ("progress", "doing", "review", "testing", "development", "qa", "blocked", "started")),
)  # fmt: skip
_NEGATIONS = {"not", "no", "un", "never", "to", "ready", "before", "for", "awaiting"}

_KINDS = _index(
    {
        "epic": "epic/initiative/theme/epopeya/épica/epica/epos/épopée/épico",
        "story": """
            story/user story/feature/new feature/improvement/enhancement/task/sub-task/subtask/product backlog item/
            feature request/change request/issue/card/work item/chore/wish/suggestion/support/
            historia/historia de usuario/tarea/subtarea/mejora/nueva función/nueva funcionalidad/
            aufgabe/unteraufgabe/teilaufgabe/verbesserung/neue funktion/user-story/
            récit/histoire/tâche/sous-tâche/amélioration/nouvelle fonctionnalité/
            história/tarefa/subtarefa/melhoria/novo recurso/nova funcionalidade
        """,
        "bug": "bug/defect/error/incident/problem/fault/regression/fehler/störung/anomalie/bogue/defecto/incidencia/defeito/erro/falha",
        "debt": "debt/technical debt/tech debt/tech-debt/technical task/refactor/refactoring/maintenance/cleanup/deuda técnica/technische schuld/dette technique/dívida técnica",
        "spike": "spike/research/investigation/analysis/discovery/proof of concept/poc/investigación/recherche/untersuchung/pesquisa",
        "requirement": "requirement/non-functional requirement/technical requirement/requisito/anforderung/exigence",
    }
)


def status_category(status: str) -> str | None:
    """The category of a status whose name says it outright, or None."""
    return _STATUSES.get(plain(status))


def category_name(name: str) -> str | None:
    """The category a tracker's own category name means (``To Do``, ``En curso``, ``indeterminate``), or None."""
    return _STATUSES.get(plain(name)) or _CATEGORY_NAMES.get(plain(name))


def likely_category(status: str) -> str | None:
    """The category a single word in the status suggests, or None; weaker than anything else the row says."""
    words = plain(status).split()
    if any(word in _NEGATIONS for word in words):
        return None
    for category, stems in _TELLING:
        if any(word.startswith(stem) for word in words for stem in stems):
            return category
    return None


def combined_category(
    *,
    status: str,
    category: str = "",
    resolution: str = "",
    finished: bool = False,
    mapped: str = "",
) -> str:
    """What a row's own words say together; ``mapped`` is what a person said its status means, or empty.

    A person's word wins, then a status whose name is known: ``Won't Do`` is dropped though it sits in the category
    Done. Then the tracker's category, a telling word in the status, and a date of finishing. A resolution that gives
    the row up turns done into dropped. A row that says nothing is open.
    """
    found = mapped or status_category(status) or category_name(category) or likely_category(status)
    gives_up = status_category(resolution) == "dropped"
    if found is None and (finished or resolution):
        found = "done" if finished or status_category(resolution) == "done" else None
    if gives_up and found in ("done", None):
        return "dropped"
    return found or "open"


def known_kind(name: str) -> str | None:
    """The kind a kind's name or a label means, or None."""
    return _KINDS.get(plain(name))
