"""What fits the next release, and every plan worth considering.

``select(SelectionProblem(requirements, requesters), budget)`` gives the best choice with its
proof; ``front(problem)`` all undominated plans. See ``docs/algorithms/selection.md``.
"""

from tandem_engine.planning.selection.front import front
from tandem_engine.planning.selection.problem import Requester, Requirement, SelectionProblem
from tandem_engine.planning.selection.result import Front, FrontPoint, Selection
from tandem_engine.planning.selection.select import select

__all__ = [
    "Front",
    "FrontPoint",
    "Requester",
    "Requirement",
    "Selection",
    "SelectionProblem",
    "front",
    "select",
]
