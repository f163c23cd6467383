"""The rules for moving items, and asking for and giving consent."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from tandem.accounts.permissions import can, require
from tandem.accounts.requests import ProductRequest
from tandem.backlog import needs as asked
from tandem.backlog import operations as do
from tandem.backlog import queries_item as ask
from tandem.backlog.flow import approver_roles
from tandem.backlog.models import Approval, Approvers, Item, Status, TransitionRule
from tandem.backlog.operations.transitions import MOST_DECIDED
from tandem.backlog.views.answers import Toast, done, refused, with_item
from tandem.backlog.views.lists import here_of
from tandem.core.errors import Refused


def _page(request: ProductRequest, trouble: Refused | None = None) -> HttpResponse:
    may_edit = can(request.member, "transition.edit")
    if may_edit:
        do.statuses_ensure(request.product)
    known = asked.every(request.product)
    rules = TransitionRule.objects.filter(product=request.product)
    values: dict[str, Any] = {
        "here": here_of(request),
        "may_edit": may_edit,
        "statuses": list(Status.objects.filter(product=request.product)),
        "rules": [
            {
                "rule": rule,
                "needs": [known[name].words for name in rule.needs if name in known],
                "approval": Approvers(rule.approval).label if rule.approval else "",
            }
            for rule in rules.select_related("from_status", "to_status")
        ],
        "needs": list(known.values()),
        "approvers": [("", _("Nobody")), *approver_roles()],
        "trouble": trouble,
        "typed": request.POST,
        "chosen": request.POST.getlist("needs"),
    }
    code = trouble.status if trouble else 200
    return render(request, "backlog/setup/transitions.jinja", values, status=code)


def _there(request: ProductRequest) -> HttpResponse:
    return redirect(reverse("backlog:transitions", kwargs=here_of(request)))


def _status(request: ProductRequest, text: str, field: str) -> Status:
    rows = Status.objects.filter(product=request.product)
    known = text.isascii() and text.isdigit() and len(text) < 19
    found = rows.filter(pk=int(text)).first() if known else None
    if found is None:
        raise Refused(_("This status is gone. Choose another one."), field=field)
    return found


@require_http_methods(["GET", "POST"])
def transitions(request: ProductRequest) -> HttpResponse:
    """The rules; POST sets one."""
    require(request.member, "item.view")
    if request.method == "GET":
        return _page(request)
    require(request.member, "transition.edit")
    sent = request.POST
    try:
        rule = do.transition_save(
            by=request.member,
            product=request.product,
            to_status=_status(request, sent.get("to", ""), "to"),
            from_status=_status(request, sent["from"], "from") if sent.get("from") else None,
            needs=sent.getlist("needs"),
            approval=sent.get("approval", ""),
        )
    except Refused as refusal:
        if refusal.status == 403:
            raise
        return _page(request, refusal)
    messages.success(request, _("The rule %(rule)s is set.") % {"rule": rule})
    return _there(request)


@require_POST
def removal(request: ProductRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(TransitionRule, product=request.product, pk=pk)
    do.transition_remove(by=request.member, rule=rule)
    messages.success(request, _("The rule is removed; items move freely there."))
    return _there(request)


# Consent


def _answered(request: ProductRequest, item: Item, said: str) -> HttpResponse:
    item = ask.item_of(request.member, request.product, item.key)
    return done(request, item, "facts", toast=Toast(said))


@require_POST
@with_item
def approvals(request: ProductRequest, item: Item) -> HttpResponse:
    """Ask for the consent the item needs to go to the status ``to``."""
    require(request.member, "item.edit")
    try:
        to = _status(request, request.POST.get("to", ""), "to")
        approval = do.approval_request(
            by=request.member, item=item, to=to, note=request.POST.get("note", "")
        )
    except Refused as refusal:
        return refused(request, item, refusal, "facts", default_field="status")
    said = (
        _("%(key)s: consent to %(status)s is asked for.")
        if approval.waits_for
        else _("%(key)s: consent to %(status)s is given; it moved.")
    )
    return _answered(request, item, said % {"key": item.key, "status": to.name})


def _approval(item: Item, pk: int) -> Approval:
    found: Approval = get_object_or_404(Approval, item=item, pk=pk)
    found.item = item
    return found


@require_POST
@with_item
def decision(request: ProductRequest, item: Item, pk: int) -> HttpResponse:
    """Consent (``approves=yes``), or decline with a reason."""
    approves = request.POST.get("approves") == "yes"
    approval = _approval(item, pk)
    try:
        do.approval_decide(
            by=request.member,
            approval=approval,
            approves=approves,
            reason=request.POST.get("reason", ""),
        )
    except Refused as refusal:
        return refused(request, item, refusal, "facts", subject=pk, default_field="reason")
    said = (
        _("%(key)s: You consented to the move to %(status)s.")
        if approves
        else _("%(key)s: You declined the move to %(status)s.")
    )
    return _answered(request, item, said % {"key": item.key, "status": approval.to_name})


@require_POST
@with_item
def withdrawal(request: ProductRequest, item: Item, pk: int) -> HttpResponse:
    """Take asking back."""
    try:
        do.approval_withdraw(by=request.member, approval=_approval(item, pk))
    except Refused as refusal:
        return refused(request, item, refusal, "facts", default_field="reason")
    return _answered(request, item, _("%(key)s: consent is asked for no more.") % {"key": item.key})


#: So many are listed; what is decided makes room for the next.
LISTED = 100


@require_http_methods(["GET", "POST"])
def waiting(request: ProductRequest) -> HttpResponse:
    """What waits for consent, one's own first; POST says the same to those that are chosen."""
    require(request.member, "item.view")
    rows = Approval.objects.open().filter(item__product=request.product, item__deleted_at=None)
    rows = rows.select_related("item__product", "asked_by__user").order_by("asked_at", "pk")
    trouble: Refused | None = None
    refused_ones: list[tuple[Approval, str]] = []
    if request.method == "POST":
        numbers = [
            int(pk) for pk in request.POST.getlist("approval") if len(pk) < 19 and pk.isdecimal()
        ]
        approves = request.POST.get("approves") == "yes"
        try:
            decided = do.approvals_decide(
                by=request.member,
                approvals=list(rows.filter(pk__in=numbers)[:MOST_DECIDED]),
                approves=approves,
                reason=request.POST.get("reason", ""),
            )
        except Refused as refusal:
            if refusal.status == 403:
                raise
            trouble = refusal
        else:
            refused_ones = decided.refused
            count = len(decided.done)
            if count:
                said = (
                    ngettext(
                        "You consented to %(count)s move.",
                        "You consented to %(count)s moves.",
                        count,
                    )
                    if approves
                    else ngettext(
                        "You declined %(count)s move.", "You declined %(count)s moves.", count
                    )
                )
                messages.success(request, said % {"count": count})
            if not refused_ones:
                return redirect(reverse("backlog:approvals-waiting", kwargs=here_of(request)))
    shown = list(rows[:LISTED])
    mine = [each for each in shown if request.member.role in each.waits_for]
    values = {
        "here": here_of(request),
        "mine": mine,
        "others": [each for each in shown if each not in mine],
        "more": max(0, rows.count() - LISTED) if len(shown) == LISTED else 0,
        "role_words": dict(Approvers.choices),
        "trouble": trouble,
        "refused_ones": refused_ones,
        "chosen": request.POST.getlist("approval"),
        "reason": request.POST.get("reason", ""),
    }
    status = 422 if trouble or refused_ones else 200
    return render(request, "backlog/approvals.jinja", values, status=status)
