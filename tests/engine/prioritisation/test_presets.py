"""The presets explain themselves: both lenses, a sentence per level, a unit."""

import pytest

from tandem_engine.prioritisation import LENSES, PRESETS, preset


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_asks_both_lenses_on_anchored_scales(name):
    model = preset(name, effort_unit="points")
    assert model.preset == name
    assert model.name == PRESETS[name]
    assert model.effort.unit == "points"
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
