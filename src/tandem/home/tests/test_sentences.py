"""Every verb an operation records reads as a sentence in the activity."""

import re
from pathlib import Path

import tandem
from tandem.backlog.history_words import SENTENCES

#: Events of the workspace, not of a product: they stand in no product's activity.
OF_THE_WORKSPACE = (
    "workspace.",
    "member.",
    "invitation.",
    "token.",
    "service.",
    "second_factor.",
    "sign_in_link.",
)


def test_every_recorded_verb_has_a_sentence():
    found = set()
    for path in Path(tandem.__file__).parent.rglob("*.py"):
        if "tests" not in path.parts:
            found |= set(re.findall(r'verb="([a-z_.]+)"', path.read_text(encoding="utf-8")))
    spoken = {verb for verb in found if not verb.startswith(OF_THE_WORKSPACE)}
    assert len(spoken) > 20
    assert spoken - set(SENTENCES) == set()
