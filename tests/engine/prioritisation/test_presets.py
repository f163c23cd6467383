"""The presets explain themselves: both lenses, a sentence per level, a unit."""

import pytest

from tandem_engine.prioritisation import (
    LENSES,
    PRESETS,
    Estimate,
    ItemInputs,
    Rating,
    preset,
    rank,
)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_asks_both_lenses_on_anchored_scales(name):
    model = preset(name, effort_unit="points")
    assert model.preset == name
    assert model.name == PRESETS[name]
    assert model.effort is None or model.effort.unit == "points"
    assert model.compiled is None or not model.compiled.warnings
    for lens in LENSES:
        assert model.of_lens(lens)
    for criterion in model.ratings:
        anchors = criterion.scale.anchors
        assert anchors[0].value == criterion.scale.low
        assert anchors[-1].value == criterion.scale.high
        assert all(anchor.text.endswith(".") for anchor in anchors)
        assert criterion.question.endswith("?")


def test_a_preset_s_unit_follows_the_team_s():
    assert preset("value_effort", effort_unit="points").unit == "points of benefit per point"
    assert preset("value_effort", effort_unit="").unit == "points of benefit per unit of effort"
    assert preset("weighted").unit == "of 100"
    assert preset("cd3", effort_unit="weeks").unit == "€ per week per week"
    assert preset("opportunity").unit == "of 20"


def scored(name, estimate=None, **levels):
    ratings = tuple(Rating(slug, value, "Ana", confidence=1) for slug, value in levels.items())
    return rank(preset(name), [ItemInputs("A", ratings, estimate)])["A"].score


def test_ice_multiplies():
    assert scored("ice", impact=8, confidence=5, ease=3) == pytest.approx(120)


def test_cost_of_delay_is_divided_by_duration():
    days = Estimate(4, 4, 4)
    assert scored("cd3", days, lost_value=1000, running_cost=200) == pytest.approx(300)


# Importance 9, satisfaction 3: 9 + (9 - 3) = 15, Ulwick's worked number; an outcome that is
# served better than it matters scores its importance alone.
@pytest.mark.parametrize(("satisfaction", "score"), [(3, 15), (9, 9), (10, 9)])
def test_an_opportunity_is_importance_and_what_is_missing_of_it(satisfaction, score):
    found = scored("opportunity", importance=9, satisfaction=satisfaction)
    assert found == pytest.approx(score)


@pytest.mark.parametrize(("moscow", "necessity", "least"), [(3, 0, 300), (0, 3, 300), (1, 2, 200)])
def test_an_item_is_what_the_more_demanding_lens_says(moscow, necessity, least):
    small = scored("moscow", Estimate(1, 1, 1), moscow=moscow, necessity=necessity)
    large = scored("moscow", Estimate(50, 50, 50), moscow=moscow, necessity=necessity)
    assert least <= large < small < least + 100


def test_the_technical_lens_can_consist_of_effort_alone():
    from dataclasses import replace

    from tandem_engine.prioritisation import Estimate, ItemInputs, Rating, lens_differences, rank

    full = preset("value_effort")
    lean = replace(full, criteria=(*full.of_lens("value"), full.effort))
    items = [
        ItemInputs("A", (Rating("urgency", 5, "Ana"),), Estimate(1, 1, 1)),
        ItemInputs("B", (Rating("urgency", 1, "Ana"),), Estimate(9, 9, 9)),
    ]
    assert lens_differences(rank(lean, items)).tau == 1
