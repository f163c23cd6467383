"""A short name for a problem's content, the same on every machine and in every run."""

import hashlib
import json
from typing import Any

from tandem_engine.planning.problem import Problem


def fingerprint(problem: Problem) -> str:
    """64 hexadecimal digits (SHA-256) over everything that can change the plan.

    Stored with a plan, it tells later whether the inputs are still those it was made from. The
    order of items and teams is part of it, because equally good plans are told apart by it.
    """
    content: dict[str, Any] = {
        "items": [
            [
                item.key,
                float(item.value),
                float(item.effort),
                sorted(item.needs),
                item.team,
                item.must,
                item.must_not,
                item.earliest,
                item.latest,
            ]
            for item in problem.items
        ],
        "teams": [
            [team.name, [float(amount) for amount in team.capacity]] for team in problem.teams
        ],
        "same_sprint_allowed": problem.same_sprint_allowed,
        "delivery_weights": [float(weight) for weight in problem.weights],
    }
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
