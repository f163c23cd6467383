"""What a chat is told: a title and a line or two per event, with the way to the place.

Many events of one act, such as an import, are one message: a chat is read by people.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tandem.accounts.models import Product
from tandem.backlog.history import entry_of, label_of
from tandem.core.models import Event
from tandem.integrations.models import Webhook
from tandem.notices import rules

#: So many events of one act are told one by one.
ONE_BY_ONE = 5
_LONGEST = 1500


def language_of(chat: Webhook) -> str:
    """Whoever made the target chose the language with their account."""
    user = chat.created_by.user if chat.created_by else None
    return (user.language if user else "") or settings.LANGUAGE_CODE


def described(chat: Webhook, events: Sequence[Event]) -> list[tuple[Event, str]]:
    """``(event, body)`` of each message to send; the last event stands for those told together."""
    with translation.override(language_of(chat)):
        if len(events) > ONE_BY_ONE:
            return [(events[-1], _together(chat, events))]
        subjects: dict[str, Any] = {}
        for kind in {event.object_kind for event in events}:
            of_kind = [event for event in events if event.object_kind == kind]
            known = rules.kind_of(kind)
            subjects[kind] = known.subjects({each.object_id for each in of_kind}) if known else {}
        return [(event, _one(chat, event, subjects[event.object_kind])) for event in events]


def test_message(chat: Webhook, *, who: str) -> str:
    with translation.override(language_of(chat)):
        text = _("%(who)s tries whether this chat hears of %(workspace)s.") % {
            "who": who,
            "workspace": chat.workspace.name,
        }
        return body_of(_("A test from Tandem"), [text, _link(_home(chat))])


def _one(chat: Webhook, event: Event, subjects: Any) -> str:
    known = rules.kind_of(event.object_kind) is not None
    if known:
        words = rules.words_of(event)
        who, did, quote = words.who, words.did, words.quote
    else:
        entry = entry_of(event)
        who, did, quote = entry.who, entry.sentence, ""
    subject = subjects.get(event.object_id)
    line = f"{who} {did}: {quote}" if quote else f"{who} {did}"
    title = subject.label if subject else label_of(event) or chat.workspace.name
    return body_of(title, [line, _link(subject.path if subject else _home(chat, event))])


def _together(chat: Webhook, events: Sequence[Event]) -> str:
    last = events[-1]
    line = ngettext(
        "%(who)s changed %(count)s thing at once.",
        "%(who)s changed %(count)s things at once.",
        len(events),
    ) % {"who": last.member_name or _("Somebody"), "count": len(events)}
    labels = list(dict.fromkeys(label_of(event) for event in events if event.object_label))
    some = ", ".join(labels[:ONE_BY_ONE]) + (" …" if len(labels) > ONE_BY_ONE else "")
    product = Product.objects.filter(pk=last.product_id).first() if last.product_id else None
    title = product.name if product else chat.workspace.name
    return body_of(title, [line, some, _link(_home(chat, last, product))])


def _home(chat: Webhook, event: Event | None = None, product: Product | None = None) -> str:
    if product is None and event is not None and event.product_id:
        product = Product.objects.filter(pk=event.product_id).first()
    if product is None:
        return reverse("accounts:products", kwargs={"workspace": chat.workspace.slug})
    at = {"workspace": chat.workspace.slug, "product": product.key}
    return reverse("backlog:activity", kwargs=at)


def _link(path: str) -> str:
    """A whole address when the installation knows its own, else none."""
    return settings.ADDRESS + path if settings.ADDRESS else ""


def body_of(title: str, lines: Iterable[str]) -> str:
    text = "\n".join(line for line in lines if line)
    return json.dumps({"title": title[:250], "text": text[:_LONGEST]}, ensure_ascii=False)
