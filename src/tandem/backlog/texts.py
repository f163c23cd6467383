"""What may be written in comments, questions and answers."""

from tandem.core.errors import Refused

LONGEST = 50_000


def text_checked(text: str, what: str) -> str:
    text = text.strip().replace("\x00", "")
    if not text:
        raise Refused(f"{what} needs a text.", field="text")
    if len(text) > LONGEST:
        raise Refused(f"At most {LONGEST} characters; this has {len(text)}.", field="text")
    return text
