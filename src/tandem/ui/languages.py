"""What the scripts say, in the language of the page."""

import gettext
from functools import cache
from pathlib import Path

from django.utils import translation

#: All scripts are the ui's.
LOCALE = Path(__file__).resolve().parent / "locale"
DOMAIN = "djangojs"


@cache
def _texts(language: str) -> dict[str, str]:
    known = gettext.translation(DOMAIN, LOCALE, [translation.to_locale(language)], fallback=True)
    # The standard library gives no other way to all of a catalogue.
    catalogue: dict[str, str] = getattr(known, "_catalog", {})
    return {text: said for text, said in catalogue.items() if text}


def texts_of_scripts() -> dict[str, str]:
    """English text -> the page's language; nothing where the page is English."""
    language = translation.get_language() or "en"
    return {} if language.startswith("en") else _texts(language)
