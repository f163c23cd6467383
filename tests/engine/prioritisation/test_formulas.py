"""The formula language: what it computes, what it refuses and at which character."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem_engine.prioritisation import (
    Estimate,
    Field,
    FormulaError,
    ItemInputs,
    Rating,
    ScoringError,
    compile_formula,
    preset,
    rank,
)
from tandem_engine.prioritisation.results import without_result

from .strategies import items
from .test_properties import numbers, ranked

RICE = preset("rice", effort_unit="days")
ONE = ItemInputs(
    "A",
    tuple(
        Rating(slug, value, "Ana", confidence=1)
        for slug, value in {"reach": 100, "impact": 2, "confidence": 80}.items()
    ),
    Estimate(2, 4, 10),
)


def custom(text, model=RICE, **more):
    return replace(model, formula_kind="custom", formula_text=text, **more)


def score(text, item=ONE, **more):
    return rank(custom(text, **more), [item])["A"].score


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("reach + impact * effort", 108),
        ("(reach + impact) * effort", 408),
        ("reach - impact - effort", 94),
        ("reach / impact / effort", 12.5),
        # A power binds more tightly than a sign, and to the right.
        ("-impact ^ 2 + 0 * reach", -4),
        ("2 ^ impact ^ 3 + 0 * reach", 256),
        ("impact ^ -1", 0.5),
        # A criterion in % is a share, and so is a number with a %.
        ("reach * confidence", 80),
        ("reach * 50%", 50),
        ("min(reach, 7, effort) + max(impact, 1)", 6),
        ("log(reach) + 0 * effort", math.log(100)),
        ("log(reach, 10)", 2),
        ("sqrt(reach) + abs(impact - effort)", 12),
        ("round(impact + 0.5)", 3),
        ("if(reach >= 100 and not (impact < 1 or impact > 9), 1, 0)", 1),
        ("if(reach != 100, 1, if(impact = 2, 5, 6))", 5),
        ("reach × impact ÷ effort − 1", 49),
        ("effort.low + effort.p10 + effort.high + effort.p90 + effort.likely", 28),
        ("place(impact) * weight(impact)", math.log(8) / math.log(12)),
        ("demand + impact", 2),
        ("benefit = reach * impact  # customers\nbenefit / effort", 50),
        ("b = a * 2; a = reach + 1; b - a", 101),
        ("reach *\n  impact\n  + 1", 201),
        ("1e2 + .5 + 1. + reach", 201.5),
    ],
)
def test_it_computes(text, value):
    assert score(text) == pytest.approx(value)


def test_a_lens_is_a_name():
    found = rank(custom("value_lens / effort"), [ONE])["A"]
    assert found.score == pytest.approx(found.value_lens.likely / 4)


@pytest.mark.parametrize(
    ("text", "at", "says"),
    [
        ("", 0, "empty"),
        ("# nothing\n", 10, "empty"),
        ("reach +", 7, "ends too early"),
        ("reach * (impact", 8, "a ) is missing"),
        ("min(reach, 2", 0, "a ) is missing"),
        ("reach)", 5, "closes nothing"),
        ("2 + reech", 4, "did you mean reach?"),
        ("reach impact", 6, "operator is missing"),
        ("3reach", 0, "write × between"),
        ("reach $ 2", 6, "no meaning"),
        ("1,5 * reach", 1, "decimals have a point"),
        ("maks(reach)", 0, "did you mean max?"),
        ("if(reach, 1)", 0, "if takes 3 parts, not 2"),
        ("min * reach", 0, "min needs brackets"),
        ("place(3) + reach", 6, "name of a criterion"),
        ("reach < impact < 3", 15, "two things at a time"),
        ("a = b\nb = c\nc = a\na + reach", 16, "a → b → c → a"),
        ("reach = 3", 9, "last line must be the score"),
        ("reach\nimpact", 0, "only the last line"),
        ("a = 1\na = 2\na + reach", 6, "defined twice"),
        ("reach = 2\nreach", 0, "has a meaning already"),
        ("2 + 3", 0, "every item would score the same"),
        ("1e999 + reach", 0, "too large"),
        ("x\x00", 1, "no meaning"),
        ("(" * 50 + "reach" + ")" * 50, 40, "too deep"),
        ("-" * 5000 + "reach", 2000, "at most 2000"),
        (" - ".join(["reach"] * 150), 0, "too deep"),
        # Every line doubles: short to write, endless to compute.
        ("\n".join(f"a{n} = a{n + 1} + a{n + 1}" for n in range(40)) + "\na40 = reach\na0", None, "too large"),
    ],
)  # fmt: skip
def test_it_refuses_and_points_at_the_character(text, at, says):
    with pytest.raises(FormulaError) as refusal:
        custom(text)
    assert says in str(refusal.value)
    if at is not None:
        assert refusal.value.at == at
    line, caret = refusal.value.pointed.split("\n")
    assert len(line) <= 100
    assert set(caret.strip()) == {"^"}


def test_it_says_when_a_model_has_no_effort():
    with pytest.raises(FormulaError, match="no effort"):
        custom("impact / effort", preset("ice"))


@pytest.mark.parametrize(
    ("text", "piece", "says"),
    [
        ("reach + effort", "effort", "adds customers per quarter and days"),
        ("min(reach, effort)", "effort", "compares customers per quarter and days"),
        ("if(impact > 1, reach, effort)", "effort", "chooses between"),
        ("reach * impact + impact", "impact", "adds customers per quarter and a number without"),
        ("reach / (impact - 1)", "impact - 1", "can be 0 (it is -0.75 to 2)"),
        ("reach / demand", "demand", "can be 0 (it is 0 or more)"),
        ("log(impact - 1)", "impact - 1", "can be 0 or less"),
        ("sqrt(impact - 1)", "impact - 1", "can be below 0"),
        ("(impact - 1) ^ 0.5", "(impact - 1", "no number"),
        ("spare = impact * 2\nreach", "spare", "is not used"),
        ("reach ^ impact", "^", "has no unit"),
    ],
)
def test_it_warns_and_names_the_place(text, piece, says):
    (warning,) = custom(text).compiled.warnings
    assert says in warning.message
    start = text.rindex(piece) if piece != "spare" else 0
    assert warning.span.start == start + piece.count("(")


@pytest.mark.parametrize(
    "text", ["if(demand > 0, reach / demand, 0)", "reach + 3", "reach / effort", "2 * log(reach)"]
)
def test_it_warns_of_nothing_that_is_guarded_or_plain(text):
    assert custom(text).compiled.warnings == ()


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("reach * impact / effort", "customers per quarter per day"),
        ("reach * effort / effort", "customers per quarter"),
        ("sqrt(effort * effort)", "days"),
        ("1 / effort", "points per day"),
        ("impact * 3", "points"),
        ("log(reach)", "points"),
    ],
)
def test_the_unit_follows_from_what_is_read(text, unit):
    assert custom(text).unit == unit


def test_the_unit_can_be_said():
    assert custom("log(reach)", score_unit="magnitudes").unit == "magnitudes"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("reach / demand", "Demand is 0"),
        ("log(demand) + reach", "One of its parts has no result"),
        ("1 / (1 / demand) + reach", "One of its parts has no result"),
        ("if(reach / demand > 3, 1, 2)", "One of its parts has no result"),
        ("10 ^ (reach * 9)", "no number"),
    ],
)
def test_a_formula_without_result_counts_as_0_and_says_why(text, why):
    ranking = rank(custom(text), [ONE, replace(ONE, key="B", fields=(("demand", 2.0),))])
    found = ranking["A"]
    assert (found.score, found.low, found.high) == (0, 0, 0)
    note = ranking.derivation("A").note
    assert why in note
    assert note.endswith("So the score counts as 0.")
    for node in ranking.derivation("A").walk():
        assert math.isfinite(node.value + node.low + node.high)


def test_items_without_a_result_are_named():
    asked = [ONE, replace(ONE, key="B", fields=(("demand", 2.0),))]
    assert without_result(custom("reach / demand"), asked, None) == ("A",)
    assert without_result(custom("reach / effort"), asked, None) == ()


def test_only_the_chosen_branch_needs_a_result():
    assert score("if(demand > 0, reach / demand, -1)") == -1
    given = replace(ONE, fields=(("demand", 4.0),))
    assert score("if(demand > 0, reach / demand, -1)", given) == 25


def test_a_missing_field_counts_as_it_says_and_the_derivation_says_so():
    wants = Field("wants", "Wants", "votes", missing=7, missing_note="No vote counts as 7.")
    model = custom("reach + wants", fields=(wants,))
    ranking = rank(model, [ONE, replace(ONE, key="B", fields=(("wants", 1.0),))])
    assert (ranking["A"].score, ranking["B"].score) == (107, 101)
    notes = {node.label: node for node in ranking.derivation("A").walk()}
    assert notes["Wants"].note == "No vote counts as 7."
    assert ranking.fingerprint != rank(model, [ONE, replace(ONE, key="B")]).fingerprint
    with pytest.raises(ScoringError, match="not a number"):
        rank(model, [replace(ONE, fields=(("wants", math.nan),))])


def test_a_named_part_stands_in_the_derivation_under_its_name():
    root = rank(custom("net_benefit = reach * impact\nnet_benefit / effort"), [ONE]).derivation("A")
    assert root.formula == "Net benefit ÷ Effort"
    assert [child.label for child in root.children] == ["Net benefit", "Effort"]
    assert root.children[0].formula == "Reach × Impact"


def test_brackets_stand_where_they_are_needed():
    tree = custom("(reach - (impact - effort)) * 2 - -(impact + 1) ^ 2").compiled.tree
    assert tree.text() == "(Reach − (Impact − Effort)) × 2 − −(Impact + 1) ^ 2"


def test_what_is_divided_by_effort_adds_up_over_a_plan():
    assert custom("reach * impact / effort").per_effort
    assert preset("cd3").per_effort
    assert preset("rice").per_effort
    assert not custom("reach / effort + 1").per_effort
    assert not custom("reach / effort.high").per_effort
    assert not preset("weighted").per_effort


def test_a_criterion_may_not_be_called_like_a_function():
    criteria = tuple(replace(c, slug="max") if c.slug == "reach" else c for c in RICE.criteria)
    with pytest.raises(ScoringError, match="max has a meaning"):
        custom("impact", criteria=criteria)


def test_criteria_the_formula_does_not_read_are_named():
    assert [each.slug for each in custom("reach / effort").unread] == ["impact", "confidence"]


def test_whole_arrays_are_computed_at_once():
    formula = compile_formula("if(reach > 2, reach / effort, -1)", RICE.names)
    reach = np.arange(6.0).reshape(2, 3)
    found = formula.evaluate({"reach": reach, "effort": np.array([[1.0], [2.0]])})
    assert found.tolist() == [[-1, -1, -1], [1.5, 2, 2.5]]
    assert formula.range.low == -1


def formulas(names):
    leaf = st.sampled_from(names) | st.floats(0.1, 9).map(lambda value: f"{value:.2f}")
    return st.recursive(
        leaf,
        lambda part: (
            st.tuples(st.sampled_from("+-*/^"), part, part).map(
                lambda drawn: f"({drawn[1]} {drawn[0]} {drawn[2]})"
            )
            | st.tuples(st.sampled_from(["min", "max"]), part, part).map(
                lambda drawn: f"{drawn[0]}({drawn[1]}, {drawn[2]})"
            )
            | st.tuples(st.sampled_from(["log", "sqrt", "abs", "-"]), part).map(
                lambda drawn: f"{drawn[0]}({drawn[1]})"
            )
            | st.tuples(part, part, part).map(lambda d: f"if({d[0]} > {d[1]}, {d[1]}, {d[2]})")
        ),
        max_leaves=8,
    )


TEXTS = formulas(
    ["reach", "impact", "confidence", "effort", "effort.high", "demand", "place(reach)", "value_lens"]
)  # fmt: skip
some = settings(max_examples=40, deadline=None, derandomize=True)


@some
@given(st.data(), TEXTS)
def test_no_formula_lets_an_item_change_another_ones_score(data, text):
    model = custom(f"{text} + 0 * reach")
    first, second, other = (data.draw(items(RICE, key)) for key in ("A", "B", "B"))
    alone = ranked(model, [first])
    assert all(math.isfinite(value) for value in numbers(alone["A"])[:3])
    for company in ([first, second], [other, first]):
        assert numbers(ranked(model, company)["A"]) == numbers(alone["A"])


@some
@given(st.data(), TEXTS)
def test_a_result_lies_in_the_range_worked_out_from_the_scales(data, text):
    model = custom(f"{text} + 0 * reach")
    found = ranked(model, [data.draw(items(RICE, "A"))])["A"].score
    bounds = model.compiled.range
    slack = 1e-6 * (1 + abs(found))
    assert found == 0 or bounds.low - slack <= found <= bounds.high + slack


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(alphabet="ab1.+-*/^()=<>,;#% \nmaxifreach", max_size=40))
def test_any_text_is_a_formula_or_a_refusal_with_a_place(text):
    assert 0 <= _place_refused(text) <= len(text)


def _place_refused(text):
    try:
        custom(text)
    except FormulaError as refusal:
        return refusal.at
    return 0
