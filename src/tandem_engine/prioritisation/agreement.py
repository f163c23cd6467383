"""How far raters agree, per criterion and lens: beyond chance, in order, and habit against dispute."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tandem_engine.statistics import (
    BiasAndDispute,
    bias_and_dispute,
    kendall_tau,
    krippendorff_alpha,
)
from tandem_engine.words import figure, phrase, said

from .inputs import ItemInputs, Rating, current_ratings, signature_of
from .model import LENSES, Criterion, ScoringModel

#: What alpha says, from the highest; the texts are taken with their names and numbers.
_AGREE = (
    (0.8, phrase("%(name)s: the raters agree well (alpha %(alpha)s).")),
    (
        0.667,
        phrase("%(name)s: the raters agree enough for tentative conclusions (alpha %(alpha)s)."),
    ),
    (0.4, phrase("%(name)s: the raters agree only in part (alpha %(alpha)s).")),
    (0.0, phrase("%(name)s: the raters agree little more than by chance (alpha %(alpha)s).")),
)
_LESS_THAN_CHANCE = phrase(
    "%(name)s: the raters agree less than by chance: they may read the scale differently (alpha "
    "%(alpha)s)."
)


@dataclass(frozen=True)
class Agreement:
    """Agreement over one criterion, one lens or everything.

    ``scope`` is the criterion's slug, ``value``, ``technical`` or ``""`` for everything; ``name``
    is for people. ``items`` and ``raters`` count what several people rated. ``interval`` and
    ``ordinal`` are Krippendorff's alpha on places from 0 to 100; None where undefined. ``tau`` is
    Kendall's tau-b between the two roles' orders, over the ``tau_items`` items both roles rated
    here. ``split`` tells habit from dispute, in points of 100.
    """

    scope: str
    name: str
    items: int
    raters: int
    interval: float | None
    ordinal: float | None
    tau: float | None
    tau_items: int
    split: BiasAndDispute

    @property
    def sentence(self) -> str:
        """What alpha says, in words; where it is undefined, why."""
        if not self.items:
            return said(
                "%(name)s: nobody's answers can be compared; no item has two raters.",
                name=self.name,
            )
        if self.interval is None:
            return said(
                "%(name)s: all answers are the same, so agreement cannot be told from habit.",
                name=self.name,
            )
        text = next((text for bar, text in _AGREE if self.interval >= bar), _LESS_THAN_CHANCE)
        return said(text, name=self.name, alpha=figure(self.interval, ".2f"))

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the disagreement is made of, in words."""
        return self.split.sentences(said("points of 100"))


def agreements(
    model: ScoringModel,
    items: Iterable[ItemInputs],
    *,
    roles: Mapping[str, str] | None = None,
    sides: tuple[str, str] = ("product_owner", "technical_pm"),
) -> tuple[Agreement, ...]:
    """Agreement of the current ratings: every rated criterion, then both lenses, then everything.

    Answers are places on their scales, 0 to 100, mirrored where lower is better, so that criteria
    with different scales can be put together; in a lens the thing rated is one item's criterion.
    ``roles`` says each rater's role; the two ``sides`` are the roles whose orders tau compares,
    each by its raters' mean place. Raises :class:`ScoringError` for ratings :func:`rank` would
    refuse.
    """
    by_criterion: dict[str, list[tuple[str, str, float]]] = {c.slug: [] for c in model.ratings}
    for item in items:
        signature_of(model, item)
        for slug, ratings in current_ratings(item).items():
            by_criterion[slug] += [
                (item.key, rating.rater, _place(model.by_slug[slug], rating)) for rating in ratings
            ]
    known = roles or {}
    found = [
        _agreement(c.slug, c.name, {"": by_criterion[c.slug]}, known, sides) for c in model.ratings
    ]
    names = {"value": said("Value lens"), "technical": said("Technical lens")}
    for lens in LENSES:
        parts = {c.name: by_criterion[c.slug] for c in model.ratings if c.lens == lens}
        found.append(_agreement(lens, names[lens], parts, known, sides))
    parts = {c.name: by_criterion[c.slug] for c in model.ratings}
    found.append(_agreement("", said("Everything"), parts, known, sides))
    return tuple(found)


def _place(criterion: Criterion, rating: Rating) -> float:
    place = float(criterion.scale.place(np.array(rating.value)))
    return 100.0 * (1.0 - place if criterion.direction == "lower" else place)


def _agreement(
    scope: str,
    name: str,
    parts: Mapping[str, Sequence[tuple[str, str, float]]],
    roles: Mapping[str, str],
    sides: tuple[str, str],
) -> Agreement:
    """``parts`` are the answers by the name of their criterion; "" where there is only one."""
    units: dict[tuple[str, str], list[float]] = {}
    for criterion, part in parts.items():
        for key, _, value in part:
            units.setdefault((criterion, key), []).append(value)
    shared = {unit for unit, values in units.items() if len(values) > 1}
    rated = [
        (said("%(name)s of %(key)s", name=criterion, key=key) if criterion else key, rater, value)
        for criterion, part in parts.items()
        for key, rater, value in part
        if (criterion, key) in shared
    ]
    tau, compared = _tau(list(parts.values()), roles, sides)
    return Agreement(
        scope,
        name,
        len({key for _, key in shared}),
        len({rater for _, rater, _ in rated}),
        krippendorff_alpha(units.values(), level="interval"),
        krippendorff_alpha(units.values(), level="ordinal"),
        tau,
        compared,
        bias_and_dispute(rated),
    )


def _tau(
    parts: Sequence[Sequence[tuple[str, str, float]]],
    roles: Mapping[str, str],
    sides: tuple[str, str],
) -> tuple[float | None, int]:
    """Tau between the sides' mean places, on what both rated, criterion by criterion."""
    means: list[dict[str, list[float]]] = [{}, {}]
    for number, side in enumerate(sides):
        for part in parts:
            by_item: dict[str, list[float]] = {}
            for key, rater, value in part:
                if roles.get(rater) == side:
                    by_item.setdefault(key, []).append(value)
            for key, values in by_item.items():
                means[number].setdefault(key, []).append(float(np.mean(values)))
    both = sorted(set(means[0]) & set(means[1]))
    first, second = ([float(np.mean(side[key])) for key in both] for side in means)
    return kendall_tau(first, second), len(both)
