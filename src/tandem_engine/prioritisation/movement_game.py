"""What every coalition of changes is worth to an item: its score and its rank, from few rankings."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import replace
from functools import cached_property

import numpy as np

from tandem_engine.words import join, said

from .attribution import Coalition, Split, coalitions, owen
from .errors import ScoringError
from .inputs import ItemInputs
from .model import ScoringModel
from .ranking import natural_key
from .states import (
    Changed,
    Likely,
    RankingState,
    Step,
    answers,
    estimate_step,
    mixed,
    model_steps,
    rating_steps,
    reference_of,
    same_but_weights,
)

_Chosen = frozenset[Hashable]
#: The groups: the model, both lenses' ratings, estimates, and all other items' inputs.
_MODEL, _VALUE, _TECHNICAL, _ESTIMATES, _OTHERS = range(5)
_REFERENCE = "reference"


class Game:
    """Two states as a game for each of the items that are in both."""

    def __init__(self, before: RankingState, after: RankingState) -> None:
        self.before = before
        self.after = after
        self.keys = sorted(set(before.by_key) & set(after.by_key), key=natural_key)
        self._mixtures: dict[_Chosen, ScoringModel] = {}
        self._read: dict[tuple[bool, bool], Likely] = {}
        self._whole: dict[tuple[_Chosen, bool], dict[str, float]] = {}
        self._sorted: dict[tuple[_Chosen, bool], np.ndarray] = {}

    @cached_property
    def model_steps(self) -> list[Step]:
        """What differs between the models; one player for all where they cannot be told apart."""
        found = model_steps(self.before.model, self.after.model)
        weights = [
            each for each in found if isinstance(each.name, tuple) and each.name[0] == "weight"
        ]
        rest = [each.changed for each in found if each not in weights and each.name != "name"]
        players = list(weights)
        if rest or not same_but_weights(self.before.model, self.after.model):
            players.append(Step("rest", _joined(rest)))
        try:
            for coalition in coalitions([[each.name for each in players]]):
                self._model(coalition[0])
        except ScoringError:
            self._mixtures.clear()
            return [Step("all", _joined([*(each.changed for each in weights), *rest]))]
        return players

    def _model(self, chosen: _Chosen) -> ScoringModel:
        if chosen not in self._mixtures:
            one, two = self.before.model, self.after.model
            if "all" in chosen:
                self._mixtures[chosen] = two
            elif not chosen:
                self._mixtures[chosen] = one
            else:
                self._mixtures[chosen] = mixed(one, two, chosen)
        return self._mixtures[chosen]

    def whole(self, chosen: _Chosen, *, later: bool) -> dict[str, float]:
        """The scores of every item of one state under a mixture of the models."""
        at = (chosen, later)
        if at not in self._whole:
            state = self.after if later else self.before
            shape = (_is_later_shape(chosen), later)
            if shape not in self._read:
                self._read[shape] = self._likely(state.items, *shape)
            scores = self._read[shape].scores(self._model(chosen))
            self._whole[at] = dict(zip((i.key for i in state.items), scores.tolist(), strict=True))
            self._sorted[at] = np.sort(scores)
        return self._whole[at]

    def _likely(self, items: Iterable[ItemInputs], later_shape: bool, later: bool) -> Likely:
        """Read by the scales of one model, with what the estimates of one state say of guesses."""
        model = (self.after if later_shape else self.before).model
        return Likely(model, items, reference_of(model, self.after if later else self.before))

    @property
    def everything(self) -> _Chosen:
        """All changes of the model."""
        return frozenset(each.name for each in self.model_steps)

    def place(self, score: float, key: str, chosen: _Chosen, *, later: bool) -> int:
        """The rank of a score among the other items of that state."""
        own = self.whole(chosen, later=later)[key]
        ordered = self._sorted[chosen, later]
        better = ordered.size - int(np.searchsorted(ordered, score, side="right"))
        return 1 + better - (1 if own > score else 0)

    def steps(self, key: str) -> list[list[Step]]:
        """The item's changes, by group; the last two stand for other items."""
        ratings = rating_steps(self.before, self.after, key)
        own = estimate_step(self.before, self.after, key)
        estimates = [] if own is None else [own]
        if self._guessed(key) and self.before.estimates != self.after.estimates:
            words = Changed("estimates", said("What items cost that nobody estimated"), "", "", "")
            estimates.append(Step(_REFERENCE, words))
        return [
            self.model_steps,
            [each for each in ratings if each.changed.cause == "value"],
            [each for each in ratings if each.changed.cause == "technical"],
            estimates,
            [Step("others", Changed("estimates", said("Other items"), "", "", ""))],
        ]

    def _guessed(self, key: str) -> bool:
        return any(state.by_key[key].estimate is None for state in (self.before, self.after))

    def splits(self) -> Iterable[tuple[str, list[list[Step]], list[Split], list[Split]]]:
        """Each item's changes by group, with the splits of its score and of its places won."""
        steps = {key: self.steps(key) for key in self.keys}
        asked = {
            key: coalitions([[each.name for each in group] for group in groups])
            for key, groups in steps.items()
        }
        scores = self._scores(steps, asked)
        for key, groups in steps.items():
            names = [[each.name for each in group] for group in groups]
            mine = {each: scores[key, _own(each)] for each in asked[key]}
            places = {
                each: -float(self.place(mine[each], key, each[_MODEL], later=bool(each[_OTHERS])))
                for each in asked[key]
            }
            yield key, groups, owen(names, mine), owen(names, places)

    def _scores(
        self, steps: dict[str, list[list[Step]]], asked: dict[str, set[Coalition]]
    ) -> dict[tuple[str, Coalition], float]:
        """The item's own score in every coalition, the ones alike worked out together."""
        found: dict[tuple[str, Coalition], float] = {}
        # By the model's shape and the state of the guesses: each mixture of inputs once.
        rows: dict[tuple[bool, bool], dict[tuple[str, _Chosen], int]] = {}
        open_: list[tuple[str, Coalition, tuple[bool, bool], int]] = []
        for key, groups in steps.items():
            every = frozenset(each.name for group in groups[1:4] for each in group)
            guessed = self._guessed(key)
            for own in {_own(each) for each in asked[key]}:
                made = own[_VALUE] | own[_TECHNICAL] | own[_ESTIMATES]
                later = _REFERENCE in made
                at = bool(every) and made == every
                # Nothing or everything changed of it: it is as it was in that state's ranking.
                if (at or not made) and (at == later or not guessed):
                    found[key, own] = self.whole(own[_MODEL], later=at)[key]
                    continue
                shape = (_is_later_shape(own[_MODEL]), later)
                known = rows.setdefault(shape, {})
                open_.append((key, own, shape, known.setdefault((key, made), len(known))))
        scores: dict[tuple[_Chosen, tuple[bool, bool]], list[float]] = {}
        read = {
            shape: self._likely(
                [self._inputs(key, steps[key], made) for key, made in known], *shape
            )
            for shape, known in rows.items()
        }
        for key, own, shape, row in open_:
            mixture = (own[_MODEL], shape)
            if mixture not in scores:
                scores[mixture] = read[shape].scores(self._model(own[_MODEL])).tolist()
            found[key, own] = scores[mixture][row]
        return found

    def _inputs(self, key: str, groups: list[list[Step]], made: _Chosen) -> ItemInputs:
        old, new = self.before.by_key[key], self.after.by_key[key]
        changed = {each.name for group in groups[1:3] for each in group}
        then, now = answers(old), answers(new)
        ratings = {slot: rating for slot, rating in now.items() if slot not in changed}
        for slot in changed:
            side = now if slot in made else then
            if slot in side:
                ratings[slot] = side[slot]
        own = any(each.name == "estimate" for each in groups[_ESTIMATES])
        estimate = new.estimate if not own or "estimate" in made else old.estimate
        return replace(new, ratings=tuple(ratings.values()), estimate=estimate)


def _is_later_shape(chosen: _Chosen) -> bool:
    """Whether all but the weights is as in the later model."""
    return bool(chosen & {"rest", "all"})


def _own(coalition: Coalition) -> Coalition:
    """What of a coalition an item's own score knows: not the others."""
    return coalition[:_OTHERS]


def _joined(changes: list[Changed]) -> Changed:
    if len(changes) == 1:
        return changes[0]
    words = join(
        *(
            part
            for at, each in enumerate(changes)
            for part in (("; ",) if at else ()) + (each.sentence,)
        )
    )
    return Changed("model", said("The model"), "", said("as it was"), words or said("as it is now"))
