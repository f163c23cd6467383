"""The facade: rank items by a scoring model, with intervals and what rests on guesses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from tandem_engine import ENGINE_VERSION
from tandem_engine.words import said

from .derivation import Node, derive
from .errors import ScoringError
from .fingerprint import fingerprint_of
from .guesses import GuessSummary, summarise
from .inputs import ItemInputs, Signature, check_keys, signature_of
from .model import Lens, ScoringModel
from .quantiles import EffortReference
from .ranks import FEWEST_DRAWS, simulate_ranks
from .scale import FloatArray
from .simulation import SCORE_LEVELS, Interval, Outcome, Room, Simulation, tables_for

DEFAULT_DRAWS: Final = 2000
#: How often the order is drawn: a probability of 50 % is then known to within one point of 100.
DEFAULT_RANK_DRAWS: Final = 10_000
#: (signature, draw) cells simulated at once: a block's arrays fit into a cache.
_BLOCK_CELLS: Final = 16_000
#: Signatures whose inputs are made into tables at once.
_TABLE_ROWS: Final = 512


@dataclass(frozen=True, slots=True)
class Score:
    """One item's place in a ranking.

    ``score`` is the formula at the inputs' likely values, ``low`` and ``high`` its P10 and P90, in
    the model's unit. ``value_lens`` and ``technical_lens`` are 0-100: the weighted mean place of
    the lens's criteria on their scales. ``gap`` is value minus technical. ``rank`` counts from 1;
    items with equal scores share it. ``rank_low`` is the better end of the rank's P10-P90
    interval, ``p_top`` the probability of being among the ranking's first ``top``. ``guesses`` are
    the criteria nobody answered, ``guess_share`` (0-1) the part of the uncertainty due to them.
    """

    key: str
    rank: int
    score: float
    low: float
    high: float
    value_lens: Interval
    technical_lens: Interval
    gap: Interval
    rank_low: int
    rank_high: int
    p_top: float
    guesses: tuple[str, ...]
    guess_share: float

    @property
    def disagreement(self) -> float:
        """By how many points (0-100) the lenses differ for sure.

        The end of the gap's interval that is nearer to 0; 0 when the interval holds 0. So the
        probability that the lenses differ by at least this much, in this direction, is 90 %.
        """
        return max(0.0, self.gap.low, -self.gap.high)

    @property
    def lenses_overlap(self) -> bool:
        """Whether the two lenses' intervals share a value."""
        return self.value_lens.overlaps(self.technical_lens)


@dataclass(frozen=True, slots=True)
class Regret:
    """What not knowing costs: the mean over the simulations, in the model's unit.

    ``best`` is the sum of the scores of the ``top`` items that turn out best, ``chosen`` of those
    that stand first now. Their difference is the expected regret of taking these.
    """

    best: float
    chosen: float

    @property
    def expected(self) -> float:
        """The expected regret, 0 or more."""
        return max(0.0, self.best - self.chosen)

    @property
    def share(self) -> float:
        """The expected regret as a share (0-1) of the best; 0 when the best is not above 0."""
        return min(1.0, self.expected / self.best) if self.best > 0 else 0.0


@dataclass(frozen=True)
class Ranking:
    """Scores, best first, with all that is needed to compute them again.

    Items with equal scores stand in the order of their keys.
    """

    scores: tuple[Score, ...]
    model: ScoringModel
    effort_reference: EffortReference | None
    seed: int
    draws: int
    rank_draws: int
    top: int
    fingerprint: str
    engine_version: str
    items: tuple[ItemInputs, ...]
    regret: Regret = Regret(0.0, 0.0)

    @cached_property
    def by_key(self) -> dict[str, Score]:
        """The scores by item key."""
        return {score.key: score for score in self.scores}

    @cached_property
    def inputs_by_key(self) -> dict[str, ItemInputs]:
        """The inputs by item key."""
        return {item.key: item for item in self.items}

    @property
    def unit(self) -> str:
        """The unit of every score, in words."""
        return self.model.unit

    def __getitem__(self, key: str) -> Score:
        return self.by_key[key]

    def __len__(self) -> int:
        return len(self.scores)

    def derivation(self, key: str, lens: Lens | None = None) -> Node:
        """How the item's score, or one lens's score, follows from its inputs."""
        return derive(
            self.model,
            self.inputs_by_key[key],
            seed=self.seed,
            draws=self.draws,
            effort_reference=self.effort_reference,
            lens=lens,
        )

    def guesses(self, first: int | None = None) -> GuessSummary:
        """How much of the ranking, or of its ``first`` items, rests on guesses."""
        chosen = self.scores if first is None else self.scores[:first]
        effort = self.model.effort.slug if self.model.effort else None
        return summarise(
            [(score.guesses, score.guess_share) for score in chosen],
            inputs_per_item=len(self.model.criteria),
            effort_slug=effort,
        )


def rank(
    model: ScoringModel,
    items: Iterable[ItemInputs],
    *,
    seed: int = 0,
    draws: int = DEFAULT_DRAWS,
    effort_reference: EffortReference | None = None,
    top: int = 10,
    rank_draws: int | None = None,
) -> Ranking:
    """Score every item on the model's absolute scales and put them in order, best first.

    ``effort_reference`` is what an item without estimate may cost; without one the estimates among
    ``items`` are pooled, which is the one way for an item to reach another's score. ``draws`` (10
    or more) is the number of simulated values behind each interval, ``seed`` (0 or more) makes
    them repeatable, ``top`` is the k of each item's P(among the first k). The order is drawn
    ``rank_draws`` times (100 or more), by default :data:`DEFAULT_RANK_DRAWS`; less often for more
    than 2,000 items, so that memory stays bounded.

    Nothing among the items is an empty ranking. Raises :class:`ScoringError`, naming item and
    criterion, for a repeated key or an input without a meaning.
    """
    if draws < 10:
        raise ScoringError(
            said("%(draws)s draws are too few for an interval; use 10 or more", draws=draws),
            "draws",
        )
    if seed < 0:
        raise ScoringError(said("the seed %(seed)s must be 0 or more", seed=seed), "seed")
    if top < 1:
        raise ScoringError(
            said("the first %(top)s items are nobody; use 1 or more", top=top), "top"
        )
    rank_draws = DEFAULT_RANK_DRAWS if rank_draws is None else rank_draws
    if rank_draws < FEWEST_DRAWS:
        raise ScoringError(
            said(
                "%(rank_draws)s draws of the order are too few; use %(fewest_draws)s or more",
                rank_draws=rank_draws,
                fewest_draws=FEWEST_DRAWS,
            ),
            "rank_draws",
        )
    inputs = tuple(items)
    check_keys(inputs)
    signatures = [signature_of(model, item) for item in inputs]
    if effort_reference is None and model.effort is not None:
        efforts = (s.effort for s in signatures if s.effort is not None)
        effort_reference = EffortReference.from_efforts(efforts, model.effort)
    outcomes, distributions, rows = _simulate(
        model, signatures, effort_reference, seed=seed, draws=draws
    )
    keys = [item.key for item in inputs]
    ranks = shared_ranks(np.array([outcome.score.likely for outcome in outcomes])[rows])
    order = sorted(range(len(keys)), key=lambda i: (ranks[i], natural_key(keys[i])))
    sure = simulate_ranks(
        keys, distributions, rows, top=top, seed=seed, draws=rank_draws, first=order[:top]
    )
    numbers = list(
        zip(rows.tolist(), sure.low.tolist(), sure.high.tolist(), sure.p_top.tolist(), strict=True)
    )
    scores = []
    for position in order:
        row, low, high, p_top = numbers[position]
        found = outcomes[row]
        place = ranks[position]
        scores.append(
            Score(
                keys[position],
                place,
                found.score.likely,
                found.score.low,
                found.score.high,
                found.value_lens,
                found.technical_lens,
                found.gap,
                min(low, place),
                max(high, place),
                p_top,
                found.guesses,
                found.guess_share,
            )
        )
    return Ranking(
        tuple(scores),
        model,
        effort_reference,
        seed,
        draws,
        sure.draws,
        top,
        fingerprint_of(model, zip(keys, signatures, strict=True), effort_reference),
        ENGINE_VERSION,
        inputs,
        Regret(sure.best, sure.chosen),
    )


def natural_key(key: str) -> tuple[tuple[int, int, str], ...]:
    """Orders keys as people do: WEB-2 before WEB-10."""
    return tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, part)
        for part in re.split(r"(\d+)", key)
        if part
    )


def _simulate(
    model: ScoringModel,
    signatures: Sequence[Signature],
    reference: EffortReference | None,
    *,
    seed: int,
    draws: int,
) -> tuple[list[Outcome], FloatArray, np.ndarray[tuple[int], np.dtype[np.intp]]]:
    """Outcomes of the distinct signatures, their distributions, and each item's row in them.

    Items with the same inputs have the same outcome, so an imported backlog that nobody rated
    costs no more than a handful of items.
    """
    row_of: dict[Signature, int] = {}
    rows = np.array(
        [row_of.setdefault(signature, len(row_of)) for signature in signatures], dtype=np.intp
    )
    distinct = list(row_of)
    outcomes: list[Outcome] = []
    distributions = np.empty((len(distinct), SCORE_LEVELS.size))
    block = max(1, _BLOCK_CELLS // draws)
    room = Room()
    for start in range(0, len(distinct), _TABLE_ROWS):
        chosen = distinct[start : start + _TABLE_ROWS]
        tables = tables_for(model, chosen, reference)
        for first in range(0, len(chosen), block):
            end = min(first + block, len(chosen))
            part = {slug: table.part(first, end) for slug, table in tables.items()}
            simulation = Simulation(model, part, seed=seed, draws=draws, room=room)
            found, levels = simulation.outcomes()
            outcomes.extend(found)
            distributions[start + first : start + end] = levels
    return outcomes, distributions, rows


def shared_ranks(scores: FloatArray) -> list[int]:
    """1 for the highest score; equal scores share the best rank among them."""
    ordered = np.sort(-scores)
    found: list[int] = (np.searchsorted(ordered, -scores, side="left") + 1).tolist()
    return found
