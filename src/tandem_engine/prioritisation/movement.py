"""Two states of a ranking compared: what moved, and because of which ratings, estimates or model."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from tandem_engine.words import Value, said

from .attribution import Split
from .movement_game import Game
from .ranking import natural_key
from .states import CAUSES, WORDS, Cause, Changed, RankingState, Step, model_steps

__all__ = ["CAUSES", "WORDS", "Cause", "Changed", "Moved", "Movement", "RankingState", "compare"]


@dataclass(frozen=True, slots=True)
class Moved:
    """One item's way from one state to the other.

    Ranks and scores are None where the item was not ranked. ``shares`` split the score's change
    over the causes and add up to it exactly. ``changes`` are the single inputs that differ, with
    what each did; ``others`` are the places won by what happened to other items, ``together`` and
    ``places_together`` what several changes did only by meeting (0 for few changes). Shares of
    changes and ``together`` add up to the change of the score, places of changes, ``others`` and
    ``places_together`` to the places won.
    """

    key: str
    rank_before: int | None
    rank_after: int | None
    score_before: float | None
    score_after: float | None
    shares: tuple[tuple[Cause, float], ...]
    changes: tuple[Changed, ...]
    others: float = 0.0
    together: float = 0.0
    places_together: float = 0.0

    @property
    def places(self) -> int:
        """Places won (above 0) or lost; 0 for an item that is only in one of the states."""
        if self.rank_before is None or self.rank_after is None:
            return 0
        return self.rank_before - self.rank_after

    @property
    def main_cause(self) -> Cause | None:
        """The cause with the largest share; None when the score did not change."""
        most = max(self.shares, key=lambda pair: abs(pair[1]), default=None)
        return most[0] if most is not None and abs(most[1]) > 1e-12 else None

    @property
    def sentence(self) -> str:
        """What happened to the item, and why."""
        if self.rank_before is None:
            return said("New in the ranking, at %(rank)s.", rank=self.rank_after or 0)
        if self.rank_after is None:
            return said("No longer ranked; it was at %(rank)s.", rank=self.rank_before)
        before, after = self.rank_before, self.rank_after
        cause = "" if self.main_cause is None else WORDS[self.main_cause]
        if self.places == 0:
            if not cause:
                return said("Stays at %(rank)s.", rank=after)
            return said("Stays at %(rank)s, mostly because of %(cause)s.", rank=after, cause=cause)
        ranks: dict[str, Value] = {"before": before, "after": after}
        if self.places > 0:
            if not cause:
                return said("Up from %(before)s to %(after)s, because others changed.", **ranks)
            return said(
                "Up from %(before)s to %(after)s, mostly because of %(cause)s.",
                cause=cause,
                **ranks,
            )
        if not cause:
            return said("Down from %(before)s to %(after)s, because others changed.", **ranks)
        return said(
            "Down from %(before)s to %(after)s, mostly because of %(cause)s.", cause=cause, **ranks
        )


@dataclass(frozen=True)
class Movement:
    """Every item of either state, those that moved most places first."""

    items: tuple[Moved, ...]
    model_changes: tuple[Changed, ...]

    @property
    def moved(self) -> tuple[Moved, ...]:
        """The items whose rank changed, entered or left."""
        return tuple(each for each in self.items if each.rank_before != each.rank_after)


def compare(before: RankingState, after: RankingState) -> Movement:
    """What moved between two states, and because of which single change.

    Each item's change of score and of rank is divided over the single changes that can have moved
    it: every answer of a rater, its estimate, every weight, the rest of the model, and for the rank
    what happened to other items. Changes stand in groups, the four causes and the others, and get
    their Owen values (:mod:`.attribution`), so that a cause's share is its Shapley value (L. S.
    Shapley, "A value for n-person games", 1953) and everything adds up exactly. Ratings of criteria
    that a state's model does not have count in neither. Raises :class:`ScoringError` for inputs
    :func:`rank` would refuse.
    """
    game = Game(before, after)
    then = game.whole(frozenset(), later=False)
    now = game.whole(game.everything, later=True)
    found = []
    for key, groups, scores, places in game.splits():
        found.append(
            Moved(
                key,
                game.place(then[key], key, frozenset(), later=False),
                game.place(now[key], key, game.everything, later=True),
                then[key],
                now[key],
                tuple((cause, scores[at].total) for at, cause in enumerate(CAUSES)),
                tuple(_told(groups, scores, places)),
                places[-1].total,
                math.fsum(each.together for each in scores),
                math.fsum(each.together for each in places),
            )
        )
    for key in before.by_key.keys() - after.by_key.keys():
        rank = game.place(then[key], key, frozenset(), later=False)
        found.append(Moved(key, rank, None, then[key], None, (), ()))
    for key in after.by_key.keys() - before.by_key.keys():
        rank = game.place(now[key], key, game.everything, later=True)
        found.append(Moved(key, None, rank, None, now[key], (), ()))
    found.sort(key=_weight)
    changes = tuple(each.changed for each in model_steps(before.model, after.model))
    return Movement(tuple(found), changes)


def _told(groups: list[list[Step]], scores: list[Split], places: list[Split]) -> list[Changed]:
    """The item's changes with their shares, those that did most to the score first."""
    found = [
        replace(step.changed, share=share, places=won)
        for steps, score, place in zip(groups[:-1], scores, places, strict=False)
        for step, share, won in zip(steps, score.parts, place.parts, strict=True)
        # A weight that does nothing to this item is no news of this item.
        if step.changed.cause != "model" or abs(share) > 1e-12 or abs(won) > 1e-12
    ]
    return sorted(found, key=lambda each: -abs(each.share or 0.0))


def _weight(moved: Moved) -> tuple[int, int, tuple[tuple[int, int, str], ...]]:
    both = moved.rank_before is not None and moved.rank_after is not None
    return (-abs(moved.places), 1 if both else 0, natural_key(moved.key))
