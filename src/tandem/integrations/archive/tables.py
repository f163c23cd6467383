"""What an archive holds: one JSON-lines file per table, and why every other table stays behind.

A new model needs a line here: in ``TABLES`` when it is a product's or a workspace's own, else in
``LEFT_OUT`` with the reason. A test walks all models.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet

from tandem.accounts.models import Invitation, Member, Product, Workspace
from tandem.backlog.models import (
    Approval,
    Attachment,
    Comment,
    Criterion,
    CustomField,
    Dependency,
    FieldValue,
    Item,
    ItemTemplate,
    Label,
    Named,
    ParkingRule,
    Question,
    Reaction,
    SavedView,
    Status,
    TransitionRule,
    Watch,
)
from tandem.core.models import Event
from tandem.delivery.models import Assignment, Sprint, SprintItem, Team
from tandem.integrations.models import ImportRow, ImportRun, SourceState
from tandem.notices.models import NoticeSetting
from tandem.planning.models import (
    DebtPrice,
    Forecast,
    Frontier,
    Plan,
    PlanItem,
    Rule,
    Scenario,
    ScenarioTeam,
    SprintCapacity,
)
from tandem.prioritisation.models import (
    Ballot,
    Challenge,
    FinalValue,
    ModelVersion,
    PairAnswer,
    Rating,
    RatingSession,
    ScoringCriterion,
    ScoringModel,
    SessionItem,
    SessionRater,
    WeightAnswers,
)

#: Grows when a table or a column changes its meaning; older archives keep importing.
SCHEMA_VERSION = 2

#: What an archive is taken of.
Subject = Product | Workspace


@dataclass(frozen=True, eq=False)
class Table:
    """One file of the archive."""

    name: str
    model: type[Model]
    #: The lookup from a row to its product; empty: the rows hang on the workspace only.
    product: str = ""
    #: The lookup from a row to its workspace; without it, through the product.
    workspace: str = ""
    #: Columns that never leave the instance: secrets, and places on its disk.
    leave_out: frozenset[str] = frozenset()
    #: Columns that hold another table's number without being a foreign key.
    numbers: Mapping[str, str] = field(default_factory=dict)
    #: JSON columns in which numbers of other tables stand, see ``references.KEYS``.
    json: frozenset[str] = frozenset()
    order: str = "pk"
    #: Which of the rows leave the instance; without it, all.
    only: Callable[[Any], QuerySet[Any]] | None = None

    def rows(self, subject: Subject) -> QuerySet[Any]:
        """The subject's rows in the order of the file."""
        rows = self.model._default_manager.all()
        if isinstance(subject, Product):
            rows = rows.filter(**{self.product: subject.pk}) if self.product else rows.none()
        else:
            rows = rows.filter(**{self.workspace or f"{self.product}__workspace": subject.pk})
        if self.only is not None:
            rows = self.only(rows)
        if self.model is Event:
            # What left or entered by an archive is this instance's own story.
            rows = rows.exclude(verb__startswith="archive.")
        return rows.order_by(self.order)


MEMBERS = Table("members", Member, workspace="workspace", leave_out=frozenset({"user_id"}))

#: In the order of import; members go by mail address and are handled apart.
TABLES = (
    Table("workspace", Workspace, workspace="pk", leave_out=frozenset({"history_deleted"})),
    MEMBERS,
    Table("products", Product, product="pk", workspace="workspace", order="key"),
    Table("notice_settings", NoticeSetting, workspace="member__workspace"),
    Table("invitations", Invitation, workspace="workspace", leave_out=frozenset({"secret_hash"})),
    Table("statuses", Status, "product"),
    Table("labels", Label, "product"),
    Table("fields", CustomField, "product"),
    Table("transition_rules", TransitionRule, "product"),
    Table("parking_rules", ParkingRule, "product"),
    Table("views", SavedView, "product"),
    Table("item_templates", ItemTemplate, "product"),
    Table("items", Item, "product"),
    Table("field_values", FieldValue, "item__product"),
    Table("item_labels", Item.labels.through, "item__product"),
    Table("criteria", Criterion, "item__product"),
    Table("questions", Question, "item__product"),
    Table("approvals", Approval, "item__product", json=frozenset({"said"})),
    Table("comments", Comment, "item__product"),
    Table("named", Named, "comment__item__product"),
    Table("reactions", Reaction, "comment__item__product"),
    Table("watches", Watch, "item__product"),
    Table("attachments", Attachment, "item__product", leave_out=frozenset({"key"})),
    Table("dependencies", Dependency, "from_item__product"),
    Table("teams", Team, "product"),
    Table("assignments", Assignment, "item__product"),
    Table("sprints", Sprint, "team__product"),
    Table("sprint_items", SprintItem, "item__product"),
    Table("scoring_models", ScoringModel, "product"),
    Table("scoring_criteria", ScoringCriterion, "model__product"),
    Table("model_versions", ModelVersion, "model__product"),
    Table("weight_answers", WeightAnswers, "model__product"),
    Table("rating_sessions", RatingSession, "product"),
    Table("session_items", SessionItem, "session__product"),
    Table("session_raters", SessionRater, "session__product"),
    # What is blind stays blind: an archive is taken by one member and read by anybody.
    Table("ballots", Ballot, "entry__session__product", only=lambda rows: rows.revealed()),
    Table("pair_answers", PairAnswer, "session__product", only=lambda rows: rows.revealed()),
    Table("final_values", FinalValue, "entry__session__product"),
    Table("ratings", Rating, "item__product"),
    Table("challenges", Challenge, "rating__item__product"),
    Table("scenarios", Scenario, "product", numbers={"scoring_model_id": "scoring_models"}),
    Table("scenario_teams", ScenarioTeam, "scenario__product"),
    Table("sprint_capacities", SprintCapacity, "scenario__product"),
    Table("rules", Rule, "scenario__product"),
    Table("rule_items", Rule.others.through, "rule__scenario__product"),
    Table("debt_prices", DebtPrice, "item__product"),
    Table("frontiers", Frontier, "scenario__product"),
    Table("plans", Plan, "scenario__product"),
    Table("plan_items", PlanItem, "plan__scenario__product"),
    Table("forecasts", Forecast, "product", json=frozenset({"asked"})),
    Table("import_runs", ImportRun, "product", leave_out=frozenset({"path"})),
    Table("import_rows", ImportRow, "run__product", json=frozenset({"before"})),
    Table("source_states", SourceState, "item__product"),
    Table(
        "events",
        Event,
        "product_id",
        workspace="workspace_id",
        leave_out=frozenset({"workspace_id"}),
        numbers={"product_id": "products", "member_id": "members"},
        json=frozenset({"changes"}),
    ),
)

BY_NAME = {table.name: table for table in TABLES}
BY_MODEL = {table.model: table for table in TABLES}
#: An event's ``object_kind`` -> the table of the row it is about.
BY_KIND = {table.model._meta.model_name or "": table.name for table in TABLES}

#: Model label -> why no archive holds it.
LEFT_OUT = {
    "accounts.User": "A member's line carries name and mail address; passwords never leave.",
    "accounts.ApiToken": "A secret: tokens are made anew where they are used.",
    "accounts.SignInLink": "A secret: a link that lets in is made anew where it is used.",
    "account.EmailAddress": "Who showed that an address is theirs showed it to this instance.",
    "account.EmailConfirmation": "A secret, and not used.",
    "mfa.Authenticator": "A secret: second factors are set up anew where they are used.",
    "socialaccount.SocialAccount": "The link to a single sign-on, which is this instance's own.",
    "socialaccount.SocialApp": "Not used: the single sign-on stands in the settings.",
    "socialaccount.SocialToken": "A secret, and not kept.",
    "usersessions.UserSession": "Who is signed in where.",
    "core.StoredPart": "Files under way, until what they are for is done.",
    "core.CacheEntry": "Counted anew by every instance.",
    "core.KeptAnswer": "Answers kept a day for the retries of this instance's callers.",
    "integrations.ArchiveRun": "Archives made and brought in here, kept for some days.",
    "integrations.Feed": "A secret address of this instance; feeds are made anew where they are read.",
    "integrations.Webhook": "Its secret belongs to this instance; a copy would send everything twice.",
    "integrations.WebhookDelivery": "What this instance sent.",
    "core.Presence": "Who looks at what this minute.",
    "core.Pulse": "Hints for open pages, told once.",
    "notices.Notice": "A member's own inbox: what it tells stands in the history.",
    "notices.NoticeEntry": "A member's own inbox: what it tells stands in the history.",
    "integrations.Connection": "Its token belongs to this instance, and two of one would both write there; items keep their source, so that a new connection finds them.",
    "integrations.ConnectedItem": "What this instance's connection agreed on with the tracker.",
    "integrations.ConnectionConflict": "Questions of this instance's connection.",
    "integrations.ConnectionCall": "What trackers called this instance for.",
    "core.Job": "Work of this instance, over when it is done.",
    "core.Note": "Progress of work while it runs.",
    "core.Schedule": "Up to when this instance's schedules were kept.",
    "auth.Permission": "Django's own, not used.",
    "auth.Group": "Django's own, not used.",
    "auth.Group_permissions": "Django's own, not used.",
    "contenttypes.ContentType": "Django's own list of models, made by each database.",
    "sessions.Session": "A secret: who is signed in where.",
}

#: Words in a column's name that mean a secret; such a column stands in its table's ``leave_out``.
SECRET_WORDS = ("secret", "password", "token", "hash")
