"""Every write of the backlog."""

from tandem.backlog.operations.attachments import (
    attachment_add,
    attachment_link,
    attachment_remove,
    attachment_restore,
)
from tandem.backlog.operations.bulk import items_change
from tandem.backlog.operations.creating import items_create
from tandem.backlog.operations.criteria import (
    criterion_add,
    criterion_check,
    criterion_remove,
    criterion_restore,
    criterion_update,
)
from tandem.backlog.operations.dependencies import dependency_add, dependency_remove
from tandem.backlog.operations.fields import (
    choice_add,
    choice_remove,
    choice_update,
    field_archive,
    field_create,
    field_restore,
    field_update,
)
from tandem.backlog.operations.items import (
    item_create,
    item_delete,
    item_restore,
    item_update,
    statuses_ensure,
)
from tandem.backlog.operations.merging import items_merge
from tandem.backlog.operations.moves import item_move
from tandem.backlog.operations.parking import items_park, items_revive, parking_rule_set
from tandem.backlog.operations.questions import (
    answer_accept,
    answer_write,
    question_answer,
    question_ask,
    question_give,
)
from tandem.backlog.operations.splitting import item_split
from tandem.backlog.operations.statuses import status_add, status_remove, status_update
from tandem.backlog.operations.talk import (
    comment_delete,
    comment_react,
    comment_resolve,
    comment_restore,
    comment_update,
    comment_write,
)
from tandem.backlog.operations.templates import (
    template_create,
    template_remove,
    template_restore,
    template_update,
)
from tandem.backlog.operations.transitions import (
    approval_decide,
    approval_request,
    approval_withdraw,
    approvals_decide,
    transition_remove,
    transition_save,
)
from tandem.backlog.operations.undo import change_undo
from tandem.backlog.operations.views import view_remove, view_save, view_update
from tandem.backlog.operations.watching import item_watch
from tandem.backlog.operations.wholes import bulk_undo

__all__ = [
    "answer_accept",
    "answer_write",
    "approval_decide",
    "approval_request",
    "approval_withdraw",
    "approvals_decide",
    "attachment_add",
    "attachment_link",
    "attachment_remove",
    "attachment_restore",
    "bulk_undo",
    "change_undo",
    "choice_add",
    "choice_remove",
    "choice_update",
    "comment_delete",
    "comment_react",
    "comment_resolve",
    "comment_restore",
    "comment_update",
    "comment_write",
    "criterion_add",
    "criterion_check",
    "criterion_remove",
    "criterion_restore",
    "criterion_update",
    "dependency_add",
    "dependency_remove",
    "field_archive",
    "field_create",
    "field_restore",
    "field_update",
    "item_create",
    "item_delete",
    "item_move",
    "item_restore",
    "item_split",
    "item_update",
    "item_watch",
    "items_change",
    "items_create",
    "items_merge",
    "items_park",
    "items_revive",
    "parking_rule_set",
    "question_answer",
    "question_ask",
    "question_give",
    "status_add",
    "status_remove",
    "status_update",
    "statuses_ensure",
    "template_create",
    "template_remove",
    "template_restore",
    "template_update",
    "transition_remove",
    "transition_save",
    "view_remove",
    "view_save",
    "view_update",
]
