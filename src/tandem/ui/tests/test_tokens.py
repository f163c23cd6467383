"""The tokens' colours keep the contrast WCAG asks for, in both themes."""

import re
from itertools import product
from pathlib import Path

import pytest

TOKENS = Path(__file__).parent.parent / "static/ui/css/tokens.css"
PAIR = re.compile(r"--([a-z0-9-]+):\s*light-dark\(\s*(#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\s*\)")
THEMES = ("light", "dark")
SURFACES = ("paper", "paper-2", "float")

#: Text, and the surfaces it stands on: at least 4.5 to 1 (WCAG 1.4.3).
TEXT = [
    *product(("ink", "ink-2"), (*SURFACES, "paper-3", "selected")),
    *product(("ink-3",), (*SURFACES,)),
    *product(
        ("value-ink", "technical-ink", "agreed-ink", "good-ink", "warn-ink", "bad-ink"), SURFACES
    ),
    ("value-ink", "value-soft"),
    ("technical-ink", "technical-soft"),
    ("agreed-ink", "agreed-soft"),
    ("good-ink", "good-soft"),
    ("warn-ink", "warn-soft"),
    ("bad-ink", "bad-soft"),
    ("on-action", "action"),
    ("on-action", "action-hover"),
]

#: Lines, dots and bars that mean something: at least 3 to 1 (WCAG 1.4.11).
DRAWN = [
    *product(("value", "technical", "agreed", "good", "warn", "bad", "line-strong"), SURFACES),
    *product(("focus",), (*SURFACES, "paper-3")),
]


def colours() -> dict[str, dict[str, str]]:
    found = PAIR.findall(TOKENS.read_text())
    return {
        "light": {name: light for name, light, _ in found},
        "dark": {name: dark for name, _, dark in found},
    }


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_it_computes_the_known_contrasts():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "surface"), TEXT)
def test_it_can_be_read(theme, text, surface):
    chosen = colours()[theme]
    assert contrast(chosen[text], chosen[surface]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("drawn", "surface"), DRAWN)
def test_it_can_be_made_out(theme, drawn, surface):
    chosen = colours()[theme]
    assert contrast(chosen[drawn], chosen[surface]) >= 3


def test_it_gives_the_lenses_colours_to_nothing_else():
    """Amber, indigo and teal are written in the tokens only; everything else names the token."""
    lens = {
        value
        for theme in colours().values()
        for name, value in theme.items()
        if name.startswith(("value", "technical", "agreed"))
    }
    for path in TOKENS.parent.glob("*.css"):
        if path != TOKENS:
            text = path.read_text().lower()
            assert not [each for each in lens if each in text], path.name


def test_it_writes_every_colour_in_the_tokens():
    for path in TOKENS.parent.glob("*.css"):
        if path != TOKENS:
            assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[\s;,)])", path.read_text()), path.name
