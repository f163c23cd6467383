"""Who gets what of rating sessions."""

from access.words import ALL, ANY, CONTRIBUTORS, MAKERS, STEERING, VALUE, Door, Walk, api, get, post

ACTIONS = {
    "session.hold": STEERING,
    "session.estimate": MAKERS,
    "session.compare": CONTRIBUTORS,
}

PAGES: dict[str, list[Door]] = {
    "prioritisation:sessions": [get(ALL)],
    "prioritisation:session-new": [
        get(STEERING, query={"label": "@label"}),
        post(
            STEERING,
            body={"name": "Later", "deadline": "2099-01-01T00:00", "model": "@model"},
        ),
    ],
    "prioritisation:session": [get(ALL, at={"pk": "@session"}, query={"item": "@item"})],
    "prioritisation:session-join": [
        get(ALL, status=ANY, at={"pk": "@session", "token": "made-up"}),
        post(ALL, at={"pk": "@session", "token": "made-up"}),
    ],
    "prioritisation:session-change": [
        post(STEERING, at={"pk": "@session"}, body={"name": "May", "member": "@member"}),
    ],
    "prioritisation:session-reveal": [post(STEERING, at={"pk": "@session"})],
    "prioritisation:session-close": [post(STEERING, at={"pk": "@session"})],
    "prioritisation:session-compare": [
        post(
            CONTRIBUTORS,
            at={"pk": "@pairs"},
            body={"one": "@item", "other": "@other", "preferred": "@item"},
        ),
    ],
    "prioritisation:session-ballot": [
        post(VALUE, at={"pk": "@session", "slug": "@scored"}, body={"value": "3"}),
    ],
    "prioritisation:session-item-skip": [
        post(CONTRIBUTORS, at={"pk": "@session"}, body={"reason": "I wrote it."}),
    ],
    "prioritisation:session-item-question": [
        post(CONTRIBUTORS, at={"pk": "@session"}, body={"text": "Which deck?"}),
    ],
    "prioritisation:session-item-reveal": [post(STEERING, at={"pk": "@session"})],
    "prioritisation:session-item-again": [post(STEERING, at={"pk": "@revealed"})],
    "prioritisation:session-item-table": [
        post(STEERING, at={"pk": "@live", "key": "@other"}),
    ],
    "prioritisation:session-item-settle": [
        post(
            STEERING,
            at={"pk": "@revealed"},
            body={"customer_value-value": "3", "customer_value-reason": "So."},
        ),
    ],
}

API: dict[str, list[Door]] = {
    "/products/{key}/rating-sessions": [
        api("GET", ALL, "prioritisation"),
        api(
            "POST",
            STEERING,
            "prioritisation",
            201,
            body={
                "name": "Later",
                "items": ["@item"],
                "model": "@model",
                "deadline": "2099-01-01T00:00:00Z",
                "member_ids": ["@member"],
            },
        ),
    ],
    "/products/{key}/rating-sessions/{pk}": [
        api("GET", ALL, "prioritisation", at={"pk": "@session"}),
        api("PATCH", STEERING, "prioritisation", at={"pk": "@session"}, body={"name": "May"}),
    ],
    "/products/{key}/rating-sessions/{pk}/raters": [
        api(
            "POST",
            STEERING,
            "prioritisation",
            at={"pk": "@session"},
            body={"member_ids": ["@member"]},
        ),
    ],
    "/products/{key}/rating-sessions/{pk}/seat": [
        api("PUT", ALL, "prioritisation", at={"pk": "@session"}, body={"token": ""}),
    ],
    "/products/{key}/rating-sessions/{pk}/items/{item}/ballots/{criterion}": [
        api(
            "PUT",
            VALUE,
            "prioritisation",
            at={"pk": "@session", "item": "@item", "criterion": "@scored"},
            body={"value": 3},
        ),
    ],
    "/products/{key}/rating-sessions/{pk}/items/{item}/skip": [
        api(
            "PUT",
            CONTRIBUTORS,
            "prioritisation",
            at={"pk": "@session", "item": "@item"},
            body={"reason": "I wrote it."},
        ),
    ],
    "/products/{key}/rating-sessions/{pk}/items/{item}/reveal": [
        api("POST", STEERING, "prioritisation", at={"pk": "@session", "item": "@item"}),
    ],
    "/products/{key}/rating-sessions/{pk}/items/{item}/again": [
        api("POST", STEERING, "prioritisation", at={"pk": "@revealed", "item": "@item"}),
    ],
    "/products/{key}/rating-sessions/{pk}/items/{item}/settle": [
        api(
            "POST",
            STEERING,
            "prioritisation",
            at={"pk": "@revealed", "item": "@item"},
            body={"finals": {"customer_value": {"value": 3, "reason": "So."}}},
        ),
    ],
    "/products/{key}/rating-sessions/{pk}/table": [
        api("PUT", STEERING, "prioritisation", at={"pk": "@live"}, body={"item": "@other"}),
    ],
    "/products/{key}/rating-sessions/{pk}/reveal": [
        api("POST", STEERING, "prioritisation", at={"pk": "@session"}),
    ],
    "/products/{key}/rating-sessions/{pk}/close": [
        api("POST", STEERING, "prioritisation", at={"pk": "@session"}),
    ],
    "/products/{key}/rating-sessions/{pk}/pairs": [
        api("GET", ALL, "prioritisation", at={"pk": "@pairs"}),
        api(
            "PUT",
            CONTRIBUTORS,
            "prioritisation",
            at={"pk": "@pairs"},
            body={"one": "@item", "other": "@other", "preferred": "@item"},
        ),
    ],
}

OPERATIONS: dict[str, Walk] = {
    "prioritisation.session_create": (
        STEERING,
        {
            "product": "@product",
            "name": "Later",
            "items": ["@item"],
            "model": "@model",
            "pace": "live",
        },
    ),
    "prioritisation.session_update": (STEERING, {"session": "@session", "name": "May"}),
    "prioritisation.session_invite": (
        STEERING,
        {"session": "@session", "members": ["@member"]},
    ),
    "prioritisation.session_join": (ALL, {"session": "@session"}),
    "prioritisation.session_reveal": (STEERING, {"session": "@session"}),
    "prioritisation.session_close": (STEERING, {"session": "@session"}),
    "prioritisation.session_step": (STEERING, {"session": "@live", "entry": "@table"}),
    "prioritisation.entry_reveal": (STEERING, {"entry": "@entry"}),
    "prioritisation.entry_again": (STEERING, {"entry": "@turned"}),
    "prioritisation.entry_settle": (
        STEERING,
        {"entry": "@turned", "finals": {"customer_value": {"value": 3, "reason": "So."}}},
    ),
    "prioritisation.ballot_give": (
        VALUE,
        {"entry": "@entry", "criterion": "@scored", "value": 3},
    ),
    "prioritisation.ballot_skip": (CONTRIBUTORS, {"entry": "@entry", "reason": "Mine."}),
    "prioritisation.items_compare": (
        CONTRIBUTORS,
        {"session": "@pairs", "one": "@item", "other": "@other"},
    ),
}

OPERATIONS_APART = {
    "prioritisation.session_expire": "called by the minute's job for sessions whose time is over",
}
