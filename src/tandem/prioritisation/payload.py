"""A score as plain data, the same for the command line and the API."""

from typing import Any

from tandem.prioritisation.score_table import ScoreRow, Span


def score_payload(product_key: str, row: ScoreRow) -> dict[str, Any]:
    """One item's score with everything that is known about how sure it is."""
    return {
        "key": f"{product_key}-{row.number}",
        "rank": row.rank or None,
        **_span("score", row.score, bare=True),
        **_span("value_lens", row.value),
        **_span("technical_lens", row.technical),
        "value_heard": row.value_heard,
        "technical_heard": row.technical_heard,
        **_span("gap", row.gap),
        "disagreement": _plain(row.disagreement),
        "rank_low": row.rank_low or None,
        "rank_high": row.rank_high or None,
        "p_top": _plain(row.p_top),
        "guesses": list(row.guesses),
        "guess_share": _plain(row.guess_share),
    }


def _span(name: str, span: Span, *, bare: bool = False) -> dict[str, float]:
    before = "" if bare else f"{name}_"
    return {
        name: _plain(span.likely),
        f"{before}low": _plain(span.low),
        f"{before}high": _plain(span.high),
    }


def _plain(number: float) -> float:
    """Six significant digits: more than any of these numbers is known to, and repeatable."""
    return float(f"{number:.6g}")
