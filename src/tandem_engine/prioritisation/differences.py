"""Where the two lenses see the items in a different order, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

import numpy as np

from tandem_engine.statistics import kendall_tau
from tandem_engine.words import said

from .model import LENSES, Lens, ScoringModel
from .ranking import Ranking, Score, natural_key, shared_ranks
from .simulation import Interval


@dataclass(frozen=True, slots=True)
class LensDifference:
    """One item under both lenses; ranks count from 1 among the items both lenses rated.

    ``rank_shift`` is technical rank minus value rank: above 0 when the value lens puts the item
    further up. ``disagreement`` and ``gap`` are those of :class:`~.ranking.Score`.
    """

    key: str
    value_rank: int
    technical_rank: int
    gap: Interval
    disagreement: float

    @property
    def rank_shift(self) -> int:
        return self.technical_rank - self.value_rank


@dataclass(frozen=True, slots=True)
class LensDifferences:
    """How the lenses differ over a ranking.

    ``tau`` is Kendall's tau-b of the two orders: 1 the same, 0 unrelated, -1 opposite; None when
    it is undefined, and ``note`` says why. ``bias`` is the median gap (value minus technical,
    points of 100): how much one lens is generally higher. ``items`` is how many both lenses rated;
    only these count. ``top`` has the largest sure differences first.
    """

    tau: float | None
    bias: float
    items: int
    top: tuple[LensDifference, ...]
    note: str = ""


def heard(model: ScoringModel, score: Score, lens: Lens) -> bool:
    """Whether anybody rated the item under this lens; an estimate alone is no rating.

    In a lens that consists of effort alone the estimate is all there is, and counts.
    """
    criteria = model.of_lens(lens)
    rated = [c for c in criteria if c.kind == "rating"] or list(criteria)
    return any(criterion.slug not in score.guesses for criterion in rated)


def lens_differences(ranking: Ranking, *, limit: int = 10) -> LensDifferences:
    """Compare the lenses on the items that both have rated.

    Items are listed by how many points the lenses differ for sure, then by the size of the likely
    gap. A gap is not a mistake: the lenses ask different questions, and an item may well be
    wanted and risky at once.
    """
    # Whoever rated leaves the same few combinations of guesses, so each is looked at once.
    by_guesses: dict[tuple[str, ...], bool] = {}
    both = []
    for score in ranking.scores:
        if score.guesses not in by_guesses:
            by_guesses[score.guesses] = all(heard(ranking.model, score, lens) for lens in LENSES)
        if by_guesses[score.guesses]:
            both.append(score)
    if not both:
        return LensDifferences(None, 0.0, 0, (), said("No item is rated under both lenses yet."))
    value = np.array([score.value_lens.likely for score in both])
    technical = np.array([score.technical_lens.likely for score in both])
    value_ranks, technical_ranks = shared_ranks(value), shared_ranks(technical)
    found = [
        LensDifference(
            score.key,
            value_ranks[row],
            technical_ranks[row],
            score.gap,
            score.disagreement,
        )
        for row, score in enumerate(both)
    ]
    found.sort(key=lambda d: (-d.disagreement, -abs(d.gap.likely), natural_key(d.key)))
    bias = float(median(score.gap.likely for score in both))
    tau, note = _tau(value.tolist(), technical.tolist())
    return LensDifferences(tau, bias, len(both), tuple(found[:limit]), note)


def _tau(value: list[float], technical: list[float]) -> tuple[float | None, str]:
    if len(value) < 2:
        return None, said("One item has no order; rate a second one under both lenses.")
    if len(set(value)) == 1 or len(set(technical)) == 1:
        return None, said("One lens rates every item the same, so it puts them in no order.")
    return kendall_tau(value, technical), ""
