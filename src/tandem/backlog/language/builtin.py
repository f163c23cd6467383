"""The backlog's own fields."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member
from tandem.backlog.language.fields import (
    Asking,
    Field,
    Offer,
    Sorting,
    any_value,
    closest,
    date_field,
    ends_of,
    meant,
    named_choice,
    number_field,
    refuse_choice,
    register,
    text_field,
    words_of,
)
from tandem.backlog.language.parsing import Term, Value, quoted
from tandem.backlog.models import (
    Attachment,
    Category,
    Comment,
    Criterion,
    Dependency,
    DependencyKind,
    Item,
    Kind,
    Label,
    Question,
    Watch,
    status_named,
)
from tandem.backlog.models.item import led_to
from tandem.backlog.models.item import number_of as number_of_key

LABELS_OFFERED = 200
FINISHED = (Category.DONE, Category.DROPPED)


def _one(name: str) -> Offer:
    return Offer(name, name)


def _pk(value: Value) -> int | None:
    text = value.text
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


# Kind, status, category


def _kind(asking: Asking, term: Term, field: Field) -> tuple[Q, str]:
    known = {each.value: each for each in Kind}
    found = named_choice(asking, term, field.title, known)[0]
    return Q(kind__in=[each.value for each in found]), ", ".join(str(each.label) for each in found)


_CATEGORIES: dict[str, Any] = {each.value: each for each in Category}


def _status(asking: Asking, term: Term) -> tuple[set[int], str]:
    """A status by name or number; a category's word means all of its statuses."""
    by_name = {each.name.casefold(): each for each in asking.statuses}
    by_pk = {each.pk: each for each in asking.statuses}
    ids: list[int] = []
    words = []
    for value in term.values:
        word = value.text.casefold()
        status = by_name.get(word) or by_pk.get(_pk(value) or 0)
        if status is None and word not in _CATEGORIES:
            status = status_named(asking.statuses, word)
        if status is not None:
            ids.append(status.pk)
            words.append(status.name)
        elif word == "all":
            ids += by_pk
            words.append(_("All"))
        elif word in _CATEGORIES:
            ids += [each.pk for each in asking.statuses if each.category == word]
            words.append(str(_CATEGORIES[word].label))
        else:
            refuse_choice(value, _("Status"), [*(s.name for s in asking.statuses), *_CATEGORIES])
    return set(ids), ", ".join(dict.fromkeys(words))


def _category(asking: Asking, term: Term) -> tuple[set[int], str]:
    found = named_choice(asking, term, _("Category"), {**_CATEGORIES, "all": None})[0]
    if None in found:
        return {each.pk for each in asking.statuses}, _("All")
    wanted = {each.value for each in found}
    ids = {each.pk for each in asking.statuses if each.category in wanted}
    return ids, ", ".join(str(each.label) for each in found)


# People


def people_of(asking: Asking) -> list[Member]:
    if "people" not in asking.kept:
        rows = Member.objects.visible_to(asking.member).select_related("user")
        asking.kept["people"] = list(rows.order_by("user__name", "pk"))
    people: list[Member] = asking.kept["people"]
    return people


def person_named(asking: Asking, value: Value) -> Member | None:
    """``me``, ``none``, a member's number, name, first name or mail address."""
    word = value.text.strip().casefold()
    if word == "me":
        return asking.member
    if word in ("none", "nobody"):
        return None
    people = people_of(asking)
    pk = _pk(value)
    fits = [each for each in people if pk is not None and each.pk == pk]
    fits = fits or [p for p in people if word in (p.name.casefold(), p.user.email.casefold())]
    fits = fits or [each for each in people if each.name.casefold().startswith(f"{word} ")]
    if len(fits) == 1:
        return fits[0]
    if fits:
        named = ", ".join(f"{each.name} ({each.pk})" for each in fits[:5])
        value.refuse(
            _("Several people are called “%(text)s”: %(named)s. Write the number of one.")
            % {"text": value.text[:60], "named": named}
        )
    names = [each.name for each in people]
    near = closest(value.text, names)
    told = _(
        "“%(text)s” is nobody in this workspace. Write me, none, a name or a member's number."
    ) % {"text": value.text[:60]}
    value.refuse(
        meant(told, near),
        quoted(near) if near else "",
    )
    return None


def people_offered(asking: Asking) -> Sequence[Offer]:
    ended = {each.pk for each in people_of(asking) if each.ended_at is not None}
    return [
        Offer("me", _("Me")),
        Offer("none", _("Nobody")),
        *(
            _one(each.name)
            for each in people_of(asking)
            if each.pk not in ended and each.pk != asking.member.pk
        ),
    ]


def person_field(name: str, title: str, lookup: str, **more: Any) -> Field:
    def make(asking: Asking, term: Term, field: Field) -> tuple[Q, str]:
        people = [person_named(asking, value) for value in term.values]
        ids = [each.pk for each in people if each is not None]
        q = Q(**{f"{lookup}__in": ids})
        if None in people:
            q |= Q(**{lookup: None})
        mine = asking.member.pk
        return q, ", ".join(
            _("Nobody") if p is None else _("Me") if p.pk == mine else p.name for p in people
        )

    more.setdefault("present", lambda _: ~Q(**{lookup: None}))
    return Field(name, title, make, kind="person", offers=people_offered, **more)


# Labels, items


def _labels_of(asking: Asking) -> dict[str, Label]:
    if "labels" not in asking.kept:
        rows = Label.objects.filter(product=asking.product)
        asking.kept["labels"] = {row.name.casefold(): row for row in rows}
    labels: dict[str, Label] = asking.kept["labels"]
    return labels


def _label(asking: Asking, term: Term, field: Field) -> tuple[Q, str]:
    labels = _labels_of(asking)
    by_pk = {row.pk: row for row in labels.values()}
    found = []
    for value in term.values:
        row = labels.get(value.text.casefold()) or by_pk.get(_pk(value) or 0)
        if row is None:
            refuse_choice(value, field.title, [each.name for each in labels.values()])
        found.append(row)
    marked = Item.labels.through.objects.filter(label__in=[row.pk for row in found])
    if term.negated:
        # Asked for item by item: a list of all that have it would be made for every page.
        return Q(Exists(marked.filter(item_id=OuterRef("pk")))), ", ".join(r.name for r in found)
    return Q(pk__in=marked.values("item_id")), ", ".join(row.name for row in found)


def _keyed(asking: Asking, value: Value, text: str | None = None) -> int:
    word = (value.text if text is None else text).strip()
    number = number_of_key(asking.product, word)
    if number is None and word.isascii() and word.isdigit() and len(word) <= 9:
        number = int(word)
    if number is None:
        value.refuse(
            _("“%(word)s” is no key. Write it like %(key)s-42.")
            % {"word": word[:40], "key": asking.product.key}
        )
    return number


def _key(asking: Asking, term: Term, field: Field) -> tuple[Q, str]:
    def one(value: Value) -> Q:
        ends = ends_of(value)
        if ends is None:
            return Q(number=led_to(asking.product, _keyed(asking, value)))
        q = Q()
        if ends[0]:
            q &= Q(number__gte=_keyed(asking, value, ends[0]))
        if ends[1]:
            q &= Q(number__lte=_keyed(asking, value, ends[1]))
        return q

    return any_value(term, one), words_of(term)


def _parent(asking: Asking, term: Term, field: Field) -> tuple[Q, str]:
    def one(value: Value) -> Q:
        if value.text.casefold() == "none":
            return Q(parent=None)
        number = led_to(asking.product, _keyed(asking, value))
        found = Item.objects.of(asking.product).filter(number=number).first()
        if found is None:
            value.refuse(
                _("There is no item %(text)s in %(name)s.")
                % {"text": value.text[:40], "name": asking.product.name}
            )
        return Q(parent_id=found.pk)

    return any_value(term, one), words_of(term)


# What an item has


def _there(model: Any, column: str, **where: Any) -> Q:
    return Q(Exists(model.objects.filter(**{column: OuterRef("pk")}, **where)))


_HAS: dict[str, Any] = {
    "children": lambda _: _there(Item, "parent", deleted_at=None),
    "description": lambda _: ~Q(description=""),
    "criteria": lambda _: _there(Criterion, "item"),
    "questions": lambda _: _there(Question, "item", answered_at=None),
    "comments": lambda _: _there(Comment, "item", deleted_at=None),
    "attachments": lambda _: _there(Attachment, "item", deleted_at=None),
    "dependencies": lambda _: _there(Dependency, "from_item") | _there(Dependency, "to_item"),
}


def _having(asking: Asking) -> dict[str, Any]:
    found = dict(_HAS)
    for each in asking.fields.values():
        if each.present is not None:
            found[each.name] = each.present
    return found


def _has(asking: Asking, term: Term, field: Field) -> tuple[Q, str]:
    known = _having(asking)

    def one(value: Value) -> Q:
        name = value.text.casefold()
        alias = asking.aliases.get(name)
        if name not in known and alias is not None:
            name = alias.name
        if name not in known:
            refuse_choice(value, field.title, list(known))
        q: Q = known[name](asking)
        return q if field.name == "has" else ~q

    return any_value(term, one), words_of(term)


#: Told in words beside those of fields.
_HAS_WORDS = (
    N_("Children"),
    N_("Description"),
    N_("Criteria"),
    N_("Questions"),
    N_("Comments"),
    N_("Attachments"),
    N_("Dependencies"),
)


def _has_offers(asking: Asking) -> Sequence[Offer]:
    return [
        Offer(name, asking.fields[name].title if name in asking.fields else _(name.capitalize()))
        for name in _having(asking)
    ]


def _parked(asking: Asking, term: Term, field: Field) -> tuple[Q, str]:
    parked = Q(parked_at__isnull=False)
    ways = {"yes": parked, "parked": parked, "no": ~parked, "all": ~Q(pk__in=[])}

    def one(value: Value) -> Q:
        word = value.text.casefold()
        if word not in ways:
            refuse_choice(value, field.title, ["yes", "no", "all"])
        return ways[word]

    return any_value(term, one), words_of(term)


def _blocked(asking: Asking, term: Term, field: Field) -> tuple[Q, str]:
    """What an open item of the product blocks."""
    open_ones = Dependency.objects.filter(
        to_item=OuterRef("pk"), kind=DependencyKind.BLOCKS, from_item__deleted_at=None
    ).exclude(from_item__status__category__in=FINISHED)
    blocked = Q(Exists(open_ones))
    ways = {"yes": blocked, "blocked": blocked, "no": ~blocked}

    def one(value: Value) -> Q:
        word = value.text.casefold()
        if word not in ways:
            refuse_choice(value, field.title, ["yes", "no"])
        return ways[word]

    return any_value(term, one), words_of(term)


def _watcher(asking: Asking, term: Term, field: Field) -> tuple[Q, str]:
    people = [person_named(asking, value) for value in term.values]
    ids = [each.pk for each in people if each is not None]
    q = Q(pk__in=Watch.objects.filter(member__in=ids, on=True).values("item_id"))
    if None in people:
        q |= ~_there(Watch, "item", on=True)
    return q, ", ".join(_("Nobody") if each is None else each.name for each in people)


def _label_offers(asking: Asking) -> Sequence[Offer]:
    return [_one(each.name) for each in list(_labels_of(asking).values())[:LABELS_OFFERED]]


register(
    Field(
        "kind", N_("Kind"), _kind, order=10, aliases=("type",), sorting=Sorting(N_("Kind"), "kind"),
        offers=lambda asking: [Offer(each.value, str(each.label)) for each in Kind],
    ),
    Field(
        "status", N_("Status"), order=20, aliases=("state", "is"), statuses=_status,
        sorting=Sorting(N_("Status"), "status__position"),
        hint=N_("A status by its name, or a category: open, started, done, dropped, all"),
        offers=lambda asking: [
            *(_one(each.name) for each in asking.statuses),
            Offer("all", _("All, finished ones too")),
        ],
    ),
    Field(
        "category", N_("Category"), order=21, statuses=_category,
        offers=lambda asking: [
            *(Offer(each.value, str(each.label)) for each in Category),
            Offer("all", _("All, finished ones too")),
        ],
    ),
    Field(
        "parked", N_("Parked"), _parked, order=26,
        hint=N_("is:parked shows what nobody touched for long; such items are left out otherwise"),
        offers=lambda asking: [
            Offer("yes", _("Parked")), Offer("no", _("Not parked")), Offer("all", _("Both")),
        ],
    ),
    Field(
        "blocked", N_("Blocked"), _blocked, order=26,
        hint=N_("is:blocked shows what waits for an unfinished item"),
        offers=lambda asking: [Offer("yes", _("Blocked")), Offer("no", _("Not blocked"))],
    ),
    person_field(
        "assignee", N_("Assignee"), "assignee_id", order=22, aliases=("owner",),
        sorting=Sorting(N_("Assignee"), "assignee__user__name", folded=True),
    ),
    Field(
        "label", N_("Label"), _label, order=23, aliases=("labels", "tag"), offers=_label_offers,
        present=lambda asking: _there(Item.labels.through, "item"),
    ),
    number_field("estimate", N_("Estimate"), "estimate_likely", order=24, aliases=("effort", "points")),
    date_field("due", N_("Due"), "due_date", order=30),
    date_field("created", N_("Created"), "created_at", moments=True, order=31, present=None),
    date_field("updated", N_("Updated"), "updated_at", moments=True, order=32, present=None),
    date_field("started", N_("Started"), "started_at", moments=True, order=33),
    date_field("finished", N_("Finished"), "finished_at", moments=True, order=34),
    Field(
        "parent", N_("Parent"), _parent, kind="item", order=40, aliases=("epic",),
        present=lambda asking: ~Q(parent=None), example=N_("a key like WEB-42"),
        sorting=Sorting(N_("Parent"), "parent__number"),
    ),
    Field("key", N_("Key"), _key, kind="item", order=41, example=N_("WEB-4 or WEB-4..WEB-20")),
    person_field("author", N_("Author"), "created_by_id", order=42, aliases=("creator",)),
    text_field("text", N_("Text"), ("title", "description"), order=43),
    text_field(
        "title", N_("Title"), ("title",), order=44, sorting=Sorting(N_("Title"), "title", folded=True)
    ),
    Field(
        "watcher", N_("Watched by"), _watcher, kind="person", order=45, offers=people_offered,
        aliases=("watching", "watchers"), present=lambda asking: _there(Watch, "item", on=True),
    ),
    text_field(
        "source", N_("Source"), ("source", "source_ref"), order=48,
        present=lambda asking: ~Q(source=""), example="jira",
    ),
    Field("has", N_("Has"), _has, order=90, offers=_has_offers, hint=N_("Something is there: has:estimate")),
    Field("no", N_("Has no"), _has, order=91, offers=_has_offers, hint=N_("Nothing is there: no:estimate")),
)  # fmt: skip
