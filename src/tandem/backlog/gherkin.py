"""Given/When/Then read by the official parser; problems name the line and what to write."""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from gherkin.errors import CompositeParserException, ParserError
from gherkin.parser import Parser

from tandem.core.errors import Refused

_STEP = re.compile(r"^\s*(given|when|then|and|but|\*)\b", re.IGNORECASE)
_HEAD = re.compile(
    r"^\s*(feature|scenario|scenario outline|example|rule|background)\s*:", re.IGNORECASE
)


@dataclass(frozen=True)
class Step:
    keyword: str
    text: str

    def as_json(self) -> dict[str, str]:
        return {"keyword": self.keyword, "text": self.text}


@dataclass(frozen=True)
class Scenario:
    name: str
    steps: list[Step]


def looks_like_gherkin(text: str) -> bool:
    """Every non-empty line starts as a step or a heading, and there is a Given or When and a Then."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines or not all(_STEP.match(line) or _HEAD.match(line) for line in lines):
        return False
    words = {match[1].lower() for line in lines if (match := _STEP.match(line))}
    return "then" in words and bool(words & {"given", "when"})


def scenarios_of(text: str) -> list[Scenario]:
    """The scenarios of a text; bare steps count as one scenario. Refuses what does not parse."""
    lines = text.splitlines()
    added = 0
    if not any(line.strip().lower().startswith("feature:") for line in lines):
        if not any(_HEAD.match(line) for line in lines):
            lines = ["Scenario:", *lines]
            added += 1
        lines = ["Feature:", *lines]
        added += 1
    # Keywords are capitalised in the language; people write them as they like.
    lines = [_STEP.sub(lambda match: match[0].title(), line) for line in lines]
    try:
        document = Parser().parse("\n".join(lines) + "\n")
    except (CompositeParserException, ParserError) as error:
        first = error.errors[0] if isinstance(error, CompositeParserException) else error
        line = max(1, (getattr(first, "location", None) or {}).get("line", 1) - added)
        raise Refused(
            _(
                "Line %(line)s is not Given/When/Then: write each step on its own line, starting with Given, When, Then, And or But."
            )
            % {"line": line},
            field="text",
        ) from error
    found = []
    feature: dict[str, Any] = dict(document).get("feature") or {}  # type: ignore[assignment]
    for child in feature.get("children", []):
        scenario = child.get("scenario")
        if scenario:
            steps = [Step(s["keyword"].strip(), s["text"]) for s in scenario["steps"]]
            found.append(Scenario(scenario["name"], steps))
    # The parser takes a misspelt keyword for a description: no steps means something was misread.
    if not found or not any(scenario.steps for scenario in found):
        raise Refused(
            _("No steps were found: start each line with Given, When, Then, And or But."),
            field="text",
        )
    return found
