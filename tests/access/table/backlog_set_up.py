"""Who gets what over the API of how a backlog is set up, changed as a whole, and talked about."""

from access.words import ADMIN, ALL, CONTRIBUTORS, MAKERS, STEERING, Door, api

API: dict[str, list[Door]] = {
    "/products/{key}/statuses": [
        api("GET", ALL, "backlog"),
        api("POST", STEERING, "backlog", 201, body={"name": "Testing", "category": "started"}),
    ],
    "/products/{key}/statuses/{pk}": [
        api("PATCH", STEERING, "backlog", at={"pk": "@status"}, body={"name": "Doing"}),
        api(
            "DELETE",
            STEERING,
            "backlog",
            204,
            at={"pk": "@status"},
            query={"to": "@other_status"},
        ),
    ],
    "/products/{key}/transitions": [
        api("GET", ALL, "backlog"),
        api("PUT", STEERING, "backlog", body={"to_status": "Ready", "needs": ["estimate"]}),
    ],
    "/products/{key}/transitions/needs": [api("GET", ALL, "backlog")],
    "/products/{key}/transitions/{pk}": [
        api("DELETE", STEERING, "backlog", 204, at={"pk": "@transition"}),
    ],
    "/products/{key}/approvals": [api("GET", ALL, "backlog")],
    "/products/{key}/approvals/decisions": [
        api(
            "POST",
            CONTRIBUTORS,
            "backlog",
            body={"approvals": ["@approval"], "approves": True},
        ),
    ],
    "/items/{key}/approvals": [api("POST", MAKERS, "backlog", 201, body={"to": "In review"})],
    "/items/{key}/approvals/{pk}/decision": [
        api(
            "POST",
            ADMIN,
            "backlog",
            at={"key": "@asking", "pk": "@approval"},
            body={"approves": True},
        ),
    ],
    "/items/{key}/approvals/{pk}": [
        api("DELETE", STEERING, "backlog", 204, at={"key": "@asking", "pk": "@approval"}),
    ],
    "/products/{key}/fields": [
        api("GET", ALL, "backlog"),
        api("POST", STEERING, "backlog", 201, body={"name": "Promised", "kind": "date"}),
    ],
    "/products/{key}/fields/{slug}": [
        api("PATCH", STEERING, "backlog", at={"slug": "tier"}, body={"name": "Level"}),
    ],
    "/products/{key}/fields/{slug}/choices": [
        api("POST", STEERING, "backlog", 201, at={"slug": "tier"}, body={"name": "Tin"}),
    ],
    "/products/{key}/fields/{slug}/choices/{choice}": [
        api(
            "PATCH",
            STEERING,
            "backlog",
            at={"slug": "tier", "choice": "gold"},
            body={"name": "Best"},
        ),
        api("DELETE", STEERING, "backlog", at={"slug": "tier", "choice": "gold"}),
    ],
    "/products/{key}/items/change": [
        api("POST", MAKERS, "backlog", body={"keys": [], "set": {"kind": "bug"}}),
    ],
    "/products/{key}/changes/{pk}/undo": [
        api("POST", MAKERS, "backlog", at={"pk": "@many"}),
    ],
    "/products/{key}/views": [
        api("GET", ALL, "backlog"),
        api("POST", ALL, "backlog", 201, body={"name": "Mine"}),
    ],
    "/products/{key}/views/{number}": [
        api("PATCH", STEERING, "backlog", at={"number": 1}, body={"name": "Theirs"}),
        api("DELETE", STEERING, "backlog", 204, at={"number": 1}),
    ],
    "/products/{key}/parking": [
        api("GET", ALL, "backlog"),
        api("PUT", STEERING, "backlog", body={"on": True, "days": 30}),
    ],
    "/products/{key}/items/park": [api("POST", MAKERS, "backlog", body={"keys": []})],
    "/products/{key}/items/revive": [api("POST", MAKERS, "backlog", body={"keys": []})],
    "/products/{key}/templates": [
        api("GET", ALL, "backlog"),
        api("POST", STEERING, "backlog", 201, body={"name": "Ours"}),
    ],
    "/products/{key}/templates/{number}": [
        api("PATCH", STEERING, "backlog", at={"number": 1}, body={"name": "Theirs"}),
        api("DELETE", STEERING, "backlog", at={"number": 1}),
    ],
    "/products/{key}/templates/restore/{pk}": [
        api("POST", STEERING, "backlog", at={"pk": "@removed_template"}),
    ],
    "/products/{key}/filter-fields": [api("GET", ALL, "backlog")],
    "/products/{key}/labels": [api("GET", ALL, "backlog")],
    "/products/{key}/activity": [api("GET", ALL, "backlog")],
    "/items/{key}/restore": [api("POST", MAKERS, "backlog")],
    "/items/{key}/history/{pk}/undo": [api("POST", MAKERS, "backlog", at={"pk": "@change"})],
    "/items/{key}/comments/{pk}": [
        api("GET", ALL, "backlog", at={"pk": "@comment"}),
        # One's own comment only: it is the administrator's.
        api("PATCH", ADMIN, "backlog", at={"pk": "@comment"}, body={"text": "Sooner."}),
        api("DELETE", ADMIN, "backlog", 204, at={"pk": "@comment"}),
    ],
    "/items/{key}/comments/{pk}/resolution": [
        api("PUT", CONTRIBUTORS, "backlog", at={"pk": "@comment"}, body={"resolved": True}),
    ],
    "/items/{key}/comments/{pk}/reactions/{kind}": [
        api("PUT", CONTRIBUTORS, "backlog", at={"pk": "@comment", "kind": "agree"}),
        api("DELETE", CONTRIBUTORS, "backlog", at={"pk": "@comment", "kind": "agree"}),
    ],
    "/items/{key}/comments/{pk}/restore": [
        api("POST", ADMIN, "backlog", at={"pk": "@unsaid"}),
    ],
}
