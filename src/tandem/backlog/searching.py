"""Items and what hangs on them, as they are found."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member, Product
from tandem.backlog.models import (
    Attachment,
    Comment,
    Criterion,
    FieldValue,
    Item,
    Label,
    Question,
)
from tandem.core.index.kinds import Follows, Kind, Shown, register
from tandem.core.prepared import prepared
from tandem.ui.icons import KIND_ICONS


def _place(item: Item) -> dict[str, Any]:
    return {"product": item.product.key, "key": item.key}


@prepared
def _items_seen(workspace_id: int, numbers: Sequence[int]) -> QuerySet[Item]:
    seen = Item.objects.visible_to(Member(workspace_id=workspace_id)).filter(pk__in=numbers)
    return seen.select_related("product", "status").only(
        "kind", "number", "title", "product__key", "status__name"
    )


def _items(member: Member, numbers: Sequence[int]) -> dict[int, Shown]:
    return {
        row.pk: Shown(
            row.title,
            "backlog:item",
            _place(row),
            key=row.key,
            hint=row.status.name,
            icon=KIND_ICONS[row.kind],
        )
        for row in _items_seen(member.workspace_id, numbers)
    }


def _hanging(row: Any, hint: str, fragment: str) -> Shown:
    item = row.item
    return Shown(
        item.title, "backlog:item", _place(item), key=item.key, hint=hint, fragment=fragment
    )


def _seen(member: Member, numbers: Sequence[int], model: Any) -> Any:
    # Asked of each row's item: as a list, every item of the workspace would be gathered first.
    mine = Exists(Item.objects.visible_to(member).filter(pk=OuterRef("item_id")))
    return model.objects.filter(mine, pk__in=numbers).select_related("item__product")


@prepared
def _comments_seen(workspace_id: int, numbers: Sequence[int]) -> QuerySet[Comment]:
    seen: QuerySet[Comment] = _seen(Member(workspace_id=workspace_id), numbers, Comment)
    rows = seen.filter(deleted_at=None).select_related("item__product", "written_by__user")
    return rows.only(
        "source_author",
        "item__number",
        "item__title",
        "item__product__key",
        "written_by__user__name",
    )


def _comments(member: Member, numbers: Sequence[int]) -> dict[int, Shown]:
    return {
        row.pk: _hanging(
            row, _("Comment by %(name)s") % {"name": row.author_name}, f"comment-{row.pk}"
        )
        for row in _comments_seen(member.workspace_id, numbers)
    }


def _questions(member: Member, numbers: Sequence[int]) -> dict[int, Shown]:
    return {
        row.pk: _hanging(
            row, _("Question, answered") if row.answer else _("Open question"), f"question-{row.pk}"
        )
        for row in _seen(member, numbers, Question)
    }


def _criteria(member: Member, numbers: Sequence[int]) -> dict[int, Shown]:
    return {
        row.pk: _hanging(
            row, _("Criterion, met") if row.met_at else _("Criterion"), f"criterion-{row.pk}"
        )
        for row in _seen(member, numbers, Criterion)
    }


def _attachments(member: Member, numbers: Sequence[int]) -> dict[int, Shown]:
    return {
        row.pk: Shown(
            row.name,
            "backlog:item",
            _place(row.item),
            key=row.item.key,
            hint=(_("Attached to %(title)s") % {"title": row.item.title})[:80],
            fragment=f"attachment-{row.pk}",
        )
        for row in _seen(member, numbers, Attachment).filter(deleted_at=None)
    }


def _values(member: Member, numbers: Sequence[int]) -> dict[int, Shown]:
    """Words and addresses in fields of the product's own."""
    rows = _seen(member, numbers, FieldValue).filter(field__archived_at=None)
    return {
        row.pk: _hanging(row, row.field.name, "")
        for row in rows.select_related("item__product", "field")
    }


def _labels(member: Member, numbers: Sequence[int]) -> dict[int, Shown]:
    seen = Product.objects.visible_to(member)
    rows = Label.objects.filter(pk__in=numbers, product__in=seen).select_related("product")
    return {
        row.pk: Shown(
            row.name,
            "backlog:list",
            {"product": row.product.key},
            hint=_("Label in %(product)s") % {"product": row.product.name},
            query=urlencode({"label": row.name}),
        )
        for row in rows
    }


ITEM = "JOIN backlog_item i ON i.id = t.item_id"
GOES_WITH_ITEM = (Follows("backlog_item", ("deleted_at", "product_id"), "item_id"),)

register(
    Kind(
        name="item",
        one=N_("Item"),
        many=N_("Items"),
        icon="bookmark",
        action="item.view",
        area="backlog",
        order=10,
        table="backlog_item",
        columns=(
            "title",
            "description",
            "story_role",
            "story_want",
            "story_benefit",
            "source_ref",
            "workspace_id",
            "product_id",
            "deleted_at",
        ),
        workspace="t.workspace_id",
        product="t.product_id",
        title="t.title",
        body="t.story_role || ' ' || t.story_want || ' ' || t.story_benefit || ' ' || "
        "t.description || ' ' || t.source_ref",
        at="t.updated_at",
        where="t.deleted_at IS NULL",
        shown=_items,
    )
)


def _hangs(name: str, one: str, many: str, icon: str, order: int, shown: Any, **more: Any) -> None:
    register(
        Kind(
            name=name,
            one=one,
            many=many,
            icon=icon,
            action="item.view",
            area="backlog",
            order=order,
            table=f"backlog_{name}",
            workspace="i.workspace_id",
            product="i.product_id",
            shown=shown,
            **({"title": "''", "joins": ITEM, "follows": GOES_WITH_ITEM} | more),
        )
    )


_hangs(
    "comment",
    N_("Comment"),
    N_("Comments"),
    "message",
    20,
    _comments,
    columns=("text", "item_id", "deleted_at"),
    body="t.text",
    at="t.written_at",
    where="t.deleted_at IS NULL AND i.deleted_at IS NULL",
)
_hangs(
    "question",
    N_("Question"),
    N_("Questions"),
    "help",
    30,
    _questions,
    columns=("text", "answer", "item_id"),
    body="t.text || ' ' || t.answer",
    at="t.asked_at",
    where="i.deleted_at IS NULL",
)
_hangs(
    "criterion",
    N_("Criterion"),
    N_("Criteria"),
    "checklist",
    40,
    _criteria,
    columns=("text", "item_id"),
    body="t.text",
    at="i.created_at",
    where="i.deleted_at IS NULL",
)
_hangs(
    "attachment",
    N_("Attachment"),
    N_("Attachments"),
    "paperclip",
    45,
    _attachments,
    columns=("name", "excerpt", "item_id", "deleted_at"),
    title="t.name",
    body="t.excerpt || ' ' || t.link",
    at="t.added_at",
    where="t.deleted_at IS NULL AND i.deleted_at IS NULL",
)
_hangs(
    "fieldvalue",
    N_("Field"),
    N_("Fields"),
    "columns",
    46,
    _values,
    columns=("text", "item_id"),
    joins=f"{ITEM} JOIN backlog_customfield f ON f.id = t.field_id",
    follows=(*GOES_WITH_ITEM, Follows("backlog_customfield", ("archived_at",), "field_id")),
    body="t.text",
    at="t.id",
    where="f.kind IN ('text', 'link') AND f.archived_at IS NULL AND i.deleted_at IS NULL",
)
register(
    Kind(
        name="label",
        one=N_("Label"),
        many=N_("Labels"),
        icon="tag",
        action="item.view",
        area="backlog",
        order=70,
        table="backlog_label",
        columns=("name", "product_id"),
        workspace="p.workspace_id",
        product="t.product_id",
        title="t.name",
        body="''",
        at="t.id",
        joins="JOIN accounts_product p ON p.id = t.product_id",
        shown=_labels,
    )
)
