"""What a member finds: the index's entries as rows the member may see."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import can
from tandem.backlog.models import Item
from tandem.backlog.models.item import number_of
from tandem.core.errors import Refused
from tandem.core.index.asking import COUNT_MOST, Answer, Search
from tandem.core.index.excerpts import Part, excerpt, marked
from tandem.core.index.find import Entry, Scope
from tandem.core.index.kinds import Kind, Shown, all_kinds, kind_of
from tandem.core.index.typed import Typed, typed
from tandem.ui.addresses import address
from tandem.ui.filters import inside


@dataclass(frozen=True)
class Asked:
    """A search as an address says it: ``?q=&kind=&product=``."""

    text: Typed
    #: What comes into question at all.
    looked: tuple[Kind, ...]
    kinds: tuple[str, ...] = ()
    product: Product | None = None
    #: Whether words that resemble those typed count; ``exact=1`` says no.
    mend: bool = True

    @property
    def query(self) -> str:
        return self.with_()

    @property
    def kind_words(self) -> str:
        chosen = [inside(_(kind.many)) for kind in self.looked if kind.name in self.kinds]
        if len(chosen) < 2:
            return "".join(chosen)
        said = {"first": ", ".join(chosen[:-1]), "last": chosen[-1]}
        return _("%(first)s and %(last)s") % said

    def with_(self, **other: Any) -> str:
        """The address's query with something else in it."""
        said = {
            "q": self.text.text,
            "kind": self.kinds,
            "product": self.product.key if self.product else "",
            "exact": "" if self.mend else "1",
        } | other
        return urlencode({name: value for name, value in said.items() if value}, doseq=True)


def asked(
    member: Member,
    products: Sequence[Product],
    *,
    q: str,
    kinds: Sequence[str] = (),
    product: str = "",
    exact: bool = False,
    allowed: Sequence[Kind] | None = None,
) -> Asked:
    """Refuses a kind and a product that the member does not know, naming the parameter.

    ``allowed``: the kinds that come into question, where these are fewer than the member's.
    """
    looked = tuple(kinds_of(member) if allowed is None else allowed)
    known = [kind.name for kind in looked]
    wanted = tuple(dict.fromkeys(name for name in kinds if name))
    for name in wanted:
        if name not in known:
            told = {"name": name[:40], "names": ", ".join(known)}
            raise Refused(_("kind: “%(name)s” is none of %(names)s.") % told, field="kind")
    chosen = None
    if product:
        chosen = next((each for each in products if each.key == product.upper()), None)
        if chosen is None:
            raise Refused(
                _("There is no product %(key)s here.") % {"key": product[:20]}, field="product"
            )
    return Asked(typed(q), looked, wanted, chosen, mend=not exact)


def kinds_of(member: Member) -> list[Kind]:
    """What the member may find at all."""
    return [kind for kind in all_kinds() if can(member, kind.action)]


@dataclass(frozen=True)
class Hit:
    kind: Kind
    pk: int
    shown: Shown
    address: str
    title: list[Part]
    excerpt: list[Part]
    product: str

    @property
    def icon(self) -> str:
        return self.shown.icon or self.kind.icon

    @property
    def excerpt_text(self) -> str:
        return "".join(text for text, _ in self.excerpt)


@dataclass(frozen=True)
class Facet:
    kind: Kind
    count: int
    chosen: bool

    @property
    def words(self) -> str:
        return f"{COUNT_MOST}+" if self.count > COUNT_MOST else str(self.count)


@dataclass
class Found:
    hits: list[Hit] = field(default_factory=list)
    facets: list[Facet] = field(default_factory=list)
    next_cursor: str | None = None
    #: Typed -> meant, where words in use only resemble what was typed.
    meant: dict[str, str] = field(default_factory=dict)

    def mended(self, text: str) -> str:
        """What was typed with the words that were meant."""
        return " ".join(self.meant.get(word.lower(), word) for word in text.split())


def find(
    member: Member,
    wanted: Asked,
    products: Sequence[Product],
    *,
    after: str | None = None,
    limit: int = 30,
    facets: bool = True,
    here: Product | None = None,
) -> Found:
    """A page of what fits, best first; facets only on the first one.

    ``here``: the product one works in; a bare number means its item.
    """
    kinds = tuple(kind.name for kind in wanted.looked)
    whole = Scope(
        member.workspace_id,
        tuple(each.pk for each in ([wanted.product] if wanted.product else products)),
        kinds,
        with_workspace=wanted.product is None,
    )
    named = _named(wanted.text.text, products, here or wanted.product)
    scope = whole.of_kinds(wanted.kinds) if wanted.kinds else whole
    search = Search(wanted.text, scope, named)
    answer = search.page(after=after, limit=limit, mend=wanted.mend)
    found = Found(_hits(member, answer, products), [], answer.next_cursor, answer.meant)
    if facets and after is None:
        everywhere = search.widened(whole)
        counts = everywhere.counts()
        for hit in found.hits:
            counts.setdefault(hit.kind.name, 1)
        found.facets = [
            Facet(kind, counts.get(kind.name, 0), kind.name in wanted.kinds)
            for kind in wanted.looked
            if kind.name in counts or kind.name in wanted.kinds
        ]
    return found


def _named(text: str, products: Sequence[Product], here: Product | None) -> list[tuple[str, int]]:
    """The item whose key was typed in full, or whose number, inside its product."""
    text = text.strip()
    pairs = [(each, number) for each in products if (number := number_of(each, text)) is not None]
    if here is not None and text.isascii() and text.isdigit() and len(text) <= 9:
        pairs.append((here, int(text)))
    rows = [
        # The key of a merged item means the one it was merged into.
        Item.objects.filter(product=each, number=number)
        .values_list(Coalesce("merged_into_id", "pk"), flat=True)
        .first()
        for each, number in pairs
    ]
    return [("item", pk) for pk in rows if pk is not None]


def _hits(member: Member, answer: Answer, products: Sequence[Product]) -> list[Hit]:
    """Each kind's rows are loaded once, through what the member may see: an entry without such a
    row is not shown, whatever the index says."""
    by_kind: dict[str, list[int]] = {}
    for entry in answer.entries:
        by_kind.setdefault(entry.kind, []).append(entry.object_id)
    shown: dict[tuple[str, int], Shown] = {}
    for name, numbers in by_kind.items():
        kind = kind_of(name)
        if kind is not None:
            for pk, each in kind.shown(member, numbers).items():
                shown[name, pk] = each
    found = []
    for entry in answer.entries:
        row, kind = shown.get((entry.kind, entry.object_id)), kind_of(entry.kind)
        if row is not None and kind is not None:
            found.append(_hit(member, kind, entry, row, answer.marked))
    return found


def _hit(member: Member, kind: Kind, entry: Entry, row: Shown, words: Sequence[str]) -> Hit:
    leads = address(row.view, workspace=member.workspace.slug, **row.parts)
    leads += f"?{row.query}" if row.query else ""
    leads += f"#{row.fragment}" if row.fragment else ""
    return Hit(
        kind,
        entry.object_id,
        row,
        leads,
        marked(row.title, words),
        excerpt(entry.body, words) if entry.body.strip() else [],
        str(row.parts.get("product", "")),
    )
