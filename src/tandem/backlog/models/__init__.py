from tandem.backlog.models.attachment import Attachment
from tandem.backlog.models.comment import Comment, Named, Reaction, ReactionKind
from tandem.backlog.models.criterion import Criterion, CriterionForm
from tandem.backlog.models.custom import CustomField, FieldKind, FieldValue, OnNew
from tandem.backlog.models.dependency import Dependency, DependencyKind
from tandem.backlog.models.flow import Approval, ApprovalState, Approvers, TransitionRule
from tandem.backlog.models.item import Item, Kind
from tandem.backlog.models.label import Label
from tandem.backlog.models.parking import ParkingRule
from tandem.backlog.models.question import Question
from tandem.backlog.models.status import Category, Status, first_open, status_named
from tandem.backlog.models.template import ItemTemplate
from tandem.backlog.models.view import Layout, SavedView
from tandem.backlog.models.watch import Watch

__all__ = [
    "Approval",
    "ApprovalState",
    "Approvers",
    "Attachment",
    "Category",
    "Comment",
    "Criterion",
    "CriterionForm",
    "CustomField",
    "Dependency",
    "DependencyKind",
    "FieldKind",
    "FieldValue",
    "Item",
    "ItemTemplate",
    "Kind",
    "Label",
    "Layout",
    "Named",
    "OnNew",
    "ParkingRule",
    "Question",
    "Reaction",
    "ReactionKind",
    "SavedView",
    "Status",
    "TransitionRule",
    "Watch",
    "first_open",
    "status_named",
]
