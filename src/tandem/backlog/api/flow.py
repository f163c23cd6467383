"""Rules for moving items, and consent, over the API."""

import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja import Status as Answer
from pydantic import Field

from tandem.accounts.auth import caller, product_for
from tandem.accounts.models import Product
from tandem.accounts.permissions import require
from tandem.backlog import needs as asked
from tandem.backlog import operations as do
from tandem.backlog.api.reading import item_of, named
from tandem.backlog.models import (
    Approval,
    ApprovalState,
    Approvers,
    Item,
    Status,
    TransitionRule,
)
from tandem.core.api import REFUSALS, PageOut, PageSize, RowId, page_out
from tandem.core.errors import Refused
from tandem.core.paging import keyset
from tandem.core.rest.bodies import Body, one_of

router = Router(tags=["backlog"])
ApprovalName = Annotated[str, one_of([value for value in Approvers.values if value])]
StateName = Annotated[str, one_of(ApprovalState.values)]


class NeedOut(Schema):
    """``name``: what a rule says; ``words`` complete "needs …"."""

    name: str
    words: str


class TransitionOut(Schema):
    """``from_status`` is ``null`` for a rule on every way into ``to_status``, new items too."""

    id: int
    from_status: str | None
    to_status: str
    needs: list[str]
    approval: str | None

    @staticmethod
    def resolve_from_status(row: TransitionRule) -> str | None:
        return row.from_status.name if row.from_status else None

    @staticmethod
    def resolve_to_status(row: TransitionRule) -> str:
        return row.to_status.name

    @staticmethod
    def resolve_approval(row: TransitionRule) -> str | None:
        return row.approval or None


class TransitionIn(Body):
    """Statuses by name. ``approval``: a role, or ``both`` lenses."""

    to_status: str
    from_status: str | None = None
    needs: Annotated[list[str], Field(max_length=100)] = []
    approval: ApprovalName | None = None


class SaidOut(Schema):
    role: str
    name: str
    approves: bool
    reason: str
    at: datetime.datetime


class ApprovalOut(Schema):
    """``roles``: whose consent is needed; ``waits_for``: who has not said anything yet."""

    id: int
    item: str
    to: str
    state: str
    roles: list[str]
    waits_for: list[str]
    said: list[SaidOut]
    note: str
    asked_by: str | None
    asked_at: datetime.datetime
    closed_at: datetime.datetime | None

    @staticmethod
    def resolve_item(row: Approval) -> str:
        return row.item.key

    @staticmethod
    def resolve_to(row: Approval) -> str:
        return row.to_name

    @staticmethod
    def resolve_asked_by(row: Approval) -> str | None:
        return row.asked_by.name if row.asked_by else None


class ApprovalIn(Body):
    to: str
    note: str = ""


class DecisionIn(Body):
    """A refusal says why."""

    approves: bool
    reason: str = ""


class DecisionsIn(DecisionIn):
    """``approvals``: numbers of what waits, at most 200."""

    approvals: Annotated[list[RowId], Field(min_length=1, max_length=200)]


class NotDecidedOut(Schema):
    id: int
    reason: str


class DecidedOut(Schema):
    decided: list[ApprovalOut]
    refused: list[NotDecidedOut]


def _status(product: Product, name: str, field: str) -> Status:
    try:
        found: Status = named(product, {"status": name})["status"]
    except Refused as refusal:
        refusal.field = field
        raise
    return found


@router.get("/products/{key}/transitions", response={200: list[TransitionOut], **REFUSALS})
def transitions(request: HttpRequest, key: str) -> Any:
    """What moving an item to a status asks for."""
    product = product_for(request, key)
    require(caller(request), "item.view")
    rules = TransitionRule.objects.filter(product=product)
    return rules.select_related("from_status", "to_status")


@router.get("/products/{key}/transitions/needs", response={200: list[NeedOut], **REFUSALS})
def transition_needs(request: HttpRequest, key: str) -> Any:
    """What a rule can ask for here, the product's own fields among it."""
    product = product_for(request, key)
    require(caller(request), "item.view")
    return [{"name": need.name, "words": need.words} for need in asked.every(product).values()]


@router.put("/products/{key}/transitions", response={200: TransitionOut, **REFUSALS})
def transition_save(request: HttpRequest, key: str, body: TransitionIn) -> Any:
    """Set the rule between two statuses, or into one; it takes the place of one there is."""
    product, by = product_for(request, key), caller(request)
    require(by, "transition.edit")
    do.statuses_ensure(product)
    return do.transition_save(
        by=by,
        product=product,
        to_status=_status(product, body.to_status, "to_status"),
        from_status=(
            None if body.from_status is None else _status(product, body.from_status, "from_status")
        ),
        needs=body.needs,
        approval=body.approval or "",
    )


@router.delete("/products/{key}/transitions/{pk}", response={204: None, **REFUSALS})
def transition_remove(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Take a rule away."""
    rule = get_object_or_404(TransitionRule, product=product_for(request, key), pk=pk)
    do.transition_remove(by=caller(request), rule=rule)
    return Answer(204, None)


@router.get("/products/{key}/approvals", response={200: PageOut[ApprovalOut], **REFUSALS})
def approvals(
    request: HttpRequest,
    key: str,
    state: StateName | None = None,
    after: str | None = None,
    limit: PageSize = 100,
) -> Any:
    """Consent that was asked for, newest first."""
    product = product_for(request, key)
    require(caller(request), "item.view")
    rows = Approval.objects.filter(item__product=product, item__deleted_at=None)
    if state is not None:
        if state not in ApprovalState.values:
            known = ", ".join(ApprovalState.values)
            raise Refused(
                _("state: “%(state)s” is none of %(known)s.")
                % {"state": state[:40], "known": known},
                field="state",
            )
        rows = rows.filter(state=state)
    rows = rows.select_related("item__product", "asked_by__user")
    page = keyset(rows, ("-id",), after=after, limit=limit)
    return page_out(page, page.rows)


@router.post("/products/{key}/approvals/decisions", response={200: DecidedOut, **REFUSALS})
def approvals_decide(request: HttpRequest, key: str, body: DecisionsIn) -> Any:
    """Say the same to many that wait: consent, or decline with a reason. One that cannot be
    decided is told under `refused` and keeps no other back."""
    rows = Approval.objects.filter(item__product=product_for(request, key), item__deleted_at=None)
    found = list(rows.filter(pk__in=body.approvals).select_related("item__product"))
    missing = set(body.approvals) - {each.pk for each in found}
    if missing:
        raise Refused(
            _("There is no approval %(number)s.") % {"number": min(missing)}, field="approvals"
        )
    decided = do.approvals_decide(
        by=caller(request), approvals=found, approves=body.approves, reason=body.reason
    )
    return {
        "decided": decided.done,
        "refused": [{"id": each.pk, "reason": why} for each, why in decided.refused],
    }


def _approval(item: Item, pk: int) -> Approval:
    found: Approval = get_object_or_404(Approval, item=item, pk=pk)
    found.item = item
    return found


@router.post("/items/{key}/approvals", response={201: ApprovalOut, **REFUSALS})
def approval_request(request: HttpRequest, key: str, body: ApprovalIn) -> Any:
    """Ask for the consent an item needs to go to a status; the last consent moves it."""
    item, by = item_of(request, key), caller(request)
    require(by, "item.edit")
    to = _status(item.product, body.to, "to")
    return Answer(201, do.approval_request(by=by, item=item, to=to, note=body.note))


@router.post("/items/{key}/approvals/{pk}/decision", response={200: ApprovalOut, **REFUSALS})
def approval_decide(request: HttpRequest, key: str, pk: RowId, body: DecisionIn) -> Any:
    """Consent, or decline with a reason."""
    approval = _approval(item_of(request, key), pk)
    return do.approval_decide(
        by=caller(request), approval=approval, approves=body.approves, reason=body.reason
    )


@router.delete("/items/{key}/approvals/{pk}", response={204: None, **REFUSALS})
def approval_withdraw(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Take asking back."""
    do.approval_withdraw(by=caller(request), approval=_approval(item_of(request, key), pk))
    return Answer(204, None)
