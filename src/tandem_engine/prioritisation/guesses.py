"""How much of a ranking rests on guesses, as numbers and as a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tandem_engine.words import counted, figure, named, said


@dataclass(frozen=True, slots=True)
class GuessSummary:
    """What is missing from a ranking and what that costs.

    ``uncertainty_share`` (0-1) is the mean over the items of the share of the squared width of
    the score's interval that would vanish if the guesses were known; an item without uncertainty
    counts 0.
    """

    items: int
    items_with_guesses: int
    inputs: int
    missing_ratings: int
    missing_estimates: int
    uncertainty_share: float

    @property
    def item_share(self) -> float:
        """The share of items (0-1) with at least one guess."""
        return self.items_with_guesses / self.items if self.items else 0.0

    @property
    def input_share(self) -> float:
        """The share of all inputs (0-1) that are guesses."""
        missing = self.missing_ratings + self.missing_estimates
        return missing / self.inputs if self.inputs else 0.0

    @property
    def sentence(self) -> str:
        """For a page: what is guessed and how much it matters."""
        if not self.items:
            return said("There is nothing to rank.")
        if not self.items_with_guesses:
            return said("Every rating and every estimate is given; nothing is guessed.")
        lacking = []
        if self.missing_ratings:
            lacking.append(
                counted("%(count)s rating", "%(count)s ratings", count=self.missing_ratings)
            )
        if self.missing_estimates:
            count = self.missing_estimates
            lacking.append(counted("%(count)s estimate", "%(count)s estimates", count=count))
        return counted(
            "%(some)s of %(all)s items rest at least partly on guesses: %(missing)s is missing. Guesses "
            "cause %(share)s of the uncertainty of an average item.",
            "%(some)s of %(all)s items rest at least partly on guesses: %(missing)s are missing. "
            "Guesses cause %(share)s of the uncertainty of an average item.",
            count=self.missing_ratings + self.missing_estimates,
            some=self.items_with_guesses,
            all=self.items,
            missing=named(lacking),
            share=figure(self.uncertainty_share, ".0%"),
        )


def summarise(
    guessed: Sequence[tuple[tuple[str, ...], float]],
    *,
    inputs_per_item: int,
    effort_slug: str | None,
) -> GuessSummary:
    """Add up the items' guessed criteria and guess shares."""
    estimates = sum(1 for slugs, _ in guessed if effort_slug in slugs)
    missing = sum(len(slugs) for slugs, _ in guessed)
    return GuessSummary(
        items=len(guessed),
        items_with_guesses=sum(1 for slugs, _ in guessed if slugs),
        inputs=len(guessed) * inputs_per_item,
        missing_ratings=missing - estimates,
        missing_estimates=estimates,
        uncertainty_share=sum(share for _, share in guessed) / len(guessed) if guessed else 0.0,
    )
