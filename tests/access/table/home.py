"""Who gets what of home."""

from access.words import ADMIN, ALL, CONTRIBUTORS, Door, api, get, post

ACTIONS = {
    "audit.view": ADMIN,
}

PAGES: dict[str, list[Door]] = {
    # The audit log
    "audit:log": [get(ADMIN, query={"who": "@member"})],
    "audit:keeping": [post(ADMIN, body={"days": "365"})],
    "audit:export": [get(ADMIN, at={"form": "csv"}, query={"who": "@member"})],
    # Search
    "search:search": [get(ALL, query={"q": "seat", "product": "FERRY"})],
    "search:palette": [get(ALL, query={"q": "seat", "product": "FERRY"})],
    # Home
    "home:home": [get(ALL)],
    "home:question-ask": [post(CONTRIBUTORS, body={"about": "@item", "text": "Why?"})],
    "home:question-answer": [
        post(CONTRIBUTORS, at={"pk": "@question"}, body={"answer": "All."}),
    ],
}

API: dict[str, list[Door]] = {
    "/search": [api("GET", ALL, "backlog", query={"q": "seat"})],
    "/audit": [api("GET", ADMIN, "admin", query={"who": "@member"})],
    "/audit/keeping": [
        api("GET", ADMIN, "admin"),
        api("PUT", ADMIN, "admin", body={"days": 365}),
    ],
}
