"""GitHub issues as JSON: the REST API's lists, ``gh issue list --json``, and archives with ``issues`` and ``pulls``.

Issues are rows. Pull requests are not: GitHub's lists mix them in, so they are left out and counted in one warning.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.translation import gettext_noop as N_

from tandem.core.importing.adapter import Adapter, Survey
from tandem.core.importing.dates import DateReader
from tandem.core.importing.documents import Moments, first_text, objects, text_of
from tandem.core.importing.errors import ImportRefused
from tandem.core.importing.mapping import Mapping
from tandem.core.importing.pieces import ALONE, AROUND, Piece, pieces
from tandem.core.importing.record import Comment, Entry, Extra, Record, Refusal, RowWarning
from tandem.core.importing.source import Source
from tandem_engine.words import counted, figure, said

from . import vocabulary

_REPOSITORY = re.compile(
    r"(?:https?://)?(?:api\.)?[\w.-]+/(?:repos/)?([\w.-]+/[\w.-]+)(?:/(?:issues|pull)/\d+)?/?$"
)
_GIVEN_UP = ("wontfix", "won't fix", "invalid", "duplicate", "not planned")


@dataclass(slots=True)
class _Issues(Survey):
    """Which of the file's answers and archives, counted from 0, say what repository their issues are from."""

    repositories: dict[int, str] = field(default_factory=dict)
    encoding_warning: RowWarning | None = None


class GitHubAdapter(Adapter):
    """Open and closed issues with labels, people, comments where the export has them, and the reason for closing."""

    name: ClassVar[str] = "github"
    title: ClassVar[str] = "GitHub issues"
    description: ClassVar[str] = N_(
        "Issues as JSON: from the REST API, from gh issue list, or a repository archive."
    )
    extensions = (".json", ".jsonl", ".ndjson")

    def accepts(self, head: bytes, filename: str) -> float:
        text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
        if text[:1] not in (b"[", b"{"):
            return 0.0
        if b'"repo"' in text and b'"issues"' in text and b'"number"' in text:
            return 0.9
        sure = (
            b'"number"' in text and b'"title"' in text and (b'"state"' in text or b'"body"' in text)
        )
        return 0.8 if sure else (0.2 if text[:1] == b"[" else 0.0)

    def survey(self, source: Source, mapping: Mapping, *, full: bool) -> _Issues:
        mapping.validate(columns=(), kinds=vocabulary.KINDS)
        issues = _Issues(mapping=mapping.over(Mapping(time_zone="UTC")))
        warning = source.encoding(mapping.encoding)
        if warning.warning:
            issues.encoding_warning = RowWarning(warning.line, warning.warning)
        answers = others = 0
        holds_issues = False
        for value, place in _pieces(source, mapping):
            if place == AROUND:
                if repository := text_of(value.get("repo")):
                    issues.repositories[answers] = repository
                answers += 1
            else:
                others += 1
                holds_issues = holds_issues or place != ALONE or _is_issue(value)
        # A list without entries is one without issues.
        if not holds_issues and answers + others:
            raise ImportRefused(
                said("This holds no GitHub issues: no list of objects with “number” and “title”.")
            )
        return issues

    def entries(self, source: Source, survey: Survey) -> Iterator[Entry]:
        assert isinstance(survey, _Issues)
        if survey.encoding_warning:
            yield survey.encoding_warning
        dates = Moments(DateReader("ymd", survey.mapping.time_zone or "UTC"))
        answers = position = pulls = 0
        for issue, place in _pieces(source, survey.mapping):
            if place == AROUND:
                answers += 1
                continue
            if place == ALONE and not _is_issue(issue):
                continue
            if _is_pull(issue, place):
                pulls += 1
                continue
            position += 1
            if not isinstance(issue, dict):
                yield Refusal(
                    position, said("the entry is not an issue (an object with number and title)")
                )
            elif not (number := text_of(issue.get("number"))):
                yield Refusal(position, said("the issue has no number"))
            else:
                dates.line = position
                repository = survey.repositories.get(answers, "") if place == "issues" else ""
                record = _record(issue, number, repository, position, survey.mapping, dates)
                yield from dates.problems.take()
                yield record
        yield from dates.problems.rest()
        if pulls:
            yield RowWarning(
                None,
                counted(
                    "Left out: 1 pull request. Only issues are imported.",
                    "Left out: %(number)s pull requests. Only issues are imported.",
                    count=pulls,
                    number=figure(pulls, ","),
                ),
            )


def _pieces(source: Source, mapping: Mapping) -> Iterator[Piece]:
    """Entries of lists, of pages, of the search API's answers and of archives, and single issues."""
    return pieces(source, encoding=mapping.encoding, lists=("issues", "items", "pulls"))


def _is_issue(value: Any) -> bool:
    return isinstance(value, dict) and "number" in value and "title" in value


def _is_pull(entry: Any, place: str) -> bool:
    if place == "pulls" or not isinstance(entry, dict):
        return place == "pulls"
    if isinstance(entry.get("pull_request"), dict) or "mergedAt" in entry or "merged_at" in entry:
        return True
    return "/pull/" in first_text([entry.get("html_url"), entry.get("url")])


def _record(
    issue: dict[str, Any],
    number: str,
    repository: str,
    position: int,
    mapping: Mapping,
    dates: Moments,
) -> Record:
    repository = repository or _repository(issue)
    labels = tuple(
        dict.fromkeys(name for label in _list(issue, "labels") if (name := _name(label)))
    )
    type_name = _name(issue.get("type"))
    kind_name = type_name or next(
        (name for name in labels if name in mapping.kinds or kind_of_label(name)), ""
    )
    status = _status(issue)
    rule = mapping.statuses.get(status)
    category = _category(status, labels, rule.category if rule else "")
    people = [name for person in _list(issue, "assignees") if (name := _name(person))]
    people = people or [name for name in [_name(issue.get("assignee"))] if name]
    closed = dates.of(issue, "closed_at", "closedAt")
    extra: dict[str, Extra] = {}
    if len(people) > 1:
        extra["Assignees"] = tuple(people)
    if milestone := _name(issue.get("milestone")):
        extra["Milestone"] = milestone
    reactions = issue.get("reactions")
    if isinstance(reactions, dict) and (count := text_of(reactions.get("total_count"))) not in (
        "",
        "0",
    ):
        extra["Reactions"] = count
    return Record(
        line=position,
        ref=f"{repository}#{number}",
        title=" ".join(text_of(issue.get("title")).split()),
        aliases=(f"#{number}", number) if repository else (number,),
        description=text_of(issue.get("body")).replace("\r\n", "\n").strip(),
        kind=mapping.kinds.get(kind_name)
        or (kind_of_label(kind_name) if kind_name else None)
        or vocabulary.USUAL_KIND,
        kind_name=kind_name,
        status=(rule.name if rule else "") or status,
        status_name=status,
        category=category,
        labels=labels,
        assignee=people[0] if people else "",
        reporter=_name(issue.get("user")) or _name(issue.get("author")),
        created=dates.of(issue, "created_at", "createdAt"),
        updated=dates.of(issue, "updated_at", "updatedAt"),
        finished=closed if category in ("done", "dropped") else None,
        parent_ref=_parent(issue),
        comments=tuple(
            Comment(
                _name(comment.get("author")) or _name(comment.get("user")),
                dates.of(comment, "createdAt", "created_at"),
                text,
            )
            for comment in objects(issue.get("comments"))
            if (text := text_of(comment.get("body")).replace("\r\n", "\n").strip())
        ),
        url=_page(issue),
        extra=extra,
    )


def _status(issue: dict[str, Any]) -> str:
    """``open``, ``closed``, or ``closed: not planned`` where GitHub gives a reason that is not completion."""
    state = text_of(issue.get("state")).strip().lower() or "open"
    reason = (
        first_text([issue.get("state_reason"), issue.get("stateReason")]).lower().replace("_", " ")
    )
    return (
        f"{state}: {reason}"
        if state == "closed" and reason not in ("", "completed", "reopened")
        else state
    )


def _category(status: str, labels: tuple[str, ...], mapped: str) -> str:
    """``mapped`` is what a person said the status means; a label that gives the issue up still makes done dropped."""
    found = mapped or {"open": "open", "closed": "done"}.get(status, "dropped")
    given_up = any(label.casefold() in _GIVEN_UP for label in labels)
    return "dropped" if given_up and found == "done" else found


def kind_of_label(name: str) -> str | None:
    """The kind a label means: ``bug``, ``type: bug``, ``kind/bug``, ``type::bug``; None for any other."""
    kind = vocabulary.known_kind(name.rsplit(":", maxsplit=1)[-1].rsplit("/", maxsplit=1)[-1])
    return None if kind == vocabulary.USUAL_KIND else kind


def _parent(issue: dict[str, Any]) -> str:
    url = text_of(issue.get("parent_issue_url")).strip()[:500]
    match = re.search(r"([\w.-]+/[\w.-]+)/issues/(\d+)$", url)
    return f"{match[1]}#{match[2]}" if match else ""


def _repository(issue: dict[str, Any]) -> str:
    for key in ("repository_url", "html_url", "url"):
        if match := _REPOSITORY.match(text_of(issue.get(key)).strip()):
            return match[1]
    return ""


def _page(issue: dict[str, Any]) -> str:
    return first_text([issue.get("html_url"), issue.get("url")])


def _name(value: Any) -> str:
    if isinstance(value, dict):
        return first_text([value.get("login"), value.get("name"), value.get("title")])
    return value.strip() if isinstance(value, str) else ""


def _list(issue: dict[str, Any], key: str) -> list[Any]:
    value = issue.get(key)
    return value if isinstance(value, list) else []
