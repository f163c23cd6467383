"""Items and what hangs on them, over the API: the same operations the pages call."""

import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from tandem.accounts.auth import caller, product_for
from tandem.accounts.models import Member, Product
from tandem.backlog import operations as do
from tandem.backlog.filters import ItemFilter
from tandem.backlog.models import Comment, Criterion, Dependency, Item, Question, Status
from tandem.backlog.models.item import number_of
from tandem.core.api import PageOut, PageSize, Problem, page_out
from tandem.core.errors import Refused
from tandem.core.models import Event
from tandem.core.paging import keyset

router = Router(tags=["backlog"])
REFUSALS = {403: Problem, 404: Problem, 409: Problem, 422: Problem}


class EstimateOut(Schema):
    low: float | None
    likely: float | None
    high: float | None


class CriterionOut(Schema):
    id: int
    form: str
    text: str
    steps: list[dict[str, str]]
    met: bool

    @staticmethod
    def resolve_met(row: Criterion) -> bool:
        return row.met_at is not None


class QuestionOut(Schema):
    id: int
    text: str
    asked_by: str | None
    answer: str
    open: bool

    @staticmethod
    def resolve_open(row: Question) -> bool:
        return row.answered_at is None

    @staticmethod
    def resolve_asked_by(row: Question) -> str | None:
        return row.asked_by.name if row.asked_by else None


class CommentOut(Schema):
    id: int
    text: str
    author: str
    written_at: datetime.datetime

    @staticmethod
    def resolve_author(row: Comment) -> str:
        return row.author_name


class DependencyOut(Schema):
    id: int
    from_key: str
    kind: str
    to_key: str

    @staticmethod
    def resolve_from_key(row: Dependency) -> str:
        return row.from_item.key

    @staticmethod
    def resolve_to_key(row: Dependency) -> str:
        return row.to_item.key


class ItemOut(Schema):
    key: str
    kind: str
    title: str
    status: str
    category: str
    assignee: str | None
    parent: str | None
    labels: list[str]
    estimate: EstimateOut
    due_date: datetime.date | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    started_at: datetime.datetime | None
    finished_at: datetime.datetime | None
    version: int
    source: str
    source_ref: str

    @staticmethod
    def resolve_status(row: Item) -> str:
        return row.status.name

    @staticmethod
    def resolve_category(row: Item) -> str:
        return row.status.category

    @staticmethod
    def resolve_assignee(row: Item) -> str | None:
        return row.assignee.name if row.assignee else None

    @staticmethod
    def resolve_parent(row: Item) -> str | None:
        return row.parent.key if row.parent else None

    @staticmethod
    def resolve_labels(row: Item) -> list[str]:
        return [label.name for label in row.labels.all()]

    @staticmethod
    def resolve_estimate(row: Item) -> dict[str, float | None]:
        return {
            "low": row.estimate_low,
            "likely": row.estimate_likely,
            "high": row.estimate_high,
        }


class ItemFullOut(ItemOut):
    description: str
    story_role: str
    story_want: str
    story_benefit: str
    extra: dict[str, Any]
    criteria: list[CriterionOut]
    questions: list[QuestionOut]
    dependencies: list[DependencyOut]

    @staticmethod
    def resolve_dependencies(row: Item) -> list[Dependency]:
        both = Dependency.objects.filter(from_item=row) | Dependency.objects.filter(to_item=row)
        return list(both.select_related("from_item__product", "to_item__product").order_by("pk"))


class ItemIn(Schema):
    title: str
    kind: str = "story"
    description: str = ""
    story_role: str = ""
    story_want: str = ""
    story_benefit: str = ""
    status: str | None = None
    assignee_id: int | None = None
    parent: str | None = None
    labels: list[str] = []
    estimate_low: float | None = None
    estimate_likely: float | None = None
    estimate_high: float | None = None
    due_date: datetime.date | None = None
    at_top: bool = False


class ItemPatch(Schema):
    """Only what is sent changes. ``version``: the one the change started from."""

    version: int | None = None
    title: str | None = None
    kind: str | None = None
    description: str | None = None
    story_role: str | None = None
    story_want: str | None = None
    story_benefit: str | None = None
    status: str | None = None
    assignee_id: int | None = None
    parent: str | None = None
    labels: list[str] | None = None
    estimate_low: float | None = None
    estimate_likely: float | None = None
    estimate_high: float | None = None
    due_date: datetime.date | None = None


class MoveIn(Schema):
    """Right behind the item ``after``; ``null``: to the top. ``status`` moves it on the board."""

    after: str | None = None
    status: str | None = None


class TextIn(Schema):
    text: str


class CriterionIn(Schema):
    text: str
    form: str | None = None


class CriterionPatch(Schema):
    text: str | None = None
    met: bool | None = None


class AnswerIn(Schema):
    answer: str


class DependencyIn(Schema):
    kind: str
    to: str


class EventOut(Schema):
    at: datetime.datetime
    verb: str
    member_name: str
    channel: str
    changes: dict[str, Any]


def item_of(request: HttpRequest, key: str) -> Item:
    """The item ``WEB-42`` of the caller's workspace, or 404."""
    product = product_for(request, key.rpartition("-")[0])
    rows = Item.objects.visible_to(caller(request)).select_related(
        "status", "assignee__user", "parent__product"
    )
    item: Item = get_object_or_404(rows, product=product, number=number_of(product, key) or -1)
    item.product = product
    return item


def _named(product: Product, body: dict[str, Any]) -> dict[str, Any]:
    """Names and keys of a request as rows; a wrong one is refused with its field."""
    if body.get("status") is not None:
        status = Status.objects.filter(product=product, name__iexact=body["status"]).first()
        if status is None:
            names = ", ".join(Status.objects.filter(product=product).values_list("name", flat=True))
            raise Refused(
                f"There is no status {body['status']}. Statuses: {names}.", field="status"
            )
        body["status"] = status
    elif "status" in body:
        del body["status"]
    if "assignee_id" in body:
        pk = body.pop("assignee_id")
        person = pk and Member.objects.filter(workspace_id=product.workspace_id, pk=pk).first()
        if pk and not person:
            raise Refused(f"There is no member {pk} in this workspace.", field="assignee_id")
        body["assignee"] = person or None
    if body.get("parent") is not None:
        parent = Item.objects.with_keys(product, [body["parent"]]).first()
        if parent is None:
            raise Refused(f"There is no item {body['parent']}.", field="parent")
        body["parent"] = parent
    if "labels" in body and body["labels"] is None:
        body["labels"] = []
    return body


@router.get("/products/{key}/items", response={200: PageOut[ItemOut], 404: Problem, 422: Problem})
def items(
    request: HttpRequest,
    key: str,
    after: str | None = None,
    limit: PageSize = 100,
) -> Any:
    """The backlog in rank order; takes the pages' filters (q, kind, status, label, assignee, …)."""
    product = product_for(request, key)
    wanted = ItemFilter.from_query(request.GET, product, caller(request))
    rows = wanted.apply(Item.objects.of(product))
    rows = rows.select_related("status", "assignee__user", "parent__product", "product")
    page = keyset(rows.prefetch_related("labels"), ("rank", "id"), after=after, limit=limit)
    return page_out(page, page.rows)


@router.post("/products/{key}/items", response={201: ItemFullOut, **REFUSALS})
def item_create(request: HttpRequest, key: str, body: ItemIn) -> Any:
    """Make an item at the backlog's end (or top)."""
    product = product_for(request, key)
    return 201, do.item_create(by=caller(request), product=product, **_named(product, body.dict()))


@router.get("/items/{key}", response={200: ItemFullOut, 404: Problem})
def item(request: HttpRequest, key: str) -> Any:
    """One item with criteria, questions and dependencies."""
    return item_of(request, key)


@router.patch("/items/{key}", response={200: ItemFullOut, **REFUSALS})
def item_update(request: HttpRequest, key: str, body: ItemPatch) -> Any:
    """Change what is sent; 409 when somebody changed it since ``version``."""
    row = item_of(request, key)
    fields = _named(row.product, body.dict(exclude_unset=True))
    return do.item_update(
        by=caller(request), item=row, version=fields.pop("version", None), **fields
    )


@router.delete("/items/{key}", response={204: None, **REFUSALS})
def item_delete(request: HttpRequest, key: str) -> Any:
    """Take the item out of every list."""
    do.item_delete(by=caller(request), item=item_of(request, key))
    return 204, None


@router.post("/items/{key}/move", response={200: ItemOut, **REFUSALS})
def item_move(request: HttpRequest, key: str, body: MoveIn) -> Any:
    """Put the item right behind another one."""
    row = item_of(request, key)
    named = _named(row.product, {"status": body.status})
    behind = None
    if body.after is not None:
        behind = Item.objects.with_keys(row.product, [body.after]).first()
        if behind is None:
            raise Refused(f"There is no item {body.after}.", field="after")
    return do.item_move(by=caller(request), item=row, after=behind, status=named.get("status"))


@router.get("/items/{key}/history", response={200: PageOut[EventOut], 404: Problem})
def history(request: HttpRequest, key: str, after: str | None = None, limit: PageSize = 100) -> Any:
    """Who changed what, newest first."""
    row = item_of(request, key)
    page = keyset(Event.objects.of("item", row.pk), ("-id",), after=after, limit=limit)
    return page_out(page, page.rows)


@router.get("/items/{key}/comments", response={200: PageOut[CommentOut], 404: Problem})
def comments(
    request: HttpRequest, key: str, after: str | None = None, limit: PageSize = 100
) -> Any:
    """Comments, oldest first."""
    rows = Comment.objects.filter(item=item_of(request, key), deleted_at=None)
    rows = rows.select_related("written_by__user")
    page = keyset(rows, ("written_at", "id"), after=after, limit=limit)
    return page_out(page, page.rows)


@router.post("/items/{key}/comments", response={201: CommentOut, **REFUSALS})
def comment_write(request: HttpRequest, key: str, body: TextIn) -> Any:
    """Write a comment."""
    return 201, do.comment_write(by=caller(request), item=item_of(request, key), text=body.text)


@router.post("/items/{key}/criteria", response={201: CriterionOut, **REFUSALS})
def criterion_add(request: HttpRequest, key: str, body: CriterionIn) -> Any:
    """Add an acceptance criterion; Given/When/Then is recognised and parsed."""
    row = item_of(request, key)
    return 201, do.criterion_add(by=caller(request), item=row, text=body.text, form=body.form)


@router.patch("/items/{key}/criteria/{pk}", response={200: CriterionOut, **REFUSALS})
def criterion_change(request: HttpRequest, key: str, pk: int, body: CriterionPatch) -> Any:
    """Reword or check a criterion."""
    criterion = get_object_or_404(Criterion, item=item_of(request, key), pk=pk)
    if body.text is not None:
        criterion = do.criterion_update(by=caller(request), criterion=criterion, text=body.text)
    if body.met is not None:
        criterion = do.criterion_check(by=caller(request), criterion=criterion, met=body.met)
    return criterion


@router.delete("/items/{key}/criteria/{pk}", response={204: None, **REFUSALS})
def criterion_remove(request: HttpRequest, key: str, pk: int) -> Any:
    """Remove a criterion."""
    criterion = get_object_or_404(Criterion, item=item_of(request, key), pk=pk)
    do.criterion_remove(by=caller(request), criterion=criterion)
    return 204, None


@router.post("/items/{key}/questions", response={201: QuestionOut, **REFUSALS})
def question_ask(request: HttpRequest, key: str, body: TextIn) -> Any:
    """Ask a question."""
    return 201, do.question_ask(by=caller(request), item=item_of(request, key), text=body.text)


@router.put("/items/{key}/questions/{pk}/answer", response={200: QuestionOut, **REFUSALS})
def question_answer(request: HttpRequest, key: str, pk: int, body: AnswerIn) -> Any:
    """Answer a question; an empty answer opens it again."""
    question = get_object_or_404(Question, item=item_of(request, key), pk=pk)
    return do.question_answer(by=caller(request), question=question, answer=body.answer)


@router.post("/items/{key}/dependencies", response={201: DependencyOut, **REFUSALS})
def dependency_add(request: HttpRequest, key: str, body: DependencyIn) -> Any:
    """This item blocks / relates to / duplicates another; a circle is refused and shown."""
    row = item_of(request, key)
    other = Item.objects.with_keys(row.product, [body.to]).first()
    if other is None:
        raise Refused(f"There is no item {body.to}.", field="to")
    other.product = row.product
    return 201, do.dependency_add(by=caller(request), from_item=row, to_item=other, kind=body.kind)


@router.delete("/items/{key}/dependencies/{pk}", response={204: None, **REFUSALS})
def dependency_remove(request: HttpRequest, key: str, pk: int) -> Any:
    """Remove a dependency."""
    dependency = get_object_or_404(Dependency, from_item=item_of(request, key), pk=pk)
    do.dependency_remove(by=caller(request), dependency=dependency)
    return 204, None
