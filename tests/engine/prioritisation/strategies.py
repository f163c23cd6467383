"""Random but valid inputs for the property tests."""

from hypothesis import strategies as st

from tandem_engine.prioritisation import PRESETS, Estimate, ItemInputs, Rating, preset

models = st.sampled_from(sorted(PRESETS)).map(preset)
confidences = st.floats(0, 1)


@st.composite
def ratings(draw, criterion, rater):
    scale = criterion.scale
    numbers = sorted(draw(st.lists(st.floats(scale.low, scale.high), min_size=3, max_size=3)))
    low, likely, high = numbers
    ends = (low, high) if draw(st.booleans()) else (None, None)
    return Rating(criterion.slug, likely, rater, None, *ends, draw(confidences))


@st.composite
def estimates(draw):
    return Estimate(*sorted(draw(st.lists(st.floats(0, 200), min_size=3, max_size=3))))


@st.composite
def items(draw, model, key):
    given_ratings = [
        draw(ratings(criterion, rater))
        for criterion in model.ratings
        for rater in ("Ana", "Bo")
        if draw(st.booleans())
    ]
    return ItemInputs(key, tuple(given_ratings), draw(st.none() | estimates()))


@st.composite
def backlogs(draw, smallest=1, largest=5):
    model = draw(models)
    count = draw(st.integers(smallest, largest))
    return model, [draw(items(model, f"WEB-{number}")) for number in range(1, count + 1)]
