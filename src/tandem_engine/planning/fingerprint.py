"""A short name for a problem's content, the same on every machine and in every run."""

import hashlib
import json
from dataclasses import fields
from typing import Any

from tandem_engine.planning.problem import Problem
from tandem_engine.planning.rules import Rule


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
    content |= _further(problem)
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _further(problem: Problem) -> dict[str, Any]:
    """What most problems do not have; left out when empty."""
    found: dict[str, Any] = {}
    for item in problem.items:
        weights = item.delivery_weights
        if not (item.kind or item.goals or item.skill or item.parts or item.done or weights):
            continue
        more = {
            "skill": item.skill,
            "parts": [[float(p.effort), p.team, p.skill] for p in item.parts],
            "done": float(item.done),
            "kind": item.kind,
            "goals": sorted(item.goals),
            "delivery_weights": [float(weight) for weight in weights or ()],
        }
        found.setdefault("more", []).append([item.key, more])
    skills = [
        [team.name, skill.name, [float(amount) for amount in skill.capacity]]
        for team in problem.teams
        for skill in team.skills
    ]
    if skills:
        found["skills"] = skills
    if problem.rules:
        found["rules"] = [_rule(rule) for rule in problem.rules]
    return found


def _rule(rule: Rule) -> list[Any]:
    """Everything a rule says; the reason a person gave changes no plan."""
    parts = {field.name: getattr(rule, field.name) for field in fields(rule)}
    del parts["reason"]
    # What came later is left out while it says nothing, so that names given before stay.
    if parts.get("each_sprint") is False:
        del parts["each_sprint"]
    said = {
        name: sorted(part) if isinstance(part, frozenset) else part for name, part in parts.items()
    }
    return [type(rule).__name__, said]
