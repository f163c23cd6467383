"""What may be written in comments, questions and answers, and words that are kept."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from tandem.core import channel
from tandem.core.errors import Refused

LONGEST = 50_000


def text_checked(text: str, missing: str) -> str:
    """``missing``: what to say when nothing is written, translated."""
    text = text.strip().replace("\x00", "")
    if not text:
        raise Refused(missing, field="text")
    if len(text) > LONGEST:
        raise Refused(
            _("At most %(most)s characters; this has %(count)s.")
            % {"most": LONGEST, "count": len(text)},
            field="text",
        )
    return text


def as_made(name: str) -> str:
    """A name that new rows come with, in the language of the page they are made on.

    What programs, jobs and files make keeps the English one.
    """
    return _(name) if name and channel.current() == "page" else name


def in_english(label: Any) -> str:
    """A label as it is kept: in English, whoever did it. It is put into words when it is read."""
    with override("en"):
        return str(label)
