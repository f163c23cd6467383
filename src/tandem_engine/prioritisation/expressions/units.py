"""Units of measurement: what a product or a quotient is counted in, and what may be added."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tandem_engine.words import figure, join, said
from tandem_engine.words import word as known

#: Say how something is counted and measure nothing.
_NOTHING: Final = frozenset({"", "%", "of 100"})
_PER: Final = re.compile(r"\s+per\s+|\s*/\s*")
_TIMES: Final = re.compile(r"\s*[×*]\s*")


@dataclass(frozen=True)
class Unit:
    """Powers of base units, such as customer^1 quarter^-1. ``words`` remembers how each is written.

    ``open`` is what a bare number has: it takes whatever unit stands beside it.
    """

    powers: tuple[tuple[str, float], ...] = ()
    words: tuple[tuple[str, str], ...] = ()
    open: bool = False

    @classmethod
    def of(cls, text: str) -> Unit:
        """The unit somebody wrote: ``customers per quarter``, ``€/week``, ``%`` (no unit)."""
        if text.strip() in _NOTHING:
            return cls()
        powers: dict[str, float] = {}
        words: dict[str, str] = {}
        for place, part in enumerate(_PER.split(text.strip())):
            for word in _TIMES.split(part):
                base = _base(word)
                powers[base] = powers.get(base, 0.0) + (1.0 if place == 0 else -1.0)
                words.setdefault(base, word)
        return cls._made(powers, words)

    @classmethod
    def _made(cls, powers: dict[str, float], words: dict[str, str]) -> Unit:
        kept = {base: power for base, power in powers.items() if power != 0}
        return cls(tuple(kept.items()), tuple((base, words[base]) for base in kept))

    def times(self, other: Unit, power: float = 1.0) -> Unit:
        """The unit of a product; ``power`` -1 gives that of a quotient."""
        if self.open and other.open:
            return OPEN
        powers = dict(self.powers)
        for base, own in other.powers:
            powers[base] = powers.get(base, 0.0) + own * power
        return self._made(powers, dict(other.words) | dict(self.words))

    def to(self, power: float) -> Unit:
        """The unit of a power; ``power`` 0.5 gives that of a root."""
        if self.open:
            return self
        return self._made({base: own * power for base, own in self.powers}, dict(self.words))

    def fits(self, other: Unit) -> bool:
        """Whether the two may be added or compared."""
        return self.open or other.open or dict(self.powers) == dict(other.powers)

    @property
    def text(self) -> str:
        """As people say it: ``customers × impact per quarter per day``; empty without a unit."""
        words = dict(self.words)
        above = [_power(words[base], power) for base, power in self.powers if power > 0]
        below = [
            part
            for base, power in self.powers
            if power < 0
            for part in _repeated(_one(words[base]), -power)
        ]
        if not self.powers:
            return ""
        found: str = said("points")
        if above:
            found = join(
                *(p for at, each in enumerate(above) for p in ((" × ", each) if at else (each,)))
            )
        for each in below:
            found = said("%(unit)s per %(other)s", unit=found, other=each)
        return found


#: The unit of a bare number.
OPEN: Final = Unit(open=True)
NONE: Final = Unit()


def _base(word: str) -> str:
    return _one(word.strip().casefold())


def _one(word: str) -> str:
    return word[:-1] if len(word) > 2 and word.endswith("s") and not word.endswith("ss") else word


def _power(word: str, power: float) -> str:
    return known(word) if power == 1 else join(known(word), "^", figure(power))


def _repeated(word: str, power: float) -> list[str]:
    # € per week per week reads better than € per week^2.
    return [known(word)] * int(power) if power in (1, 2, 3) else [_power(word, power)]
