"""``@Name`` in a text: which members of the workspace it names."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from tandem.accounts.models import Member
from tandem.backlog.models import Comment, Named

#: So many people are named by one text and told of it; whoever is named behind them is not.
MOST = 50
#: A text with more @ than this is no prose: the rest is not looked at.
MOST_LOOKED_AT = 2000

_CODE = re.compile(r"(?ms)^(`{3,}|~{3,}).*?(?:^\1|\Z)|`[^`\n]*`")
_AT = re.compile(r"(?<![\w@.+-])@(?=\w)")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Found:
    """``people``: (member, as it was written), each once in the order of the text; ``left``: how
    many more were named than are told."""

    people: list[tuple[Member, str]]
    left: int = 0


def people_named(text: str, workspace_id: int) -> Found:
    """The members whose name or mail address stands behind an ``@``; the longest name that fits
    counts. A name that several share names all of them; the mail address tells them apart."""
    prose = _CODE.sub(lambda match: " " * len(match[0]), text)
    places = [match.end() for match in _AT.finditer(prose)][:MOST_LOOKED_AT]
    if not places:
        return Found([])
    known = _known(workspace_id)
    people: dict[int, tuple[Member, str]] = {}
    for place in places:
        rest = prose[place : place + 254]
        first = _WORD.match(rest)
        candidates = known.get(first[0].casefold(), {}) if first else {}
        for name in sorted(candidates, key=len, reverse=True):
            if rest.casefold().startswith(name) and not rest[len(name) :][:1].isalnum():
                for member in candidates[name]:
                    people.setdefault(member.pk, (member, rest[: len(name)]))
                break
    found = list(people.values())
    return Found(found[:MOST], max(0, len(found) - MOST))


def _known(workspace_id: int) -> dict[str, dict[str, list[Member]]]:
    """First word -> whole name -> members, all in lower case."""
    known: dict[str, dict[str, list[Member]]] = defaultdict(lambda: defaultdict(list))
    people = Member.objects.active().filter(workspace_id=workspace_id).select_related("user")
    for member in people:
        for name in (member.user.name, member.user.email):
            first = _WORD.match(name)
            if first:
                known[first[0].casefold()][" ".join(name.split()).casefold()].append(member)
    return known


def completions(member: Member, typed: str, *, limit: int = 8) -> list[tuple[Member, str]]:
    """Members whose name or mail address begins so, with what to write for each."""
    typed = " ".join(typed.replace("\x00", "").split()).casefold()[:80]
    people = list(Member.objects.visible_to(member).active().select_related("user"))
    shared: dict[str, int] = defaultdict(int)
    for each in people:
        shared[each.name.casefold()] += 1
    fitting = [each for each in people if _fits(each, typed)]
    fitting.sort(key=lambda each: (not each.name.casefold().startswith(typed), each.name, each.pk))
    return [
        (each, each.user.email if shared[each.name.casefold()] > 1 else each.name)
        for each in fitting[:limit]
    ]


def _fits(member: Member, typed: str) -> bool:
    words: Iterable[str] = (member.name.casefold(), *member.name.casefold().split())
    return any(word.startswith(typed) for word in (*words, member.user.email.casefold()))


def names_kept(comment: Comment, by: Member) -> list[int]:
    """Keep whom the comment names; returns those it did not name before."""
    found = people_named(comment.text, by.workspace_id)
    known = set(comment.named.values_list("member_id", flat=True))
    comment.named.all().delete()
    Named.objects.bulk_create(
        Named(comment=comment, member=member, written=written) for member, written in found.people
    )
    comment.left_unnamed = found.left
    return [member.pk for member, _written in found.people if member.pk not in known]
