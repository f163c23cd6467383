"""The words in which events are told: a sentence for each verb, names of fields, groups of verbs."""

from collections.abc import Callable

from django.utils.translation import gettext_noop as N_

CHANNEL_WORDS = {
    "page": "",
    "api": N_("over the API"),
    "cli": N_("on the command line"),
    "import": N_("by import"),
    "job": N_("by a job"),
    "sample": N_("with the sample"),
    "connection": N_("over a connection"),
}

#: What a verb says between the person's name and the change. Higher apps add theirs with ``say``.
SENTENCES = {
    "item.created": N_("created the item"),
    "item.updated": N_("changed"),
    "item.moved": N_("moved the item"),
    "item.deleted": N_("deleted the item"),
    "item.restored": N_("restored the item"),
    "item.imported": N_("imported the item"),
    "item.merged": N_("merged the item into"),
    "item.absorbed": N_("merged in"),
    "item.unmerged": N_("took a merging back"),
    "item.parked": N_("parked the item:"),
    "item.revived": N_("revived the item"),
    "item.split": N_("split the item into"),
    "item.unsplit": N_("took a splitting back"),
    "criterion.added": N_("added a criterion"),
    "criterion.changed": N_("changed a criterion"),
    "criterion.met": N_("checked a criterion"),
    "criterion.reopened": N_("unchecked a criterion"),
    "criterion.removed": N_("removed a criterion"),
    "dependency.added": N_("added a dependency"),
    "dependency.removed": N_("removed a dependency"),
    "comment.written": N_("commented"),
    "comment.changed": N_("changed a comment"),
    "comment.deleted": N_("deleted a comment"),
    "comment.restored": N_("brought a comment back"),
    "comment.resolved": N_("resolved a thread"),
    "comment.reopened": N_("opened a thread again"),
    "comment.reacted": N_("reacted to a comment:"),
    "comment.unreacted": N_("took a reaction back:"),
    "watch.begun": N_("watches the item"),
    "watch.ended": N_("stopped watching the item"),
    "attachment.added": N_("attached"),
    "attachment.removed": N_("removed an attachment"),
    "attachment.restored": N_("brought an attachment back"),
    "question.asked": N_("asked"),
    "question.given": N_("put a question to"),
    "question.suggested": N_("suggested an answer"),
    "question.answered": N_("answered a question"),
    "question.reopened": N_("opened a question again"),
    "job.run_again": N_("had a job run again"),
    "job.discarded": N_("discarded a job"),
    "job.cancel_asked": N_("asked a job to stop"),
    "field.created": N_("added a field"),
    "field.changed": N_("changed a field"),
    "field.archived": N_("archived a field"),
    "field.restored": N_("brought a field back"),
    "field.choice_added": N_("added a choice"),
    "field.choice_changed": N_("changed a choice"),
    "field.choice_removed": N_("removed a choice"),
    "status.created": N_("added a status"),
    "status.changed": N_("changed a status"),
    "status.removed": N_("removed a status"),
    "transition.saved": N_("set a rule for moving items"),
    "transition.removed": N_("removed a rule for moving items"),
    "approval.requested": N_("asked for consent to the move to"),
    "approval.given": N_("consented to the move to"),
    "approval.declined": N_("declined the move to"),
    "approval.withdrawn": N_("took back asking for the move to"),
    "template.created": N_("made a template"),
    "template.changed": N_("changed a template"),
    "template.removed": N_("removed a template"),
    "parking.rule_set": N_("changed when stale items are parked"),
    "view.saved": N_("saved a view"),
    "view.changed": N_("changed a view"),
    "view.removed": N_("removed a view"),
    "items.created": N_("created many items"),
    "items.changed": N_("changed many items"),
    "items.change_undone": N_("took a change of many items back"),
    "product.created": N_("created the product"),
    "product.updated": N_("changed the product"),
    "workspace.updated": N_("changed the workspace"),
    "workspace.history_deleted": N_("deleted older history"),
}

#: The same for what stands in no product's activity, only in the audit log; no webhook asks for them by name.
OF_THE_WORKSPACE = {
    "workspace.created": N_("created the workspace"),
    "member.added": N_("added the member"),
    "member.ended": N_("ended the membership"),
    "member.role_changed": N_("changed the role"),
    "member.language_chosen": N_("chose a language"),
    "member.told_otherwise": N_("changed what notices come"),
    "member.signed_in": N_("signed in"),
    "member.sign_in_failed": N_("tried to sign in"),
    "invitation.created": N_("invited somebody"),
    "invitation.accepted": N_("accepted the invitation"),
    "invitation.withdrawn": N_("withdrew the invitation"),
    "password.changed": N_("changed the password"),
    "second_factor.added": N_("added a second factor"),
    "second_factor.removed": N_("removed a second factor"),
    "second_factor.reset": N_("reset the second factor"),
    "session.ended": N_("ended sessions"),
    "sign_in_link.made": N_("made a link to sign in"),
    "sign_in_link.used": N_("signed in by a link"),
    "single_sign_on.linked": N_("linked single sign-on"),
    "single_sign_on.unlinked": N_("unlinked single sign-on"),
    "service.created": N_("made the service"),
    "service.revoked": N_("revoked the service"),
    "token.created": N_("made the token"),
    "token.revoked": N_("revoked the token"),
}

#: What the changed fields of a kind of thing are called, where data says so. Higher apps add theirs with ``name_fields``.
FIELDS_NAMED: dict[str, Callable[[set[int]], dict[int, dict[str, str]]]] = {}

#: Which verbs the activity page's filter puts together.
GROUPS = {
    "items": (
        N_("Items"),
        (
            "item.created",
            "item.deleted",
            "item.restored",
            "item.imported",
            "item.merged",
            "item.unmerged",
            "item.split",
            "item.unsplit",
            "items.created",
        ),
    ),
    "changes": (N_("Changed fields"), ("item.updated",)),
    "order": (N_("Order"), ("item.moved",)),
    "criteria": (
        N_("Acceptance criteria"),
        tuple(v for v in SENTENCES if v.startswith("criterion.")),
    ),
    "questions": (N_("Questions"), tuple(v for v in SENTENCES if v.startswith("question."))),
    "comments": (N_("Comments"), tuple(v for v in SENTENCES if v.startswith("comment."))),
    "fields": (N_("Fields"), tuple(v for v in SENTENCES if v.startswith("field."))),
    "statuses": (N_("Statuses"), tuple(v for v in SENTENCES if v.startswith("status."))),
    "approvals": (N_("Approvals"), tuple(v for v in SENTENCES if v.startswith("approval."))),
    "attachments": (N_("Attachments"), tuple(v for v in SENTENCES if v.startswith("attachment."))),
    "dependencies": (
        N_("Dependencies"),
        tuple(v for v in SENTENCES if v.startswith("dependency.")),
    ),
}

FIELD_NAMES = {
    "estimate_low": N_("low estimate"),
    "estimate_likely": N_("likely estimate"),
    "estimate_high": N_("high estimate"),
    "due_date": N_("due date"),
    "lane_limit": N_("limit of a lane"),
    "limit_refuses": N_("limit refuses"),
    "story_role": N_("as a"),
    "story_want": N_("I want"),
    "story_benefit": N_("so that"),
    "behind": N_("place"),
}
#: What else events call what they change, and what they keep in English.
WORDS = (
    N_("approval"), N_("assignee"), N_("attachment"), N_("category"), N_("choice"), N_("color"),
    N_("comment"), N_("criterion"), N_("days"), N_("dependency"), N_("description"), N_("estimate"), N_("field"),
    N_("filter"), N_("form"), N_("group"), N_("hint"), N_("items"), N_("kind"), N_("labels"), N_("layout"),
    N_("limit"), N_("merged from"), N_("merged into"), N_("name"), N_("needs"), N_("note"), N_("number"), N_("on"),
    N_("on card"), N_("on new"), N_("parent"), N_("parked"), N_("position"), N_("question"),
    N_("answer"), N_("reaction"), N_("reason"), N_("rule"), N_("source"), N_("spared label"), N_("split into"),
    N_("status"), N_("then"), N_("title"), N_("view"), N_("columns"), N_("is shared"), N_("is pinned"), N_("criteria"), N_("product"), N_("children"), N_("questions"),
    N_("open"), N_("started"), N_("done"), N_("dropped"), N_("by hand"), N_("keep"), N_("clear"), N_("move"), N_("nobody held it"),
    N_("list"), N_("board"), N_("table"), N_("calendar"), N_("plain"), N_("Estimate low"), N_("Estimate likely"), N_("Estimate high"), N_("Due date"), N_("Story role"),
    N_("Story want"), N_("Story benefit"), N_("copy of"), N_("into sprints"), N_("out of sprints"), N_("interest"),
    N_("about"), N_("raters"), N_("way"), N_("preset"), N_("capacity"), N_("state"), N_("count"), N_("stayed"), N_("mapping"),
    N_("service"), N_("kinds"), N_("query"), N_("project"), N_("address"), N_("delivery"), N_("rows"), N_("people"),
    N_("refused"), N_("unchanged"), N_("method"), N_("role"), N_("purpose"), N_("events"), N_("device"), N_("through"), N_("second factor required"),
    N_("sprint"), N_("team"), N_("trash"), N_("planned"), N_("running"), N_("finished"), N_("active"), N_("stopped"), N_("disabled"),
)  # fmt: skip


def say(verb: str, sentence: str) -> None:
    """Let a higher app's verb read as a sentence: ``say("rating.given", N_("rated {field}"))``.

    ``{field}`` stands for the names of what the event changed.
    """
    SENTENCES[verb] = sentence


def name_fields(kind: str, names: Callable[[set[int]], dict[int, dict[str, str]]]) -> None:
    """Let events of things of a kind call what changed by its name: ``names`` of their ids gives for each
    the names by what the event calls the field."""
    FIELDS_NAMED[kind] = names
