"""What must hold for every model and every backlog."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tandem_engine.prioritisation import (
    EffortReference,
    Estimate,
    ItemInputs,
    Rating,
    lens_differences,
    preset,
    rank,
)

from .strategies import backlogs, items

DRAWS = 200
few = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
REFERENCE = EffortReference.from_estimates(
    [Estimate(1, 2, 4), Estimate(2, 5, 9), Estimate(3, 8, 30)], preset("rice").effort
)


def numbers(score):
    """All of a score that must not depend on other items; ranks do, by their meaning."""
    return (
        score.score,
        score.low,
        score.high,
        score.value_lens,
        score.technical_lens,
        score.gap,
        score.disagreement,
        score.guesses,
        score.guess_share,
    )


def ranked(model, backlog, seed=0):
    return rank(model, backlog, seed=seed, draws=DRAWS, effort_reference=REFERENCE)


@few
@given(st.data(), backlogs(smallest=2))
def test_an_unrelated_item_never_changes_another_ones_numbers(data, backlog):
    model, everything = backlog
    whole = ranked(model, everything)
    victim = data.draw(st.integers(0, len(everything) - 1))
    others = [item for row, item in enumerate(everything) if row != victim]
    removed = ranked(model, others)
    changed_item = data.draw(items(model, everything[victim].key))
    changed = ranked(model, [*others, changed_item])
    added = ranked(model, [data.draw(items(model, "NEW-1")), *everything])
    for item in others:
        for other in (removed, changed, added):
            assert numbers(other[item.key]) == numbers(whole[item.key])


@few
@given(st.data(), backlogs(smallest=2))
def test_the_order_of_items_and_ratings_does_not_matter(data, backlog):
    model, everything = backlog
    shuffled = [
        replace(item, ratings=tuple(data.draw(st.permutations(item.ratings))))
        for item in data.draw(st.permutations(everything))
    ]
    one, two = ranked(model, everything), ranked(model, shuffled)
    assert one.scores == two.scores
    assert one.fingerprint == two.fingerprint


@few
@given(backlogs())
def test_every_interval_holds_its_likely_value(backlog):
    model, everything = backlog
    for score in ranked(model, everything).scores:
        assert score.low <= score.score <= score.high
        for lens in (score.value_lens, score.technical_lens):
            assert -1e-9 <= lens.low <= lens.likely <= lens.high <= 100 + 1e-9
        assert score.gap.low <= score.gap.likely <= score.gap.high
        assert 1 <= score.rank_low <= score.rank <= score.rank_high <= len(everything)
        assert 0 <= score.p_top <= 1
        assert 0 <= score.guess_share <= 1
        assert 0 <= score.disagreement <= abs(score.gap.likely) + 1e-9


@few
@given(st.data(), backlogs(largest=1))
def test_a_better_rating_never_lowers_anything(data, backlog):
    model, (item,) = backlog
    criterion = data.draw(st.sampled_from(model.ratings))
    scale = criterion.scale
    worse, better = sorted(
        data.draw(st.lists(st.floats(scale.low, scale.high), min_size=2, max_size=2)),
        reverse=criterion.direction == "lower",
    )
    confidence = data.draw(st.floats(0, 1))
    rest = tuple(r for r in item.ratings if (r.criterion, r.rater) != (criterion.slug, "Ana"))

    def scored(value):
        rating = Rating(criterion.slug, value, "Ana", confidence=confidence)
        return ranked(model, [replace(item, ratings=(*rest, rating))])[item.key]

    below, above = scored(worse), scored(better)
    assert below.score <= above.score * (1 + 1e-12) + 1e-12
    assert below.low <= above.low * (1 + 1e-12) + 1e-12
    assert below.high <= above.high * (1 + 1e-12) + 1e-12
    lens = "value_lens" if criterion.lens == "value" else "technical_lens"
    assert getattr(below, lens).likely <= getattr(above, lens).likely + 1e-9


@few
@given(backlogs(largest=1), st.floats(1, 20), st.floats(1, 5))
def test_more_effort_never_raises_the_score(backlog, effort, factor):
    model, (item,) = backlog

    def scored(by):
        estimate = Estimate(effort * by / 2, effort * by, effort * by * 2)
        return ranked(model, [replace(item, estimate=estimate)])[item.key]

    small, large = scored(1), scored(factor)
    assert large.score <= small.score * (1 + 1e-12) + 1e-12
    assert large.low <= small.low * (1 + 1e-12) + 1e-12
    assert large.high <= small.high * (1 + 1e-12) + 1e-12
    assert large.technical_lens.likely <= small.technical_lens.likely + 1e-9


@few
@given(st.data(), backlogs(largest=1), st.floats(0, 1), st.floats(0, 1))
def test_more_confidence_never_widens_the_rated_input(data, backlog, one, two):
    model, _ = backlog
    criterion = data.draw(st.sampled_from(model.ratings))
    value = data.draw(st.floats(criterion.scale.low, criterion.scale.high))
    unsure, sure = sorted((one, two))

    def width(confidence):
        rating = Rating(criterion.slug, value, "Ana", confidence=confidence)
        ranking = ranked(model, [ItemInputs("A", (rating,))])
        tree = ranking.derivation("A", lens=criterion.lens)
        node = next(node for node in tree.walk() if node.label == criterion.name)
        return node.high - node.low

    assert width(sure) <= width(unsure) + 1e-9 * criterion.scale.high


@few
@given(backlogs(), st.integers(0, 2**40))
def test_the_same_seed_gives_the_same_ranking(backlog, seed):
    model, everything = backlog
    assert ranked(model, everything, seed).scores == ranked(model, everything, seed).scores


@few
@given(backlogs())
def test_a_derivation_ends_in_the_ranking_s_own_numbers(backlog):
    model, everything = backlog
    ranking = ranked(model, everything)
    for score in ranking.scores:
        root = ranking.derivation(score.key)
        assert (root.value, root.low, root.high) == (score.score, score.low, score.high)
        value = ranking.derivation(score.key, lens="value")
        assert value.value == score.value_lens.likely
        guessed = {node.label for node in root.walk() if node.is_guess}
        read = set(score.guesses) - {each.slug for each in model.unread}
        assert guessed == {model.by_slug[slug].name for slug in read}


@few
@given(backlogs(largest=6))
def test_differences_only_list_items_that_both_lenses_rated(backlog):
    model, everything = backlog
    ranking = ranked(model, everything)
    found = lens_differences(ranking, limit=3)
    assert len(found.top) == min(3, found.items)
    assert found.tau is None or -1 <= found.tau <= 1
    assert (found.tau is None) == bool(found.note)
    sure = [difference.disagreement for difference in found.top]
    assert sure == sorted(sure, reverse=True)


@pytest.mark.parametrize("draws", [10, 37, 2000])
def test_it_takes_any_number_of_draws(draws):
    score = rank(preset("wsjf"), [ItemInputs("A")], draws=draws)["A"]
    assert score.low < score.score < score.high
