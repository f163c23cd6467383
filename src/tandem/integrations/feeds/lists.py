"""The lists that can be a feed, and which words of their addresses a feed keeps."""

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member, Product
from tandem.backlog.filters import PARAMETERS
from tandem.core.errors import Refused
from tandem.integrations.sheets.lists import LISTS
from tandem.integrations.sheets.sheet import Sheet

#: List -> its title and the parameters of its address. People are left out: their mail addresses
#: do not belong at an address that opens to whoever holds it.
FEED_LISTS: dict[str, tuple[str, frozenset[str]]] = {
    "backlog": (N_("Backlog"), frozenset({*PARAMETERS, "q", "sort", "columns", "view"})),
    "ranking": (N_("Ranking"), frozenset({*PARAMETERS, "q", "sort", "model"})),
    "plan": (N_("Plan"), frozenset({"plan"})),
    "activity": (N_("Activity"), frozenset({"by", "what"})),
    "teams": (N_("Teams"), frozenset()),
    "sprints": (N_("Sprints"), frozenset()),
    "plans": (N_("Plans"), frozenset()),
    "rules": (N_("Rules"), frozenset()),
    "debt": (N_("Debt"), frozenset()),
    "forecasts": (N_("Forecasts"), frozenset()),
    "models": (N_("Models"), frozenset()),
}
LONGEST_QUERY = 2000


def query_kept(list_name: str, query: str) -> str:
    """The part of an address's query that says what the list shows, in one order."""
    if list_name not in FEED_LISTS:
        lists = ", ".join(FEED_LISTS)
        raise Refused(
            _("There is no feed of %(list_name)s. There are %(lists)s.")
            % {"list_name": repr(list_name[:20]), "lists": lists},
            field="list",
        )
    found = QueryDict(query[: LONGEST_QUERY + 1], mutable=True)
    kept = QueryDict(mutable=True)
    for name in sorted(FEED_LISTS[list_name][1] & set(found)):
        kept.setlist(name, [value.replace("\x00", "") for value in found.getlist(name)])
    written = kept.urlencode()
    if max(len(query), len(written)) > LONGEST_QUERY:
        raise Refused(_("The filter is too long for a feed. Filter by less."), field="query")
    return written


def sheet_of(list_name: str, member: Member, product: Product, query: str) -> Sheet:
    """What the feed shows; refuses a filter that names what is not here (any more)."""
    return LISTS[list_name](member, product, QueryDict(query))
