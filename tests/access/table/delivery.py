"""Who gets what of delivery."""

import datetime

from access.words import ALL, MAKERS, STEERING, Door, Walk, api, get, post

ACTIONS = {
    "team.view": ALL,
    "team.edit": STEERING,
    "sprint.view": ALL,
    "sprint.edit": MAKERS,
}

PAGES: dict[str, list[Door]] = {
    # Teams and sprints
    "delivery:teams": [
        get(ALL),
        post(STEERING, body={"name": "Shore", "capacity": "8", "sprint_days": "14"}),
    ],
    "delivery:team": [
        post(
            STEERING,
            at={"pk": "@team"},
            body={"name": "Shore", "capacity": "8", "sprint_days": "14"},
        ),
    ],
    "delivery:sprints": [
        post(
            MAKERS,
            at={"pk": "@team"},
            body={"start_date": "2031-03-03", "end_date": "2031-03-17", "capacity": "5"},
        ),
    ],
    "delivery:sprint": [
        post(
            MAKERS,
            at={"pk": "@sprint"},
            body={"start_date": "2031-03-03", "end_date": "2031-03-17", "capacity": "5"},
        ),
    ],
    "delivery:sprint-start": [post(MAKERS, at={"pk": "@sprint"})],
    "delivery:sprint-finish": [post(MAKERS, at={"pk": "@sprint"})],
}

API: dict[str, list[Door]] = {
    "/products/{key}/teams": [
        api("GET", ALL, "delivery"),
        api("POST", STEERING, "delivery", 201, body={"name": "Shore", "capacity": 8}),
    ],
    "/items/{key}/team": [
        api("GET", ALL, "delivery"),
        api("PUT", MAKERS, "delivery", body={"team": "Deck"}),
    ],
    # Teams and sprints
    "/products/{key}/teams/{pk}": [
        api("GET", ALL, "delivery", at={"pk": "@team"}),
        api("PATCH", STEERING, "delivery", at={"pk": "@team"}, body={"capacity": 4}),
    ],
    "/products/{key}/sprints": [
        api("GET", ALL, "delivery"),
        api(
            "POST",
            MAKERS,
            "delivery",
            201,
            body={"team": "Deck", "start_date": "2031-03-03"},
        ),
    ],
    "/products/{key}/sprints/{pk}": [
        api("GET", ALL, "delivery", at={"pk": "@sprint"}),
        api("PATCH", MAKERS, "delivery", at={"pk": "@sprint"}, body={"goal": "Ropes"}),
    ],
    "/products/{key}/sprints/{pk}/start": [api("POST", MAKERS, "delivery", at={"pk": "@sprint"})],
    "/products/{key}/sprints/{pk}/finish": [api("POST", MAKERS, "delivery", at={"pk": "@sprint"})],
    "/products/{key}/sprints/{pk}/items": [
        api("PUT", MAKERS, "delivery", at={"pk": "@sprint"}, body={"items": ["@other"]}),
    ],
    "/products/{key}/sprints/{pk}/items/{item}": [
        api("PUT", MAKERS, "delivery", at={"pk": "@sprint", "item": "@other"}),
        api("DELETE", MAKERS, "delivery", 204, at={"pk": "@sprint", "item": "@other"}),
    ],
}

OPERATIONS: dict[str, Walk] = {
    "delivery.team_create": (STEERING, {"product": "@product", "name": "Shore"}),
    "delivery.team_update": (STEERING, {"team": "@team", "name": "Shore"}),
    "delivery.team_assign": (MAKERS, {"item": "@item", "team": "@team"}),
    "delivery.sprint_add": (MAKERS, {"sprint": "@sprint", "item": "@item"}),
    "delivery.sprint_update": (
        MAKERS,
        {
            "sprint": "@sprint",
            "start_date": datetime.date(2031, 3, 3),
            "end_date": datetime.date(2031, 3, 17),
            "capacity": 5,
            "goal": "Seats",
        },
    ),
    "delivery.sprint_start": (MAKERS, {"sprint": "@sprint"}),
    "delivery.sprint_finish": (MAKERS, {"sprint": "@sprint"}),
}

OPERATIONS_APART = {
    "delivery.sprint_fill": "takes rows in a list: walked as a route, and by sprint_add",
    "delivery.sprint_create": "walked by sprint_add: the same permission",
    "delivery.sprint_remove": "walked by sprint_add: the same permission",
}
