"""Who gets what of prioritisation."""

from access.words import (
    ADMIN,
    ALL,
    CONTRIBUTORS,
    STEERING,
    TECHNICAL,
    VALUE,
    Door,
    Walk,
    api,
    get,
    post,
)

ACTIONS = {
    "score.view": ALL,
    "model.edit": STEERING,
    "rating.value": VALUE,
    "rating.technical": TECHNICAL,
    "rating.challenge": CONTRIBUTORS,
}

PAGES: dict[str, list[Door]] = {
    # Prioritise
    "prioritisation:prioritise": [get(ALL, query={"model": "@model"})],
    "prioritisation:finding": [get(ALL, query={"model": "@model"})],
    "prioritisation:differences": [get(ALL, query={"model": "@model"})],
    "prioritisation:history": [get(ALL, query={"model": "@model"})],
    "prioritisation:whatif": [get(ALL, query={"model": "@model"})],
    "prioritisation:sequence-why": [get(ALL, query={"model": "@model"})],
    "prioritisation:needed-why": [get(ALL, query={"a": "@item", "b": "@other"})],
    "prioritisation:weight-why": [get(ALL, at={"slug": "@scored"}, query={"model": "@model"})],
    "prioritisation:sequence": [get(ALL, query={"model": "@model"})],
    "prioritisation:picture": [get(ALL, query={"model": "@model"})],
    "prioritisation:rate": [get(VALUE | TECHNICAL, query={"model": "@model", "item": "@item"})],
    "prioritisation:models": [
        get(ALL, query={"model": "@model"}),
        post(STEERING, body={"preset": "rice", "name": "Reach"}),
    ],
    "prioritisation:model-shape": [
        get(ALL, at={"pk": "@model"}),
        post(STEERING, at={"pk": "@model"}, body={"formula_kind": "weighted"}),
    ],
    "prioritisation:model-preview": [
        post(ALL, 200, at={"pk": "@model"}, body={"formula_kind": "weighted"}),
    ],
    "prioritisation:criterion-new": [
        post(
            STEERING,
            at={"pk": "@model"},
            body={"name": "Joy", "lens": "value", "low": "1", "high": "5"},
        ),
    ],
    "prioritisation:criterion-save": [
        post(STEERING, at={"pk": "@model", "slug": "@scored"}, body={"question": "Why?"}),
    ],
    "prioritisation:criterion-place": [
        post(STEERING, at={"pk": "@model", "slug": "@scored"}, body={"to": "down"}),
    ],
    "prioritisation:criterion-out": [post(STEERING, at={"pk": "@model", "slug": "@scored"})],
    "prioritisation:criterion-back": [post(STEERING, at={"pk": "@model", "slug": "@scored"})],
    "prioritisation:version-back": [post(STEERING, at={"pk": "@model", "number": 1})],
    "prioritisation:weigh": [
        get(ALL, at={"pk": "@model", "way": "past"}),
        post(STEERING, at={"pk": "@model", "way": "past"}),
    ],
    "prioritisation:weights-apply": [post(STEERING, at={"pk": "@model", "answers": "@answers"})],
    "prioritisation:model-default": [post(STEERING, at={"pk": "@model"})],
    "prioritisation:model-name": [post(STEERING, at={"pk": "@model"}, body={"name": "Worth"})],
    "prioritisation:model-copy": [post(STEERING, at={"pk": "@model"})],
    "prioritisation:criteria-order": [
        post(STEERING, at={"pk": "@model"}, body={"item": "@scored", "after": ""}),
    ],
    "prioritisation:model-archive": [post(STEERING, at={"pk": "@spare"})],
    "prioritisation:model-restore": [post(STEERING, at={"pk": "@spare"})],
    "prioritisation:model-weights": [post(STEERING, at={"pk": "@model"})],
    "prioritisation:why": [get(ALL, query={"model": "@model"})],
    "prioritisation:moved-why": [get(ALL, query={"model": "@model"})],
    "prioritisation:rating": [
        post(VALUE, at={"slug": "@scored"}, body={"value": "3", "model": "@model"}),
    ],
    "prioritisation:rating-rules": [
        get(ALL, at={"pk": "@model"}),
        post(STEERING, at={"pk": "@model"}, body={"days-urgency": "90"}),
    ],
    "prioritisation:challenge": [
        post(CONTRIBUTORS, at={"rating": "@doubted"}, body={"reason": "Too low."}),
    ],
    "prioritisation:challenge-answer": [
        post(VALUE, at={"pk": "@challenge"}, body={"answer": "It is right."}),
    ],
    # One's own only: it is the administrator's.
    "prioritisation:challenge-withdraw": [post(ADMIN, at={"pk": "@challenge"})],
}

API: dict[str, list[Door]] = {
    "/products/{key}/scoring-models": [
        api("GET", ALL, "prioritisation"),
        api("POST", STEERING, "prioritisation", 201, body={"preset": "rice", "name": "Reach"}),
    ],
    "/products/{key}/ranking": [api("GET", ALL, "prioritisation", query={"model": "@model"})],
    "/products/{key}/ranking/as-of": [api("GET", ALL, "prioritisation")],
    "/products/{key}/ranking/movement": [api("GET", ALL, "prioritisation")],
    "/products/{key}/ranking/overtaking": [
        api("GET", ALL, "prioritisation", query={"a": "@item", "b": "@other"}),
    ],
    "/products/{key}/ranking/sensitivity": [api("GET", ALL, "prioritisation")],
    "/products/{key}/ranking/sequence": [api("GET", ALL, "prioritisation")],
    "/products/{key}/ranking/agreement": [api("GET", ALL, "prioritisation")],
    "/products/{key}/ranking/orders": [api("GET", ALL, "prioritisation")],
    "/items/{key}/score": [api("GET", ALL, "prioritisation", query={"model": "@model"})],
    "/items/{key}/ratings": [api("GET", ALL, "prioritisation", query={"model": "@model"})],
    "/items/{key}/ratings/{criterion}": [
        api(
            "PUT",
            VALUE,
            "prioritisation",
            at={"criterion": "@scored"},
            query={"model": "@model"},
            body={"value": 3},
        ),
        api(
            "DELETE",
            VALUE,
            "prioritisation",
            204,
            at={"criterion": "@scored"},
            query={"model": "@model"},
        ),
    ],
    "/items/{key}/challenges": [
        api("GET", ALL, "prioritisation"),
        api(
            "POST",
            CONTRIBUTORS,
            "prioritisation",
            201,
            body={"rating": "@doubted", "reason": "Too low."},
        ),
    ],
    "/items/{key}/challenges/{pk}/answer": [
        api(
            "POST",
            VALUE,
            "prioritisation",
            at={"pk": "@challenge"},
            body={"answer": "It is right."},
        ),
    ],
    # One's own only: it is the administrator's.
    "/items/{key}/challenges/{pk}/withdraw": [
        api("POST", ADMIN, "prioritisation", at={"pk": "@challenge"}),
    ],
    "/products/{key}/scoring-models/{pk}": [
        api("GET", ALL, "prioritisation", at={"pk": "@model"}),
        api("PATCH", STEERING, "prioritisation", at={"pk": "@model"}, body={"is_default": True}),
        api("DELETE", STEERING, "prioritisation", 204, at={"pk": "@spare"}),
    ],
    "/products/{key}/scoring-models/{pk}/restore": [
        api("POST", STEERING, "prioritisation", at={"pk": "@spare"})
    ],
    "/products/{key}/scoring-models/{pk}/copy": [
        api("POST", STEERING, "prioritisation", 201, at={"pk": "@model"}, body={}),
    ],
    "/products/{key}/scoring-models/{pk}/formula": [
        api(
            "PUT",
            STEERING,
            "prioritisation",
            at={"pk": "@model"},
            body={"formula_text": "customer_value / effort"},
        ),
    ],
    "/products/{key}/scoring-models/{pk}/formula/check": [
        api("POST", ALL, "prioritisation", at={"pk": "@model"}, body={"formula_text": "urgency"}),
    ],
    "/products/{key}/scoring-models/{pk}/criteria": [
        api(
            "POST",
            STEERING,
            "prioritisation",
            201,
            at={"pk": "@model"},
            body={"name": "Joy", "lens": "value", "low": 1, "high": 5},
        ),
    ],
    "/products/{key}/scoring-models/{pk}/criteria/{slug}": [
        api(
            "PATCH",
            STEERING,
            "prioritisation",
            at={"pk": "@model", "slug": "@scored"},
            body={"question": "How much?", "position": 1},
        ),
        api("DELETE", STEERING, "prioritisation", 204, at={"pk": "@model", "slug": "@scored"}),
    ],
    "/products/{key}/scoring-models/{pk}/criteria/{slug}/return": [
        api("POST", STEERING, "prioritisation", at={"pk": "@model", "slug": "@scored"}),
    ],
    "/products/{key}/scoring-models/{pk}/versions": [
        api("GET", ALL, "prioritisation", at={"pk": "@model"}),
    ],
    "/products/{key}/scoring-models/{pk}/versions/{number}/return": [
        api("POST", STEERING, "prioritisation", at={"pk": "@model", "number": 1}),
    ],
    "/products/{key}/scoring-models/{pk}/weights/answers": [
        api("GET", ALL, "prioritisation", at={"pk": "@model"}),
        api("POST", STEERING, "prioritisation", 201, at={"pk": "@model"}, body={"way": "past"}),
    ],
    "/products/{key}/scoring-models/{pk}/weights/answers/{answers}/application": [
        api("POST", STEERING, "prioritisation", at={"pk": "@model", "answers": "@answers"}),
    ],
    "/products/{key}/scoring-models/{pk}/weights/pairs": [
        api(
            "POST",
            STEERING,
            "prioritisation",
            at={"pk": "@model"},
            body={"first": "urgency", "second": "strategic_fit", "preferred": "urgency"},
        ),
        api("DELETE", STEERING, "prioritisation", 204, at={"pk": "@model"}),
    ],
    "/products/{key}/scoring-models/{pk}/weights/implied": [
        api("GET", ALL, "prioritisation", at={"pk": "@model"}),
    ],
    "/products/{key}/scoring-models/{pk}/second-opinion": [
        api("GET", ALL, "prioritisation", at={"pk": "@model"}),
    ],
}

OPERATIONS: dict[str, Walk] = {
    "prioritisation.model_create": (STEERING, {"product": "@product", "preset": "rice"}),
    "prioritisation.model_copy": (STEERING, {"model": "@model"}),
    "prioritisation.model_rename": (STEERING, {"model": "@model", "name": "Worth"}),
    "prioritisation.model_archive": (STEERING, {"model": "@spare"}),
    "prioritisation.model_restore": (STEERING, {"model": "@spare"}),
    "prioritisation.model_make_default": (STEERING, {"model": "@model"}),
    "prioritisation.model_formula_set": (
        STEERING,
        {"model": "@model", "formula_text": "customer_value / effort"},
    ),
    "prioritisation.model_go_back": (STEERING, {"model": "@model", "number": 1}),
    "prioritisation.criterion_add": (
        STEERING,
        {"model": "@model", "name": "Joy", "lens": "value", "low": 1, "high": 5},
    ),
    "prioritisation.criterion_update": (STEERING, {"criterion": "@scored", "question": "Why?"}),
    "prioritisation.criterion_move": (STEERING, {"criterion": "@scored", "position": 2}),
    "prioritisation.criterion_remove": (STEERING, {"criterion": "@scored"}),
    "prioritisation.criterion_return": (STEERING, {"criterion": "@scored"}),
    "prioritisation.weights_answer": (STEERING, {"model": "@model", "way": "past"}),
    "prioritisation.weights_apply": (STEERING, {"answers": "@answers"}),
    "prioritisation.pair_answer": (
        STEERING,
        {"model": "@model", "first": "urgency", "second": "strategic_fit", "preferred": ""},
    ),
    "prioritisation.pair_answer_undo": (STEERING, {"model": "@model"}),
    "prioritisation.weight_set": (STEERING, {"criterion": "@scored", "weight": 2}),
    "prioritisation.weights_set": (STEERING, {"model": "@model", "weights": {}}),
    "prioritisation.raters_set": (STEERING, {"model": "@model", "raters": {"value": []}}),
    "prioritisation.expiry_set": (STEERING, {"model": "@model", "days": {"value": 90}}),
    "prioritisation.challenge_raise": (CONTRIBUTORS, {"rating": "@doubted", "reason": "Low."}),
    "prioritisation.challenge_answer": (VALUE, {"challenge": "@challenge", "answer": "No."}),
    # One's own only: it is the administrator's.
    "prioritisation.challenge_withdraw": (ADMIN, {"challenge": "@challenge"}),
    "prioritisation.rating_set": (VALUE, {"item": "@item", "criterion": "@scored", "value": 3}),
}

OPERATIONS_APART = {
    "prioritisation.model_ensure": "called by rating only, which is walked",
    "prioritisation.criterion_to_rate": "finds what rating_set is given, which is walked",
    "prioritisation.rating_withdraw": "walked by the API's DELETE: needs a rating first",
}
