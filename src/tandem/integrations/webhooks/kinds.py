"""Which events there are to choose from, put together by their noun."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.backlog.history_words import SENTENCES

#: Nouns whose events are no product's: told to webhooks of the whole workspace.
_OF_THE_WORKSPACE = ("workspace", "member", "invitation", "token", "service")
_WORDS = {
    "criterion": N_("Criteria"),
    "dependency": N_("Dependencies"),
    "archive": N_("Archives"),
    "status": N_("Statuses"),
    "items": N_("Changes of many items"),
    "agenda": N_("Agenda"),
    "debt": N_("Debt prices"),
    "frontier": N_("Efficient frontiers"),
    "import": N_("Imports"),
    "parking": N_("Parking lot"),
    "transition": N_("Status changes allowed"),
    "watch": N_("Watching"),
}

#: The others' names are made of their nouns; these are they, for translators.
_NAMES = (
    N_("Approvals"), N_("Attachments"), N_("Chats"), N_("Comments"), N_("Connections"), N_("Estimates"), N_("Feeds"), N_("Fields"),
    N_("Forecasts"), N_("Invitations"), N_("Items"), N_("Jobs"), N_("Members"),
    N_("Models"), N_("Plans"), N_("Products"), N_("Questions"), N_("Rankings"), N_("Ratings"), N_("Rules"),
    N_("Scenarios"), N_("Services"), N_("Sessions"), N_("Sprints"), N_("Statuses"), N_("Teams"), N_("Templates"), N_("Tokens"),
    N_("Views"), N_("Webhooks"), N_("Workspaces"),
)  # fmt: skip


@dataclass(frozen=True)
class KindChoice:
    value: str
    label: str


def choices(chosen: Iterable[str] = ()) -> list[KindChoice]:
    """``item.*`` and the like, and whatever finer kind was chosen over the API."""
    nouns = sorted({verb.partition(".")[0] for verb in SENTENCES} | {*_OF_THE_WORKSPACE})
    found = [KindChoice(f"{noun}.*", _words(noun)) for noun in nouns]
    known = {each.value for each in found}
    return found + [KindChoice(kind, kind) for kind in sorted(chosen) if kind not in known]


def _words(noun: str) -> str:
    return _(_WORDS.get(noun, noun.replace("_", " ").capitalize() + "s"))
