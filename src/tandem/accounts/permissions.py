"""Who may do what: each app declares its actions in its ``permissions.py``, asked about here."""

from collections.abc import Iterable

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member, Role
from tandem.core.belonging import workspace_of
from tandem.core.errors import Elsewhere, PermissionRefused

EVERYBODY = tuple(Role)
#: Those who write the product together.
MAKERS = (Role.ADMIN, Role.PRODUCT_OWNER, Role.TECHNICAL_PM, Role.DEVELOPER)
#: Those who steer it.
STEERING = (Role.ADMIN, Role.PRODUCT_OWNER, Role.TECHNICAL_PM)
CONTRIBUTORS = (*MAKERS, Role.STAKEHOLDER)

_allowed: dict[str, frozenset[Role]] = {}
_names: dict[str, str] = {}


def declare(action: str, roles: Iterable[Role], sentence: str) -> None:
    """``declare("item.edit", MAKERS, N_("edit items"))``: the sentence completes "may not …"."""
    _allowed[action] = frozenset(roles)
    _names[action] = sentence


def can(member: Member, action: str) -> bool:
    if member.ended_at is not None:
        return False
    return Role(member.role) in _allowed[action]


def require(member: Member, action: str, row: Model | None = None) -> None:
    """Refuse unless the member's role may do ``action``, and ``row`` is of their workspace.

    Recording an event checks its row, too; naming the row here refuses before anything is done.
    """
    if row is not None and workspace_of(row) != member.workspace_id:
        raise Elsewhere()
    if not can(member, action):
        role = Role(member.role).label
        raise PermissionRefused(
            _("Your role here (%(role)s) may not %(act)s. Ask an administrator of the workspace.")
            % {"role": role, "act": _(_names[action])}
        )


def declared() -> dict[str, frozenset[Role]]:
    return dict(_allowed)


declare("workspace.view", EVERYBODY, N_("see this workspace"))
declare("workspace.manage", (Role.ADMIN,), N_("change the workspace"))
declare("member.manage", (Role.ADMIN,), N_("change members"))
declare("member.invite", (Role.ADMIN,), N_("invite people"))
declare("product.create", STEERING, N_("create products"))
declare("product.edit", STEERING, N_("change products"))
declare("account.edit", EVERYBODY, N_("change their own account"))
declare("token.manage", EVERYBODY, N_("make API tokens"))
declare("service.manage", (Role.ADMIN,), N_("make tokens of services"))
declare("job.manage", (Role.ADMIN,), N_("see the background work of the workspace"))
