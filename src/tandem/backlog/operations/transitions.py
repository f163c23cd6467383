"""Rules for moving items, and the consent they ask for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product, Role
from tandem.accounts.permissions import can, require
from tandem.backlog import needs as asked
from tandem.backlog.flow import Gate, roles_words
from tandem.backlog.models import (
    Approval,
    ApprovalState,
    Approvers,
    Item,
    Status,
    TransitionRule,
)
from tandem.backlog.operations.items import item_update, locked
from tandem.core import events
from tandem.core.errors import Elsewhere, PermissionRefused, Refused
from tandem.ui.filters import inside

MOST_RULES = 200
MOST_DECIDED = 200
LONGEST_NOTE = 1000


@transaction.atomic
def transition_save(
    *,
    by: Member,
    product: Product,
    to_status: Status,
    from_status: Status | None = None,
    needs: Sequence[str] = (),
    approval: str = "",
) -> TransitionRule:
    """Say what going to ``to_status`` asks for, from one status or (``None``) from any.

    ``needs``: words of ``GET …/transitions/needs``; ``approval``: a role, ``both``, or nothing.
    One rule for each pair; a second one takes its place.
    """
    require(by, "transition.edit")
    product = locked(product)
    if product.workspace_id != by.workspace_id:
        raise Elsewhere()
    for status, name in ((to_status, "to"), (from_status, "from")):
        if status is not None and status.product_id != product.pk:
            raise Refused(_("The status belongs to another product."), field=name)
    if from_status is not None and from_status.pk == to_status.pk:
        raise Refused(_("Choose two different statuses."), field="from")
    known = asked.every(product)
    for name in needs:
        if name not in known:
            raise Refused(
                _("“%(name)s” is none of %(known)s.")
                % {"name": str(name)[:60], "known": ", ".join(known)},
                field="needs",
            )
    if approval not in Approvers.values:
        offered = ", ".join(value for value in Approvers.values if value)
        raise Refused(
            _("“%(approval)s” is none of %(offered)s.")
            % {"approval": approval[:20], "offered": offered},
            field="approval",
        )
    if not needs and not approval:
        raise Refused(
            _("Choose what the move needs: fields, somebody's consent, or both."), field="needs"
        )
    rules = TransitionRule.objects.filter(product=product)
    rule = rules.filter(to_status=to_status, from_status=from_status).first()
    if rule is None and rules.count() >= MOST_RULES:
        raise Refused(
            _("A product has at most %(most)s rules. Remove one first.") % {"most": MOST_RULES}
        )
    fresh = rule is None
    rule = rule or TransitionRule(product=product, to_status=to_status, from_status=from_status)
    wanted = {"needs": list(dict.fromkeys(needs)), "approval": approval}
    changes = {
        name: [None if fresh else getattr(rule, name), value]
        for name, value in wanted.items()
        if fresh or getattr(rule, name) != value
    }
    for name, value in wanted.items():
        setattr(rule, name, value)
    rule.save()
    if changes:
        events.record(by=by, verb="transition.saved", obj=rule, changes=changes)
    return rule


@transaction.atomic
def transition_remove(*, by: Member, rule: TransitionRule) -> None:
    """Items move freely again; approvals that are open stay until somebody decides."""
    require(by, "transition.edit", rule)
    kept = {"needs": rule.needs, "approval": rule.approval}
    events.record(by=by, verb="transition.removed", obj=rule, changes={"row": kept})
    rule.delete()


def _text(value: str, field: str) -> str:
    text = " ".join(str(value or "").replace("\x00", "").split())
    if len(text) > LONGEST_NOTE:
        raise Refused(
            _("At most %(most)s characters; this has %(count)s.")
            % {"most": LONGEST_NOTE, "count": len(text)},
            field=field,
        )
    return text


def _mine(by: Member, item: Item) -> Item:
    if item.workspace_id != by.workspace_id:
        raise Elsewhere()
    product = item.product
    item = Item.objects.select_for_update(of=("self",)).select_related("status").get(pk=item.pk)
    item.product = product
    if item.deleted_at is not None:
        raise Refused(_("%(key)s was deleted. Restore it first.") % {"key": item.key})
    return item


def _say(by: Member, approval: Approval, role: str, approves: bool, reason: str) -> None:
    approval.said.append(
        {
            "role": role,
            "signer_id": by.pk,
            "name": by.name,
            "approves": approves,
            "reason": reason,
            "at": timezone.now().isoformat(),
        }
    )


@transaction.atomic
def approval_request(*, by: Member, item: Item, to: Status, note: str = "") -> Approval:
    """Ask for the consent that ``item`` needs to go to ``to``. Whose role is among those asked
    consents by asking; with the last consent the item moves."""
    require(by, "item.edit")
    item = _mine(by, item)
    if to.product_id != item.product_id:
        raise Refused(_("The status belongs to another product."), field="to")
    note = _text(note, "note")
    if to.pk == item.status_id:
        raise Refused(
            _("%(key)s is in %(name)s already.") % {"key": item.key, "name": to.name}, field="to"
        )
    if Approval.objects.open().filter(item=item).exists():
        raise Refused(
            _("Consent is asked for %(key)s already; wait for it or take it back.")
            % {"key": item.key}
        )
    gate = Gate.to_status(item.product, to).look([item.pk])
    roles = gate.roles(item.status_id)
    if not roles:
        raise Refused(
            _("%(name)s needs nobody's consent: move the item.") % {"name": to.name}, field="to"
        )
    gate.refuse_lacking(item, item.status_id, {})
    approval = Approval(
        item=item, to_status=to, to_name=to.name, roles=roles, note=note,
        asked_by=by, asked_at=timezone.now(),
    )  # fmt: skip
    if by.role in roles:
        _say(by, approval, by.role, True, "")
    approval.save(force_insert=True)
    events.record(
        by=by, verb="approval.requested", obj=item,
        changes={
            "approval": [None, to.name], "from": roles_words(roles), "note": note or None,
            "approval_id": approval.pk,
        },
    )  # fmt: skip
    if not approval.waits_for:
        _carry_out(by, approval, item)
    return approval


def _role_of(by: Member, approval: Approval) -> str:
    if by.role in approval.waits_for:
        return by.role
    if by.role in approval.roles:
        raise Refused(_("Your role has said what it thinks already."), field="approves")
    raise PermissionRefused(
        _("This waits for %(words)s; your role here is %(role)s.")
        % {"words": roles_words(approval.waits_for), "role": Role(by.role).label}
    )


@transaction.atomic
def approval_decide(
    *, by: Member, approval: Approval, approves: bool, reason: str = ""
) -> Approval:
    """Consent, or decline with a reason. The last consent moves the item; a refusal closes it."""
    require(by, "item.approve")
    item = _mine(by, approval.item)
    approval = Approval.objects.select_related("to_status", "asked_by__user").get(pk=approval.pk)
    approval.item = item
    if approval.state != ApprovalState.OPEN:
        raise Refused(
            _("This is %(state)s already.") % {"state": inside(approval.get_state_display())}
        )
    role = _role_of(by, approval)
    reason = _text(reason, "reason")
    if not approves and not reason:
        raise Refused(_("Say why, so that it can be put right."), field="reason")
    _say(by, approval, role, approves, reason)
    changes = {
        "approval": [None, approval.to_name],
        "reason": reason or None,
        "approval_id": approval.pk,
    }
    verb = "approval.given" if approves else "approval.declined"
    events.record(by=by, verb=verb, obj=item, changes=changes)
    if not approves:
        approval.state, approval.closed_at = ApprovalState.DECLINED, timezone.now()
    approval.save()
    if approves and not approval.waits_for:
        _carry_out(by, approval, item)
    return approval


@dataclass(frozen=True)
class Decided:
    """What became of many decided at once: those that were, and those that could not, with why."""

    done: list[Approval]
    refused: list[tuple[Approval, str]]


@transaction.atomic
def approvals_decide(
    *, by: Member, approvals: Sequence[Approval], approves: bool, reason: str = ""
) -> Decided:
    """The same said to each; one that cannot be decided keeps no other back."""
    require(by, "item.approve")
    if not 1 <= len(approvals) <= MOST_DECIDED:
        raise Refused(
            _("Choose 1 to %(most)s that wait for consent.") % {"most": MOST_DECIDED},
            field="approvals",
        )
    if not approves and not _text(reason, "reason"):
        raise Refused(_("Say why, so that it can be put right."), field="reason")
    found = Decided([], [])
    for each in approvals:
        try:
            with transaction.atomic():
                found.done.append(
                    approval_decide(by=by, approval=each, approves=approves, reason=reason)
                )
        except Refused as refusal:
            found.refused.append((each, refusal.message))
    return found


def _carry_out(by: Member, approval: Approval, item: Item) -> None:
    """Everybody consented: the item moves, unless it lacks something by now."""
    to = approval.to_status
    if to is None:
        raise Refused(
            _("The status %(to_name)s is gone. Decline, and ask for another one.")
            % {"to_name": approval.to_name}
        )
    gate = Gate.to_status(item.product, to).look([item.pk])
    gate.refuse_lacking(item, item.status_id, {})
    gate.refuse_full(item)
    approval.state, approval.closed_at = ApprovalState.APPROVED, timezone.now()
    approval.save()
    item_update(by=by, item=item, status=to, by_rules=False)


@transaction.atomic
def approval_withdraw(*, by: Member, approval: Approval) -> Approval:
    """Take it back: whoever asked, or those who steer the product."""
    require(by, "item.edit")
    item = _mine(by, approval.item)
    approval = Approval.objects.get(pk=approval.pk)
    approval.item = item
    if approval.asked_by_id != by.pk and not can(by, "product.edit"):
        raise PermissionRefused(
            _("Only who asked for it, or who steers the product, takes it back.")
        )
    if approval.state != ApprovalState.OPEN:
        raise Refused(
            _("This is %(state)s already.") % {"state": inside(approval.get_state_display())}
        )
    approval.state, approval.closed_at = ApprovalState.WITHDRAWN, timezone.now()
    approval.save()
    told: dict[str, Any] = {"approval": [approval.to_name, None], "approval_id": approval.pk}
    events.record(by=by, verb="approval.withdrawn", obj=item, changes=told)
    return approval
