"""Absolute scales: what a rating's number means, independent of every other item."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from tandem_engine.words import figure, said

from .errors import ScoringError

FloatArray = npt.NDArray[np.float64]
Spacing = Literal["linear", "log"]


@dataclass(frozen=True, slots=True)
class Anchor:
    """One level of a scale and the sentence that says when it applies."""

    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Scale:
    """From ``low`` to ``high`` in the criterion's unit; both ends are fixed by the model.

    ``spacing`` says which steps feel equal: ``linear`` (1 to 2 is as much as 4 to 5) or ``log``
    (1 to 2 is as much as 5 to 10: people reached, effort, Fibonacci levels). ``step`` and
    ``anchors`` help whoever rates; a value between two levels is accepted.
    """

    low: float
    high: float
    step: float | None = None
    anchors: tuple[Anchor, ...] = ()
    spacing: Spacing = "linear"

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ScoringError(
                said(
                    "the low end %(low)s must be a number below the high end %(high)s",
                    low=figure(self.low),
                    high=figure(self.high),
                ),
                "scale",
            )
        if self.spacing not in ("linear", "log"):
            raise ScoringError(
                said("unknown spacing %(spacing)s: linear or log", spacing=repr(self.spacing)),
                "scale",
            )
        if self.spacing == "log" and self.low <= 0:
            raise ScoringError(
                said("a log scale starts above zero, not at %(low)s", low=figure(self.low)), "scale"
            )
        if self.step is not None and not self.step > 0:
            raise ScoringError(
                said("the step %(step)s must be above zero", step=figure(self.step)), "scale"
            )
        for anchor in self.anchors:
            if not self.low <= anchor.value <= self.high:
                raise ScoringError(
                    said(
                        "the anchor %(anchor)s lies outside %(low)s to %(high)s",
                        anchor=figure(anchor.value),
                        low=figure(self.low),
                        high=figure(self.high),
                    ),
                    "scale",
                )

    def holds(self, value: float) -> bool:
        """Whether the value is a number on the scale."""
        return math.isfinite(value) and self.low <= value <= self.high

    def place(self, value: FloatArray) -> FloatArray:
        """Where values stand between the ends: 0 at ``low``, 1 at ``high``, clamped outside."""
        inside = np.clip(value, self.low, self.high)
        if self.spacing == "log":
            found = np.log(inside / self.low) / math.log(self.high / self.low)
        else:
            found = (inside - self.low) / (self.high - self.low)
        return np.asarray(found, dtype=np.float64)

    def at(self, place: FloatArray) -> FloatArray:
        """The values at places between 0 and 1: the inverse of :meth:`place`."""
        if self.spacing == "log":
            found = self.low * (self.high / self.low) ** place
        else:
            found = self.low + (self.high - self.low) * place
        return np.asarray(found, dtype=np.float64)

    def nearest_anchor(self, value: float) -> Anchor | None:
        """The level whose sentence describes the value best; none without anchors."""
        if not self.anchors:
            return None
        here = float(self.place(np.array(value)))
        return min(
            self.anchors, key=lambda anchor: abs(float(self.place(np.array(anchor.value))) - here)
        )
