"""Keys like ``FERRY-12`` written in texts become links to the items that the reader can see, and
people named with ``@`` are marked."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from tandem.accounts.models import Member, Product
from tandem.backlog.models import Item, Named
from tandem.core.markdown import to_html

#: A text naming more items than this is a list, not prose; the rest stays plain.
MOST = 200

_TAG = re.compile(r"""<(?:[^>"']|"[^"]*"|'[^']*')*>""")
_NO_LINKS = ("a", "code", "pre")


@dataclass(frozen=True)
class Mention:
    key: str
    title: str
    address: str
    done: bool


def _pattern(product_key: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w/-]){re.escape(product_key)}-([1-9]\d{{0,8}})(?![\w-])")


def keys_in(texts: Iterable[str], product_key: str) -> list[int]:
    """The numbers of this product's items that the texts name."""
    pattern = _pattern(product_key)
    found: dict[int, None] = {}
    for text in texts:
        for match in pattern.finditer(text or ""):
            found.setdefault(int(match[1]))
            if len(found) >= MOST:
                return list(found)
    return list(found)


def mentions_of(member: Member, product: Product, numbers: list[int]) -> dict[str, Mention]:
    rows = (
        Item.objects.visible_to(member)
        .filter(product=product, number__in=numbers)
        .values_list("number", "title", "status__category")
    )
    found = {}
    for number, title, category in rows:
        key = f"{product.key}-{number}"
        address = reverse(
            "backlog:item",
            kwargs={"workspace": member.workspace.slug, "product": product.key, "key": key},
        )
        found[key] = Mention(key, title, address, category in ("done", "dropped"))
    return found


def in_prose(html: str, change: Callable[[str], str]) -> str:
    """``html`` with its running text changed; links and code stay as they are."""

    parts: list[str] = []
    closed_to_links = 0
    at = 0
    for tag in _TAG.finditer(html):
        text = html[at : tag.start()]
        parts.append(text if closed_to_links else change(text))
        name = re.match(r"</?([a-z0-9]+)", tag[0])
        if name and name[1] in _NO_LINKS:
            closed_to_links += -1 if tag[0].startswith("</") else 1
        parts.append(tag[0])
        at = tag.end()
    parts.append(html[at:] if closed_to_links else change(html[at:]))
    return "".join(parts)


def linked(html: str, mentions: dict[str, Mention], product_key: str) -> str:
    """``html`` with the keys in its running text as links."""
    if not mentions:
        return html
    pattern = _pattern(product_key)

    def link(match: re.Match[str]) -> str:
        mention = mentions.get(match[0])
        if mention is None:
            return match[0]
        return str(
            Markup('<a class="item-key" href="{}" data-peek="{}" title="{}">{}</a>').format(
                mention.address, mention.key, mention.title, mention.key
            )
        )

    return in_prose(html, lambda text: pattern.sub(link, text))


def with_people(html: str, named: Sequence[Named], reader: Member | None) -> str:
    """``html`` with the people named in it marked; the reader's own name stands out."""
    known: dict[str, Member] = {str(escape(each.written)).casefold(): each.member for each in named}
    if not known:
        return html
    names = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
    pattern = re.compile(rf"@({names})(?!\w)", re.IGNORECASE)

    def mark(match: re.Match[str]) -> str:
        member = known.get(match[1].casefold())
        if member is None:
            return match[0]
        you = reader is not None and member.pk == reader.pk
        kind = "named named-you" if you else "named"
        says = (
            _("%(name)s (you)") % {"name": member.name}
            if you
            else f"{member.name}, {member.get_role_display()}"
        )
        return str(Markup('<span class="{}" title="{}">@{}</span>').format(kind, says, member.name))

    return in_prose(html, lambda text: pattern.sub(mark, text))


@dataclass(frozen=True)
class Writer:
    """Turns people's texts into safe HTML with the mentions linked; given to the templates."""

    mentions: dict[str, Mention]
    product_key: str
    reader: Member | None = None

    def markdown(self, text: str, named: Sequence[Named] = ()) -> Markup:
        html = with_people(to_html(text), named, self.reader)
        return Markup(linked(html, self.mentions, self.product_key))  # noqa: S704  (cleaned by nh3, links escaped)

    def plain(self, text: str) -> Markup:
        return Markup(linked(str(escape(text)), self.mentions, self.product_key))  # noqa: S704  (escaped)
