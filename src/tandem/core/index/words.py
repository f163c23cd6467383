"""Words as the index knows them, and those in use, for beginnings and for slips of the keyboard.

The words in use are counted by a job a moment after a text was written (``learn``): they only
widen a search, so a word that is not counted yet is still found when it is typed in full.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connection, transaction

#: Longer words are the rubbish of machines: nobody types them.
LONGEST = 40
#: Shorter words are not corrected: too many words are one slip away from them.
SHORTEST_MENDED = 4
BATCH = 20_000
WORD = re.compile(r"[^\W_]+")
#: Accents, on Latin letters alone: elsewhere, as in Cyrillic, they make another letter.
ACCENTS = re.compile("([A-Za-z])[\u0300-\u036f]+")


def folded(text: str) -> str:
    """Small letters without accents, as both databases make them."""
    if text.isascii():
        return text.lower()
    bare = ACCENTS.sub(r"\1", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", bare).lower()


def words_of(text: str) -> list[str]:
    return WORD.findall(folded(text))


def shortened(word: str) -> set[str]:
    """The word, and the word without any one of its letters."""
    return {word} | {word[:n] + word[n + 1 :] for n in range(len(word))}


def slips(one: str, other: str) -> int:
    """How many letters were left out, added, changed or swapped with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


def learn() -> int:
    """Count the words of texts written since the last time; returns how many texts were read."""
    total = 0
    known: set[tuple[int, str]] = set()
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT value FROM core_searchstate WHERE name = 'learnt'")
            row = cursor.fetchone()
            rows = _read(cursor, int(row[0]) if row else 0)
            if not rows:
                return total
            _count(cursor, rows, known)
            _state(cursor, "learnt", str(rows[-1][0]))
        total += len(rows)


def _read(cursor: Any, behind: int, more: str = "", values: Sequence[Any] = ()) -> list[Any]:
    cursor.execute(
        f"SELECT id, workspace_id, title, body FROM core_searchdoc WHERE id > %s {more} "
        "ORDER BY id LIMIT %s",
        [behind, *values, BATCH],
    )
    found: list[Any] = cursor.fetchall()
    return found


def _state(cursor: Any, name: str, value: str) -> None:
    cursor.execute(
        "INSERT INTO core_searchstate (name, value) VALUES (%s, %s) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        [name, value],
    )


def _count(
    cursor: Any, rows: Iterable[tuple[int, int, str, str]], known: set[tuple[int, str]]
) -> None:
    """Add the rows' words; ``known``: those whose near words were written already."""
    found: Counter[tuple[int, str]] = Counter()
    for _, workspace, title, body in rows:
        for word in {*words_of(title), *words_of(body)}:
            if len(word) <= LONGEST:
                found[workspace, word] += 1
    # In one order always: two workers that count at once wait for each other, never in a circle.
    _insert(
        cursor,
        "INSERT INTO core_searchword (workspace_id, word, docs) VALUES",
        [(*key, docs) for key, docs in sorted(found.items())],
        "ON CONFLICT (workspace_id, word) DO UPDATE SET docs = core_searchword.docs + excluded.docs",
    )
    fresh = [
        (workspace, word)
        for workspace, word in sorted(found.keys() - known)
        if SHORTEST_MENDED <= len(word) <= 24 and word.isalpha()
    ]
    known |= found.keys()
    _insert(
        cursor,
        "INSERT INTO core_searchnear (workspace_id, near, word) VALUES",
        [(workspace, key, word) for workspace, word in fresh for key in sorted(shortened(word))],
        "ON CONFLICT DO NOTHING",
    )


def _insert(cursor: Any, start: str, rows: Sequence[tuple[Any, ...]], end: str) -> None:
    left = iter(rows)
    while part := list(islice(left, 1_000)):
        marks = ", ".join(["(%s, %s, %s)"] * len(part))
        cursor.execute(f"{start} {marks} {end}", [value for row in part for value in row])


def forget(workspace_id: int) -> None:
    """Forget the workspace's words, because rows were erased; those that remain are learnt again
    with the next turn of the job."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_searchword WHERE workspace_id = %s", [workspace_id])
        cursor.execute("DELETE FROM core_searchnear WHERE workspace_id = %s", [workspace_id])
        cursor.execute(
            "SELECT 1 FROM core_searchdoc WHERE workspace_id = %s LIMIT 1", [workspace_id]
        )
        if cursor.fetchone() is not None:
            _state(cursor, f"relearn:{workspace_id}", "1")


def relearn() -> None:
    """Learn the words of workspaces that had to forget theirs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM core_searchstate WHERE name LIKE 'relearn:%'")
        waiting = [int(name.partition(":")[2]) for (name,) in cursor.fetchall()]
    for workspace in waiting:
        with transaction.atomic(), connection.cursor() as cursor:
            for table in ("core_searchword", "core_searchnear"):
                cursor.execute(f"DELETE FROM {table} WHERE workspace_id = %s", [workspace])
            cursor.execute("SELECT value FROM core_searchstate WHERE name = 'learnt'")
            row = cursor.fetchone()
            last, upto = 0, int(row[0]) if row else 0
            known: set[tuple[int, str]] = set()
            of_workspace = "AND workspace_id = %s AND id <= %s"
            while rows := _read(cursor, last, of_workspace, [workspace, upto]):
                _count(cursor, rows, known)
                last = rows[-1][0]
            cursor.execute("DELETE FROM core_searchstate WHERE name = %s", [f"relearn:{workspace}"])


# Asking


def beginning(workspace_id: int, start: str, most: int) -> list[tuple[str, int]]:
    """Up to ``most`` words that begin so, with the number of texts, the most used first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word, docs FROM core_searchword WHERE workspace_id = %s AND word >= %s "
            "AND word < %s ORDER BY docs DESC, word LIMIT %s",
            [workspace_id, start, start + "\U0010ffff", most],
        )
        found: list[tuple[str, int]] = cursor.fetchall()
        return found


def holding(workspace_id: int, part: str, most: int) -> list[str]:
    """Words that hold ``part`` somewhere inside, as compound words do; the most used first."""
    place = "strpos(word, %s)" if connection.vendor == "postgresql" else "instr(word, %s)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT word FROM core_searchword WHERE workspace_id = %s AND {place} > 1 "
            "ORDER BY docs DESC, word LIMIT %s",
            [workspace_id, part, most],
        )
        return [word for (word,) in cursor.fetchall()]


def resembling(workspace_id: int, word: str, most: int) -> list[str]:
    """Words in use that may have been meant by ``word``, the likeliest first."""
    if not SHORTEST_MENDED <= len(word) <= 24 or not word.isalpha():
        return []
    keys = shortened(word)
    if len(word) >= 7:
        keys |= {shorter for key in list(keys) for shorter in shortened(key)}
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(keys))
        cursor.execute(
            "SELECT DISTINCT w.word, w.docs FROM core_searchnear n JOIN core_searchword w "
            "ON w.workspace_id = n.workspace_id AND w.word = n.word "
            f"WHERE n.workspace_id = %s AND n.near IN ({marks})",
            [workspace_id, *sorted(keys)],
        )
        found = cursor.fetchall()
    allowed = 1 if len(word) < 7 else 2
    near = []
    for other, docs in found:
        distance = slips(word, other)
        if 0 < distance <= allowed:
            # The first letter is rarely wrong.
            near.append((distance, other[0] != word[0], -docs, other))
    return [other for *_, other in sorted(near)[:most]]
