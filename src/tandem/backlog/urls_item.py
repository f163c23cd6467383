"""Addresses of one item and what hangs on it, of the activity, and of undo."""

from django.urls import URLPattern, URLResolver, include, path

from tandem.backlog.views import (
    activity,
    attachments,
    comments,
    criteria,
    dependencies,
    item,
    labels,
    parking,
    questions,
    reshaping,
    transitions,
    undo,
)

of_item: list[URLPattern | URLResolver] = [
    path("", item.item, name="item"),
    path("fields/", item.fields, name="item-fields"),
    path("text/", item.text, name="item-text"),
    path("deletion/", item.deletion, name="item-deletion"),
    path("restoration/", item.restoration, name="item-restoration"),
    path("parking/", parking.item_parking, name="item-parking"),
    path("merge/", reshaping.merge, name="item-merge"),
    path("merged/", reshaping.alias, name="item-alias"),
    path("split/", reshaping.split, name="item-split"),
    path("history/", item.history, name="item-history"),
    path("history/<int:pk>/", item.change, name="item-change"),
    path("labels/", labels.labels, name="labels"),
    path("labels/removal/", labels.removal, name="label-removal"),
    path("criteria/", criteria.criteria, name="criteria"),
    path("criteria/<int:pk>/", criteria.criterion, name="criterion"),
    path("criteria/<int:pk>/check/", criteria.check, name="criterion-check"),
    path("criteria/<int:pk>/removal/", criteria.removal, name="criterion-removal"),
    path("questions/", questions.questions, name="questions"),
    path("approvals/", transitions.approvals, name="approvals"),
    path("approvals/<int:pk>/decision/", transitions.decision, name="approval-decision"),
    path("approvals/<int:pk>/withdrawal/", transitions.withdrawal, name="approval-withdrawal"),
    path("watch/", item.watch, name="item-watch"),
    path("questions/<int:pk>/person/", questions.person, name="question-person"),
    path("questions/<int:pk>/answer/", questions.answer, name="question-answer"),
    path(
        "questions/<int:pk>/answers/<int:answer>/acceptance/",
        questions.acceptance,
        name="answer-acceptance",
    ),
    path("dependencies/", dependencies.dependencies, name="dependencies"),
    path("dependencies/<int:pk>/removal/", dependencies.removal, name="dependency-removal"),
    path("attachments/", attachments.attachments, name="attachments"),
    path("attachments/<int:pk>/", attachments.attachment, name="attachment"),
    path("attachments/<int:pk>/removal/", attachments.removal, name="attachment-removal"),
    path("comments/", comments.comments, name="comments"),
    path("comments/<int:pk>/", comments.comment, name="comment"),
    path("comments/<int:pk>/deletion/", comments.deletion, name="comment-deletion"),
    path("comments/<int:pk>/replies/", comments.replies, name="comment-replies"),
    path("comments/<int:pk>/thread/", comments.thread, name="comment-thread"),
    path("comments/<int:pk>/resolution/", comments.resolution, name="comment-resolution"),
    path("comments/<int:pk>/reactions/", comments.reactions, name="comment-reactions"),
    path("comments/<int:pk>/wordings/", comments.wordings, name="comment-wordings"),
]

#: Below ``/w/<workspace>/<product>/``.
of_product: list[URLPattern | URLResolver] = [
    path("item-matches/", item.item_matches, name="item-matches"),
    path("people-matches/", comments.people, name="people-matches"),
    path("activity/", activity.activity, name="activity"),
    path("undo/<int:pk>/", undo.undo, name="undo"),
    path("items/<str:key>/", include(of_item)),
]
