"""Answers about weights -> the engine -> weights by slug, with what they say about themselves."""

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Product
from tandem.core.errors import Refused
from tandem.prioritisation.calculations_models import ModelInForce
from tandem.prioritisation.choices import occasions_of
from tandem.prioritisation.models import Rating, ScoringCriterion, WeightScope, WeightWay
from tandem.ui.filters import spoken
from tandem.ui.numbers import read_number
from tandem.ui.phrases import headed, offered
from tandem_engine.prioritisation import DEFAULT_CONFIDENCE, ScoringError
from tandem_engine.prioritisation.weights import (
    Choice,
    PairFit,
    ahp_weights,
    best_worst_weights,
    fit_pairs,
    implied_weights,
    next_pair,
)
from tandem_engine.words import figure, join, kept, said, told

#: How many left-out items an occasion is compared with at most, evenly taken.
MOST_LEFT_OUT: Final = 60
#: The ridge on a few answers by people: a prior with standard deviation 2, so that one answer does
#: not make one criterion count a hundred times another.
RIDGE: Final = 0.25
#: What is asked first, refused when it is missing.
WHICH: Final = {
    "best": N_("Say which criterion counts most."),
    "worst": N_("Say which criterion counts least."),
}
#: What past choices say against the stated weights.
COUNTED_MORE: Final = N_(
    "You say %(name)s is %(share)s of the weight; %(count)s choices look as if it were %(found)s "
    "(%(low)s to %(high)s): it counted more than you say."
)
COUNTED_LESS: Final = N_(
    "You say %(name)s is %(share)s of the weight; %(count)s choices look as if it were %(found)s "
    "(%(low)s to %(high)s): it counted less than you say."
)
#: Under what a kept result holds its sentences' parts.
MADE_OF: Final = "made_of"


def compared(model: ModelInForce, scope: str) -> list[ScoringCriterion]:
    """The criteria whose weights are asked for.

    The effort counts among them where its weight does: in the technical lens alone, and in the
    weighted formula.
    """
    if scope not in WeightScope.values:
        raise Refused(
            _("scope: one of %(known)s.")
            % {"known": offered({each.value: str(each.label) for each in WeightScope})},
            field="scope",
        )
    with_effort = scope == WeightScope.TECHNICAL or model.engine.formula_kind == "weighted"
    found = [
        each
        for each in model.criteria
        if (each.kind == "rating" or with_effort) and scope in (WeightScope.ALL, each.lens)
    ]
    if len(found) < 2:
        raise Refused(
            _("There is nothing to compare: one criterion is all the weight."), field="scope"
        )
    return found


def stated(criteria: Sequence[ScoringCriterion]) -> dict[str, float]:
    """Today's weights as shares of 1."""
    total = sum(each.weight for each in criteria)
    return {each.slug: each.weight / total if total else 0.0 for each in criteria}


def as_weights(
    criteria: Sequence[ScoringCriterion], shares: Mapping[str, float]
) -> dict[str, float]:
    """Shares as the numbers kept: their sum stays what it was, so other criteria keep their part."""
    total = sum(each.weight for each in criteria) or float(len(criteria))
    return {each.slug: float(f"{shares[each.slug] * total:.4g}") for each in criteria}


def stored(result: Mapping[str, Any]) -> dict[str, Any]:
    """A result as it is kept: beside the English sentences what they are made of."""
    made = {
        "note": kept(result["note"]),
        "contradictions": [kept(each) for each in result.get("contradictions", ())],
    }
    return {**result, MADE_OF: made}


def shown(result: Mapping[str, Any]) -> dict[str, Any]:
    """A kept result whose sentences can be put into other languages."""
    found = {name: value for name, value in result.items() if name != MADE_OF}
    made = result.get(MADE_OF)
    if made:
        found["note"] = told(made["note"])
        if "contradictions" in found:
            found["contradictions"] = [told(each) for each in made["contradictions"]]
    return found


def result_of(
    product: Product, model: ModelInForce, way: str, scope: str, answers: Mapping[str, Any]
) -> dict[str, Any]:
    """The weights that follow from ``answers``; refuses answers that cannot be, naming the field."""
    criteria = compared(model, scope)
    slugs = [each.slug for each in criteria]
    try:
        match way:
            case WeightWay.BEST_WORST:
                return _best_worst(criteria, answers)
            case WeightWay.AHP:
                return _ahp(criteria, answers)
            case WeightWay.PAIRS:
                return _pairs(slugs, answers)
            case WeightWay.PAST:
                return implied(product, model, scope)
    except ScoringError as error:
        raise Refused(
            _("%(sentence)s.") % {"sentence": headed(spoken(error.message))}, field="answers"
        ) from error
    raise Refused(_("way: one of %(known)s.") % {"known": ", ".join(WeightWay.values)}, field="way")


def _best_worst(criteria: Sequence[ScoringCriterion], answers: Mapping[str, Any]) -> dict[str, Any]:
    names = {each.slug: each.name for each in criteria}
    slugs = list(names)
    best, worst = str(answers.get("best", "")), str(answers.get("worst", ""))
    for word, slug in (("best", best), ("worst", worst)):
        if slug not in names:
            raise Refused(_(WHICH[word]), field=word)
    if best == worst:
        raise Refused(
            _("The one that counts most and the one that counts least differ."), field="worst"
        )
    rows = []
    for field, own in (("to_others", best), ("to_worst", worst)):
        given = answers.get(field)
        if not isinstance(given, Mapping):
            raise Refused(
                _("Every criterion is compared with the most and the least important."), field=field
            )
        rows.append(
            [
                # How the best compares with the worst is asked once.
                1.0
                if slug == own or (field, slug) == ("to_worst", best)
                else _answer(given.get(slug), f"{field}-{slug}")
                for slug in slugs
            ]
        )
    to_others, to_worst = rows
    to_worst[slugs.index(best)] = to_others[slugs.index(worst)]
    found = best_worst_weights(to_others, to_worst)
    note = said(N_("The answers fit each other."))
    if found.worst is not None:
        note = said(
            N_(
                "The answers about %(name)s fit the others least (consistency ratio %(ratio)s; 0 is a "
                "perfect fit)."
            ),
            name=names[slugs[found.worst]],
            ratio=figure(found.ratio, ".2f"),
        )
    doubt = said(N_("Look at them again before using these weights."))
    return {
        "weights": dict(zip(slugs, found.weights, strict=True)),
        "ratio": found.ratio,
        "xi": found.xi,
        "doubtful": found.doubtful,
        "note": join(note, " ", doubt) if found.doubtful else note,
    }


def _ahp(criteria: Sequence[ScoringCriterion], answers: Mapping[str, Any]) -> dict[str, Any]:
    names = {each.slug: each.name for each in criteria}
    slugs = list(names)
    asked: dict[tuple[int, int], float] = {}
    for pair in answers.get("pairs") or ():
        if (
            not isinstance(pair, list | tuple)
            or len(pair) != 3
            or not {pair[0], pair[1]} <= set(slugs)
        ):
            raise Refused(_("Write a comparison as [criterion, criterion, number]."), field="pairs")
        place = (slugs.index(pair[0]), slugs.index(pair[1]))
        if place in asked or place[::-1] in asked:
            raise Refused(
                _("%(one)s and %(other)s are compared twice.")
                % {"one": names[pair[0]], "other": names[pair[1]]},
                field="pairs",
            )
        asked[place] = _answer(pair[2], f"pair-{pair[0]}-{pair[1]}")
    found = ahp_weights(len(slugs), asked)
    note: str = said(
        N_("Consistency ratio %(ratio)s; below %(usual)s is usual."),
        ratio=figure(found.ratio, ".2f"),
        usual=figure(0.1, ".2f"),
    )
    if found.doubtful and found.circle is not None:
        one, two, three = (names[slugs[place]] for place in found.circle)
        circle = said(
            N_("%(one)s, %(two)s and %(three)s run in a circle: look at those three again."),
            one=one,
            two=two,
            three=three,
        )
        note = join(note, " ", circle)
    return {
        "weights": dict(zip(slugs, found.weights, strict=True)),
        "ratio": found.ratio,
        "lambda_max": found.lambda_max,
        "doubtful": found.doubtful,
        "note": note,
    }


def pair_fit(slugs: Sequence[str], asked: Sequence[Sequence[str]]) -> PairFit:
    """The strengths after these answers, each ``[one, other, preferred]`` (empty: the same)."""
    return fit_pairs(len(slugs), _wins(slugs, asked), ridge=RIDGE)


def _wins(slugs: Sequence[str], asked: Sequence[Sequence[str]]) -> dict[tuple[int, int], float]:
    place = {slug: number for number, slug in enumerate(slugs)}
    wins: dict[tuple[int, int], float] = defaultdict(float)
    for pair in asked:
        if len(pair) != 3 or pair[0] not in place or pair[1] not in place or pair[0] == pair[1]:
            raise Refused(
                _("Write an answer as [criterion, criterion, the one that counts more]."),
                field="asked",
            )
        one, other, preferred = pair
        if preferred not in (one, other, ""):
            raise Refused(
                _("%(preferred)s is none of the two.") % {"preferred": preferred}, field="asked"
            )
        share = {one: 1.0, other: 0.0, "": 0.5}[preferred]
        wins[place[one], place[other]] += share
        wins[place[other], place[one]] += 1.0 - share
    return wins


def pair_to_ask(slugs: Sequence[str], asked: Sequence[Sequence[str]]) -> tuple[str, str]:
    """The two whose comparison would say most now."""
    wins = _wins(slugs, asked)
    pair = next_pair(fit_pairs(len(slugs), wins, ridge=RIDGE), wins)
    assert pair is not None
    return slugs[pair[0]], slugs[pair[1]]


def _pairs(slugs: Sequence[str], answers: Mapping[str, Any]) -> dict[str, Any]:
    asked = answers.get("asked") or []
    if not asked:
        raise Refused(_("Answer a pair first."), field="asked")
    fit = pair_fit(slugs, asked)
    intervals = fit.intervals
    return {
        "weights": dict(zip(slugs, fit.weights, strict=True)),
        "low": {slug: intervals[n][0] for n, slug in enumerate(slugs)},
        "high": {slug: intervals[n][1] for n, slug in enumerate(slugs)},
        "standard_errors": {slug: fit.standard_error(n, 0) for n, slug in enumerate(slugs) if n},
        "doubtful": bool(fit.note),
        "note": fit.note or said(N_("%(count)s answers."), count=len(asked)),
    }


def _answer(given: Any, field: str) -> float:
    """A comparison: a number, or a fraction such as 1/3."""
    text = str(given if given is not None else "").strip()
    above, _sign, below = text.partition("/")
    try:
        return read_number(above) / read_number(below or "1")
    except (ValueError, ZeroDivisionError):
        raise Refused(_("Answer every comparison."), field=field) from None


# Past choices


def implied(product: Product, model: ModelInForce, scope: str) -> dict[str, Any]:
    """The weights that past choices imply beside the stated ones, and where the two contradict."""
    criteria = compared(model, scope)
    controls = [each for each in model.criteria if each.kind == "effort" and each not in criteria]
    known = _Past(product, [*criteria, *controls])
    choices, used = [], 0
    for occasion in occasions_of(product):
        taken = [row for pk in sorted(occasion.chosen) if (row := known.row(pk, occasion.at))]
        # Some of them are not known in full, so more are looked at than are compared.
        waiting = _evenly(sorted(occasion.left_out), 4 * MOST_LEFT_OUT) if taken else []
        left = [row for pk in waiting if (row := known.row(pk, occasion.at))]
        left = _evenly(left, MOST_LEFT_OUT)
        used += bool(left and taken)
        choices.append(Choice(tuple(taken), tuple(left)))
    found = implied_weights(choices, criteria=len(criteria), controls=len(controls))
    slugs = [each.slug for each in criteria]
    shares = stated(criteria)
    result = {
        "weights": dict(zip(slugs, found.weights, strict=True)),
        "low": dict(zip(slugs, found.low, strict=True)),
        "high": dict(zip(slugs, found.high, strict=True)),
        "stated": shares,
        "occasions": found.occasions,
        "chosen": found.chosen,
        "unrated_occasions": len(choices) - used,
        "enough": found.enough,
        "doubtful": not found.enough,
        "note": found.note or said(N_("From %(count)s choices."), count=found.chosen),
        "contradictions": [],
    }
    if found.enough:
        result["contradictions"] = _contradictions(criteria, result)
    return result


def _evenly(rows: list[Any], most: int) -> list[Any]:
    """At most so many of them, taken at even distances."""
    if len(rows) <= most:
        return rows
    return [rows[int(n * len(rows) / most)] for n in range(most)]


def _contradictions(criteria: Sequence[ScoringCriterion], found: Mapping[str, Any]) -> list[str]:
    """A sentence for every criterion whose stated share lies outside the implied range."""
    off = []
    for each in criteria:
        share, low, high = (found[name][each.slug] for name in ("stated", "low", "high"))
        if low <= share <= high:
            continue
        sentence = said(
            COUNTED_MORE if share < low else COUNTED_LESS,
            name=each.name,
            share=figure(share, ".0%"),
            count=found["chosen"],
            found=figure(found["weights"][each.slug], ".0%"),
            low=figure(low, ".0%"),
            high=figure(high, ".0%"),
        )
        off.append((low - share if share < low else share - high, sentence))
    return [sentence for _distance, sentence in sorted(off, reverse=True)]


class _Past:
    """Where items stood on the criteria's scales at a moment, from the ratings then in force."""

    def __init__(self, product: Product, criteria: Sequence[ScoringCriterion]) -> None:
        from tandem.backlog.models import Item
        from tandem.prioritisation.calculations_models import engine_criterion

        self.criteria = criteria
        self.engine = {each.pk: engine_criterion(each) for each in criteria}
        self.given: dict[tuple[int, int], list[Any]] = defaultdict(list)
        rated = [each.pk for each in criteria if each.kind == "rating"]
        for row in Rating.objects.filter(
            criterion__in=rated, item__product=product, item__deleted_at=None
        ).values_list(
            "item_id", "criterion_id", "value", "confidence", "rated_at", "superseded_at"
        ):
            self.given[row[0], row[1]].append(row[2:])
        self.efforts: dict[int, float] = {}
        if any(each.kind == "effort" for each in criteria):
            self.efforts = {
                pk: effort
                for pk, effort in Item.objects.of(product)
                .exclude(estimate_likely=None)
                .values_list("pk", "estimate_likely")
                if effort is not None
            }

    def row(self, item: int, at: datetime.datetime) -> tuple[float, ...] | None:
        """The item's places, 0 worse to 1 better; nothing when one is not known."""
        found = []
        for each in self.criteria:
            value = self._effort(item) if each.kind == "effort" else self._rated(item, each, at)
            if value is None:
                return None
            found.append(value)
        return tuple(found)

    def _effort(self, item: int) -> float | None:
        effort = self.efforts.get(item)
        criterion = next(each for each in self.engine.values() if each.kind == "effort")
        return None if effort is None else _place(criterion, effort)

    def _rated(self, item: int, row: ScoringCriterion, at: datetime.datetime) -> float | None:
        total = weight = 0.0
        for value, confidence, rated_at, superseded_at in self.given.get((item, row.pk), ()):
            if rated_at <= at and (superseded_at is None or superseded_at > at):
                trust = DEFAULT_CONFIDENCE if confidence is None else max(confidence, 1e-6)
                total += trust * _place(self.engine[row.pk], value)
                weight += trust
        return total / weight if weight else None


def _place(criterion: Any, value: float) -> float:
    import numpy as np

    place = float(criterion.scale.place(np.array(value)))
    return 1.0 - place if criterion.direction == "lower" else place
