"""Numbers as people type them: ``2.5``, in German ``2,5``. The one place that reads them."""

import re
from typing import Any

from tandem.core import channel
from tandem.ui.filters import decimal_mark

#: Marks between thousands, and what stands before and behind them.
_GROUPED = {
    ",": re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d*)?"),
    ".": re.compile(r"[-+]?\d{1,3}(?:\.\d{3})+(?:,\d*)?"),
}


def read_number(value: Any) -> float:
    """What was typed as a number; ``ValueError`` for what is none.

    A comma and a point before the decimals are understood in every language. With both, the last
    one stands before the decimals. ``1.000`` alone is a thousand where a page in a language with
    a decimal comma sent it, as that page writes it, and one everywhere else: programs and files
    mean the same in every language.
    """
    if isinstance(value, bool):
        raise ValueError(value)
    text = str(value).strip().replace("−", "-")
    ours = isinstance(value, str) and channel.current() == "page" and decimal_mark() == ","
    if "," in text and "." in text:
        grouping = "," if text.rfind(",") < text.rfind(".") else "."
    else:
        grouping = "." if ours else ""
    if grouping and _GROUPED[grouping].fullmatch(text):
        text = text.replace(grouping, "")
    return float(text.replace(",", "."))


def typed(value: Any) -> str:
    """A number as a field for typing shows it: every digit, no marks between thousands."""
    if value is None or value == "":
        return ""
    return f"{float(value):.12g}".replace(".", decimal_mark())
