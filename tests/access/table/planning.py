"""Who gets what of planning."""

from access.words import ALL, MAKERS, STEERING, Door, Walk, api, get, post

ACTIONS = {
    "plan.view": ALL,
    "plan.solve": MAKERS,
    "plan.edit": STEERING,
    "plan.accept": STEERING,
    "plan.commit": STEERING,
    "debt.price": MAKERS,
    "forecast.view": ALL,
    "forecast.make": MAKERS,
}

PAGES: dict[str, list[Door]] = {
    # Plan and forecast
    "planning:plan": [get(ALL, query={"scenario": "@scenario", "plan": "@plan"})],
    "planning:plan-solve": [post(MAKERS, body={"scenario": "@scenario"})],
    "planning:plan-team-add": [post(STEERING, body={"name": "Shore", "capacity": "8"})],
    "planning:compare": [get(ALL, query={"scenario": "@scenario"})],
    "planning:frontier": [get(ALL, query={"scenario": "@scenario"})],
    "planning:debt": [get(ALL, query={"scenario": "@scenario"})],
    "planning:what-if": [get(ALL, at={"pk": "@scenario"}, query={"capacity": "80"})],
    "planning:debt-price": [post(MAKERS, body={"interest": "2", "unit": "effort"})],
    "planning:frontier-ask": [post(MAKERS, at={"pk": "@scenario"}, body={"kind": "debt"})],
    "planning:frontier-pick": [post(MAKERS, at={"pk": "@frontier"}, body={"point": "0"})],
    "planning:plan-explain": [post(MAKERS, at={"pk": "@plan"})],
    "planning:scenario-create": [post(STEERING, body={"name": "Later"})],
    "planning:scenario-copy": [post(STEERING, at={"pk": "@scenario"}, body={"name": "Copy"})],
    "planning:scenario-rename": [post(STEERING, at={"pk": "@scenario"}, body={"name": "Other"})],
    "planning:scenario-delete": [post(STEERING, at={"pk": "@scenario"})],
    "planning:capacity-set": [
        post(
            STEERING,
            at={"pk": "@scenario"},
            body={"team": "@team", "sprint": "1", "capacity": "3"},
        ),
    ],
    "planning:plan-move": [
        post(STEERING, at={"pk": "@scenario"}, body={"item": "@other", "to": "out"}),
    ],
    "planning:plan-cancel": [post(MAKERS, at={"pk": "@solving"})],
    "planning:plan-accept": [post(STEERING, at={"pk": "@plan"})],
    "planning:rule-add": [
        post(STEERING, at={"pk": "@scenario"}, body={"item": "@other", "kind": "must"}),
    ],
    "planning:rule-remove": [post(STEERING, at={"pk": "@scenario", "rule": "@rule"})],
    "planning:plan-commit": [post(STEERING, at={"pk": "@plan"})],
    "planning:agenda": [get(ALL, query={"scenario": "@scenario"})],
    "planning:agenda-settle": [
        post(
            STEERING,
            body={
                "scenario": "@scenario",
                "item": "@item",
                "towards": "another",
                "place": 50,
                "reason": "So.",
            },
        )
    ],
    # The scene's agenda was never worked out: there is nothing to meet about.
    "planning:agenda-session": [post(STEERING, 422, body={"scenario": "@scenario"})],
    "planning:agenda-solve": [post(MAKERS, body={"scenario": "@scenario"})],
    "planning:agenda-work": [post(MAKERS, body={"scenario": "@scenario"})],
    "planning:forecast": [
        get(ALL, query={"question": "when", "items": "2", "low": "1", "high": "3"}),
        get(ALL, query={"question": "plan", "plan": "@plan", "low": "1", "high": "3"}),
    ],
    "planning:forecast-why": [
        get(ALL, query={"question": "plan", "plan": "@plan", "low": "1", "high": "3"}),
    ],
    "planning:forecast-keep": [
        post(MAKERS, body={"question": "plan", "plan": "@plan", "low": "1", "high": "3"}),
    ],
    "planning:forecast-kept": [get(ALL, at={"pk": "@forecast"})],
    "planning:forecast-kept-why": [get(ALL, at={"pk": "@forecast"})],
}

API: dict[str, list[Door]] = {
    "/products/{key}/scenarios": [
        api("GET", ALL, "planning"),
        api(
            "POST",
            STEERING,
            "planning",
            201,
            body={"name": "Later", "rules": [{"item": "@item", "kind": "must"}]},
        ),
    ],
    "/products/{key}/scenarios/{pk}/rules": [
        api(
            "PUT",
            STEERING,
            "planning",
            at={"pk": "@scenario"},
            body={"item": "@other", "kind": "must"},
        ),
    ],
    "/products/{key}/scenarios/{pk}/rules/{rule}": [
        api("DELETE", STEERING, "planning", 204, at={"pk": "@scenario", "rule": "@rule"}),
    ],
    "/products/{key}/scenarios/{pk}/plans": [
        api("POST", MAKERS, "planning", 202, at={"pk": "@scenario"}),
    ],
    "/products/{key}/plans": [api("GET", ALL, "planning")],
    "/products/{key}/plans/{pk}": [api("GET", ALL, "planning", at={"pk": "@plan"})],
    "/products/{key}/scenarios/{pk}/what-if": [
        api("GET", ALL, "planning", at={"pk": "@scenario"}),
    ],
    "/products/{key}/scenarios/{pk}/frontiers": [
        api("GET", ALL, "planning", at={"pk": "@scenario"}),
        api("POST", MAKERS, "planning", 202, at={"pk": "@scenario"}, body={"kind": "debt"}),
    ],
    "/products/{key}/frontiers/{pk}": [api("GET", ALL, "planning", at={"pk": "@frontier"})],
    "/products/{key}/frontiers/{pk}/plans": [
        api("POST", MAKERS, "planning", 201, at={"pk": "@frontier"}, body={"point": 0}),
    ],
    "/products/{key}/plans/{pk}/explanation": [
        api("POST", MAKERS, "planning", 202, at={"pk": "@plan"}),
    ],
    "/products/{key}/plans/{pk}/solve": [
        api("DELETE", MAKERS, "planning", at={"pk": "@solving"}),
    ],
    "/products/{key}/plans/{pk}/acceptance": [
        api("POST", STEERING, "planning", at={"pk": "@plan"}),
    ],
    "/items/{key}/debt": [
        api("GET", ALL, "planning"),
        # The item is no debt; who may price one is walked as an operation.
        api("PUT", MAKERS, "planning", 422, body={"interest": 2}),
    ],
    "/products/{key}/agenda": [
        api("GET", ALL, "planning", query={"scenario": "@scenario"}),
        api("POST", MAKERS, "planning", 202, query={"scenario": "@scenario"}),
    ],
    "/products/{key}/agenda/settlements": [
        api("GET", ALL, "planning", query={"scenario": "@scenario"}),
        api(
            "POST",
            STEERING,
            "planning",
            201,
            query={"scenario": "@scenario"},
            body={"item": "@item", "towards": "another", "place": 50, "reason": "So."},
        ),
    ],
    "/products/{key}/plans/{pk}/commitment": [
        api("POST", STEERING, "planning", at={"pk": "@plan"}),
    ],
    "/products/{key}/forecasts": [
        api("GET", ALL, "planning"),
        api(
            "POST",
            MAKERS,
            "planning",
            201,
            body={"plan": "@plan", "range": {"low": 1, "high": 3}},
        ),
    ],
    "/forecasts/{pk}": [api("GET", ALL, "planning", at={"pk": "@forecast"})],
    # Scenarios and models, one by one
    "/products/{key}/scenarios/{pk}": [
        api("GET", ALL, "planning", at={"pk": "@scenario"}),
        api(
            "PATCH",
            STEERING,
            "planning",
            at={"pk": "@scenario"},
            body={"scoring_model_id": "@model"},
        ),
        api("DELETE", STEERING, "planning", 204, at={"pk": "@scenario"}),
    ],
    "/products/{key}/scenarios/{pk}/teams/{team}/sprints/{sprint}": [
        api(
            "PUT",
            STEERING,
            "planning",
            at={"pk": "@scenario", "team": "@team", "sprint": 1},
            body={"capacity": 0, "reason": "Holidays"},
        ),
    ],
    "/products/{key}/scenarios/{pk}/teams/{team}": [
        api(
            "PUT",
            STEERING,
            "planning",
            at={"pk": "@scenario", "team": "@team"},
            body={"capacity": 3},
        ),
    ],
}

OPERATIONS: dict[str, Walk] = {
    "planning.forecast_make": (
        MAKERS,
        {"product": "@product", "question": "plan", "plan": "@plan", "range": (1, 4)},
    ),
    "planning.agenda_ask": (MAKERS, {"scenario": "@scenario"}),
    "planning.dispute_settle": (
        STEERING,
        {
            "scenario": "@scenario",
            "item": "@item",
            "towards": "another",
            "place": 50,
            "reason": "So.",
        },
    ),
    "planning.plan_ask": (MAKERS, {"scenario": "@scenario"}),
    "planning.explanation_ask": (MAKERS, {"plan": "@plan"}),
    "planning.frontier_ask": (MAKERS, {"scenario": "@scenario", "kind": "debt"}),
    "planning.frontier_pick": (MAKERS, {"frontier": "@frontier", "point": 0}),
    "planning.plan_accept": (STEERING, {"plan": "@plan"}),
    "planning.plan_cancel": (MAKERS, {"plan": "@solving"}),
    "planning.plan_commit": (STEERING, {"plan": "@plan"}),
    "planning.scenario_copy": (STEERING, {"scenario": "@scenario", "name": "Copy"}),
    "planning.scenario_delete": (STEERING, {"scenario": "@scenario"}),
    "planning.capacity_set": (
        STEERING,
        {"scenario": "@scenario", "team": "@team", "sprint": 1, "capacity": 3},
    ),
    "planning.debt_price_set": (MAKERS, {"item": "@debt", "interest": 2}),
    "planning.scenario_create": (STEERING, {"product": "@product", "name": "Later"}),
    "planning.scenario_update": (
        STEERING,
        {"scenario": "@scenario", "scoring_model_id": "@model#"},
    ),
    "planning.scenario_team_set": (
        STEERING,
        {"scenario": "@scenario", "team": "@team", "capacity": 3},
    ),
    "planning.rule_set": (STEERING, {"scenario": "@scenario", "item": "@other", "kind": "must"}),
    "planning.rule_remove": (STEERING, {"rule": "@rule"}),
}

OPERATIONS_APART = {
    "planning.plan_record": "given a solved plan, not a row: walked by plan_ask",
}
