"""Addresses of Prioritise, below ``/w/<workspace>/<product>/``."""

from django.urls import path

from tandem.prioritisation.views import (
    challenges,
    differences,
    history,
    models,
    picture,
    ranking,
    rating,
    rating_rules,
    session_steps,
    sessions,
    shape,
    weigh,
    whatif,
    why,
    why_moved,
    why_whatif,
)

app_name = "prioritisation"

urlpatterns = [
    path("prioritise/", ranking.ranking, name="prioritise"),
    path("prioritise/finding/", ranking.finding, name="finding"),
    path("prioritise/differences/", differences.differences, name="differences"),
    path("prioritise/picture/", picture.picture, name="picture"),
    path("prioritise/history/", history.history, name="history"),
    path("prioritise/what-if/", whatif.whatif, name="whatif"),
    path("prioritise/sequence/", whatif.sequencing, name="sequence"),
    path("prioritise/sequence/why/", why_whatif.why_sequence, name="sequence-why"),
    path("prioritise/what-if/needed/", why_whatif.why_needed, name="needed-why"),
    path("prioritise/what-if/weights/<slug:slug>/", why_whatif.why_weight, name="weight-why"),
    path("prioritise/rate/", rating.rate, name="rate"),
    path("prioritise/models/", models.models, name="models"),
    path("prioritise/models/<int:pk>/", shape.shape, name="model-shape"),
    path("prioritise/models/<int:pk>/preview/", shape.shape_preview, name="model-preview"),
    path("prioritise/models/<int:pk>/criteria/", shape.criterion_new, name="criterion-new"),
    path(
        "prioritise/models/<int:pk>/criteria/<slug:slug>/",
        shape.criterion_save,
        name="criterion-save",
    ),
    path(
        "prioritise/models/<int:pk>/criteria/<slug:slug>/place/",
        shape.criterion_place,
        name="criterion-place",
    ),
    path(
        "prioritise/models/<int:pk>/criteria/<slug:slug>/removal/",
        shape.criterion_out,
        name="criterion-out",
    ),
    path(
        "prioritise/models/<int:pk>/criteria/<slug:slug>/return/",
        shape.criterion_back,
        name="criterion-back",
    ),
    path(
        "prioritise/models/<int:pk>/versions/<int:number>/",
        shape.version_back,
        name="version-back",
    ),
    path("prioritise/models/<int:pk>/weigh/<slug:way>/", weigh.weigh, name="weigh"),
    path(
        "prioritise/models/<int:pk>/answers/<int:answers>/",
        weigh.weights_apply,
        name="weights-apply",
    ),
    path("prioritise/models/<int:pk>/default/", models.default, name="model-default"),
    path("prioritise/models/<int:pk>/copy/", models.copy, name="model-copy"),
    path("prioritise/models/<int:pk>/order/", shape.criteria_order, name="criteria-order"),
    path("prioritise/models/<int:pk>/name/", models.name, name="model-name"),
    path("prioritise/models/<int:pk>/archive/", models.archive, name="model-archive"),
    path("prioritise/models/<int:pk>/return/", models.restore, name="model-restore"),
    path("prioritise/models/<int:pk>/weights/", models.weights, name="model-weights"),
    path("prioritise/items/<str:key>/why/", why.why, name="why"),
    path("prioritise/items/<str:key>/moved/", why_moved.why_moved, name="moved-why"),
    path("prioritise/items/<str:key>/ratings/<slug:slug>/", rating.rating, name="rating"),
    path("prioritise/models/<int:pk>/rules/", rating_rules.rating_rules, name="rating-rules"),
    path(
        "prioritise/items/<str:key>/ratings/<int:rating>/challenge/",
        challenges.challenge,
        name="challenge",
    ),
    path(
        "prioritise/items/<str:key>/challenges/<int:pk>/answer/",
        challenges.answer,
        name="challenge-answer",
    ),
    path(
        "prioritise/items/<str:key>/challenges/<int:pk>/withdrawal/",
        challenges.withdraw,
        name="challenge-withdraw",
    ),
    path("prioritise/sessions/", sessions.sessions, name="sessions"),
    path("prioritise/sessions/new/", sessions.session_new, name="session-new"),
    path("prioritise/sessions/<int:pk>/", sessions.session, name="session"),
    path(
        "prioritise/sessions/<int:pk>/join/<str:token>/", sessions.session_join, name="session-join"
    ),
    path("prioritise/sessions/<int:pk>/change/", session_steps.change, name="session-change"),
    path("prioritise/sessions/<int:pk>/reveal/", session_steps.reveal_all, name="session-reveal"),
    path("prioritise/sessions/<int:pk>/close/", session_steps.close, name="session-close"),
    path("prioritise/sessions/<int:pk>/pair/", session_steps.compare, name="session-compare"),
    path(
        "prioritise/sessions/<int:pk>/items/<str:key>/ballots/<slug:slug>/",
        session_steps.ballot,
        name="session-ballot",
    ),
    *(
        path(
            f"prioritise/sessions/<int:pk>/items/<str:key>/{word}/",
            view,
            name=f"session-item-{word}",
        )
        for word, view in {
            "skip": session_steps.skip,
            "question": session_steps.question,
            "reveal": session_steps.reveal,
            "again": session_steps.again,
            "table": session_steps.table,
            "settle": session_steps.settle,
        }.items()
    ),
]
