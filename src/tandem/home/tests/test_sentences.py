"""Every verb an operation records reads as a sentence in the activity or the audit log."""

import re
from pathlib import Path

import tandem
from tandem.backlog.history_words import OF_THE_WORKSPACE, SENTENCES


def test_every_recorded_verb_has_a_sentence():
    found = set()
    for path in Path(tandem.__file__).parent.rglob("*.py"):
        if "tests" not in path.parts:
            found |= set(re.findall(r'verb="([a-z_.]+)"', path.read_text(encoding="utf-8")))
    assert len(found) > 20
    assert found - {*SENTENCES, *OF_THE_WORKSPACE} == set()
