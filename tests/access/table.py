"""Who gets what. Every address, API route, action and operation has its line here.

A new one without a line fails ``test_walk``: add it beside its neighbours. How a line is read
stands in ``words.py``; the rows behind ``@noun`` are made in ``scene.py``.
"""

import datetime

from access.words import (
    ADMIN,
    ALL,
    ANY,
    CONTRIBUTORS,
    MAKERS,
    STEERING,
    TECHNICAL,
    VALUE,
    Door,
    get,
    open_get,
    open_post,
    post,
)

#: Who may do what: the same as the apps' ``permissions.py`` declare, said a second time on purpose.
ACTIONS = {
    "job.manage": ADMIN,
    "audit.view": ADMIN,
    "workspace.view": ALL,
    "workspace.manage": ADMIN,
    "member.manage": ADMIN,
    "member.invite": ADMIN,
    "product.create": STEERING,
    "product.edit": STEERING,
    "token.manage": ALL,
    "service.manage": ADMIN,
    "item.view": ALL,
    "item.create": MAKERS,
    "item.edit": MAKERS,
    "item.move": MAKERS,
    "item.delete": MAKERS,
    "criterion.edit": MAKERS,
    "question.ask": CONTRIBUTORS,
    "question.answer": CONTRIBUTORS,
    "comment.write": CONTRIBUTORS,
    "team.view": ALL,
    "team.edit": STEERING,
    "sprint.view": ALL,
    "sprint.edit": MAKERS,
    "plan.view": ALL,
    "plan.solve": MAKERS,
    "plan.edit": STEERING,
    "plan.accept": STEERING,
    "plan.commit": STEERING,
    "debt.price": MAKERS,
    "forecast.view": ALL,
    "forecast.make": MAKERS,
    "score.view": ALL,
    "model.edit": STEERING,
    "rating.value": VALUE,
    "rating.technical": TECHNICAL,
    "rating.challenge": CONTRIBUTORS,
    "session.hold": STEERING,
    "session.estimate": MAKERS,
    "session.compare": CONTRIBUTORS,
    "import.view": ALL,
    "import.run": MAKERS,
    "import.revert": MAKERS,
    "product.export": ALL,
    "workspace.export": ADMIN,
    "archive.import": ADMIN,
    "product.delete": ADMIN,
    "trash.view": MAKERS,
    "trash.erase": ADMIN,
    "workspace.erase": ADMIN,
    "feed.make": MAKERS,
    "webhook.manage": ADMIN,
}

#: Address -> its doors. ``workspace`` and ``product`` are filled in; ``key`` is ``@item``.
PAGES: dict[str, list[Door]] = {
    # Signing in and joining
    "accounts:start": [get(ALL, status=302, personal=True)],
    "accounts:sign-in": [open_get(), open_post(422, body={"email": "nobody"})],
    "accounts:sign-out": [post(ALL, personal=True)],
    "accounts:sign-in-link": [open_get(422, at={"token": "made-up"})],
    "accounts:first-run": [open_get(302), open_post(302)],
    "accounts:join": [
        open_get(at={"secret": "@invitation.secret"}),
        open_post(422, at={"secret": "@invitation.secret"}, body={"name": ""}),
    ],
    "accounts:passkey-sign-in": [open_post(ANY)],
    "accounts:passkey-options": [open_get(ANY)],
    "accounts:forgotten": [open_get(ANY), open_post(ANY, body={"email": "ada@skerry.example"})],
    "accounts:password-link": [open_get(ANY, at={"secret": "made-up"})],
    "accounts:single-sign-on": [open_post(ANY)],
    "account_login": [open_get()],
    "mfa_authenticate": [open_get(ANY)],
    "openid_connect_callback": [open_get(ANY, at={"provider_id": "made-up"})],
    "accounts:confirm": [get(ALL, status=ANY, personal=True)],
    # How one signs in oneself: the person's own, whatever their role
    "accounts:sign-in-settings": [get(ALL)],
    "accounts:password-change": [post(ALL, ANY)],
    "accounts:factor-app": [get(ALL, status=ANY), post(ALL, ANY)],
    "accounts:factor-passkey": [get(ALL, status=ANY), post(ALL, ANY)],
    "accounts:factor-codes": [post(ALL, ANY)],
    "accounts:factor-remove": [post(ALL, ANY, at={"pk": 1})],
    "accounts:sessions-end": [post(ALL, ANY)],
    "accounts:session-end": [post(ALL, ANY, at={"pk": 1})],
    "accounts:unlink": [post(ALL, ANY)],
    # A workspace's own pages
    "accounts:require-factor": [post(ADMIN, ANY)],
    "accounts:make-password-link": [post(ADMIN, ANY, at={"pk": "@person"})],
    "accounts:reset-factors": [post(ADMIN, ANY, at={"pk": "@person"})],
    "accounts:workspace": [get(ALL, status=302)],
    "accounts:products": [
        get(ALL),
        post(STEERING, body={"key": "PIER", "name": "Pier", "estimate_unit": "points"}),
    ],
    "accounts:account": [get(ALL)],
    "accounts:token-create": [post(ALL, 200, body={"name": "nightly"})],
    "accounts:token-revoke": [post(ADMIN, at={"pk": "@token"})],
    "accounts:services": [get(ADMIN)],
    "accounts:service-create": [post(ADMIN, 200, body={"name": "Build", "role": "viewer"})],
    "accounts:service-revoke": [post(ADMIN, at={"pk": "@service"})],
    "accounts:people": [get(ALL)],
    "accounts:invite": [post(ADMIN, 200, body={"role": "viewer"})],
    "accounts:withdraw": [post(ADMIN, at={"pk": "@invitation"})],
    "accounts:change-role": [post(ADMIN, at={"pk": "@person"}, body={"role": "viewer"})],
    "accounts:end-member": [post(ADMIN, at={"pk": "@person"})],
    # The gallery shows components, no data
    "ui:gallery": [open_get()],
    "ui:gallery-why": [open_get()],
    "ui:gallery-edit": [open_get(405), open_post(422)],
    "ui:gallery-move": [open_post(200)],
    # Backlog
    "backlog:palette": [get(ALL, query={"q": "seat", "product": "FERRY"})],
    "backlog:list": [
        get(ALL, query={"label": "@label", "status": "@status", "assignee": "@member"}),
    ],
    "backlog:list-count": [
        get(ALL, query={"label": "@label", "status": "@status", "assignee": "@member"}),
    ],
    "backlog:list-columns": [post(ALL, body={"column": "title"})],
    "backlog:row": [get(ALL)],
    "backlog:cell": [
        get(MAKERS, at={"field": "title"}),
        # Without the mark of what was seen, the new value is read and then shown as a conflict.
        post(MAKERS, 409, at={"field": "assignee"}, body={"assignee": "@member"}),
        post(MAKERS, 409, at={"field": "status"}, body={"status": "@status"}),
    ],
    "backlog:moves": [
        post(MAKERS, body={"item": "@item", "after": "@other"}),
        post(MAKERS, body={"item": "@item", "list": "@status"}),
    ],
    "backlog:moves-undo": [post(MAKERS, 200, query={"event": "@move"})],
    "backlog:board": [get(ALL, query={"label": "@label", "assignee": "@member"})],
    # The cursor is that of ``["", 0]``: from the first card on.
    "backlog:board-column": [get(ALL, at={"pk": "@status"}, query={"after": "WyIiLDBd"})],
    "backlog:item-create": [post(MAKERS, body={"title": "A gangway", "kind": "story"})],
    "backlog:item-matches": [get(ALL, query={"q": "seat", "without": "1"})],
    "backlog:activity": [get(ALL)],
    "backlog:undo": [post(MAKERS, at={"pk": "@change"})],
    "backlog:item": [get(ALL)],
    "backlog:item-fields": [
        post(MAKERS, body={"title": "A better title"}),
        post(MAKERS, body={"assignee": "@member"}),
        post(MAKERS, body={"status": "@status"}),
        post(MAKERS, body={"parent": "@other"}),
    ],
    "backlog:item-text": [
        get(ALL),
        get(MAKERS, query={"edit": "description"}),
        post(MAKERS, body={"description": "By phone."}),
    ],
    "backlog:item-deletion": [post(MAKERS)],
    "backlog:item-restoration": [post(MAKERS, at={"key": "@gone"})],
    "backlog:item-history": [get(ALL)],
    # A change that is gone leads back to the history of the item.
    "backlog:item-change": [get(ALL, at={"pk": "@change"}, strangers=(302, 404))],
    "backlog:labels": [post(MAKERS, body={"name": "quay"})],
    "backlog:label-removal": [post(MAKERS, body={"name": "harbour"})],
    "backlog:criteria": [get(ALL), post(MAKERS, body={"text": "It is paid."})],
    "backlog:criterion": [
        get(MAKERS, at={"pk": "@criterion"}),
        post(MAKERS, at={"pk": "@criterion"}, body={"text": "It is paid."}),
    ],
    "backlog:criterion-check": [post(MAKERS, at={"pk": "@criterion"}, body={"met": "yes"})],
    "backlog:criterion-removal": [post(MAKERS, at={"pk": "@criterion"})],
    "backlog:questions": [get(ALL), post(CONTRIBUTORS, body={"text": "Which deck?"})],
    "backlog:question-answer": [
        get(CONTRIBUTORS, at={"pk": "@question"}),
        post(CONTRIBUTORS, at={"pk": "@question"}, body={"answer": "All."}),
    ],
    "backlog:dependencies": [
        get(ALL),
        post(MAKERS, body={"relation": "relates", "to": "@third"}),
    ],
    "backlog:dependency-removal": [post(MAKERS, at={"pk": "@dependency"})],
    "backlog:comments": [get(ALL), post(CONTRIBUTORS, body={"text": "Ahoy."})],
    # One's own comment only: it is the administrator's.
    "backlog:comment": [
        get(ADMIN, at={"pk": "@comment"}),
        post(ADMIN, at={"pk": "@comment"}, body={"text": "Later.", "before": "Soon."}),
    ],
    "backlog:comment-deletion": [post(ADMIN, at={"pk": "@comment"})],
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
    # Background work
    "accounts:jobs": [get(ADMIN)],
    "accounts:job-again": [post(ADMIN, at={"pk": "@job.dead"})],
    "accounts:job-discard": [post(ADMIN, at={"pk": "@job"})],
    "accounts:job-cancel": [post(ADMIN, at={"pk": "@job.running"})],
    # The audit log
    "audit:log": [get(ADMIN, query={"who": "@member"})],
    "audit:export": [get(ADMIN, at={"form": "csv"}, query={"who": "@member"})],
    # Home
    "home:home": [get(ALL)],
    "home:question-ask": [post(CONTRIBUTORS, body={"about": "@item", "text": "Why?"})],
    "home:question-answer": [
        post(CONTRIBUTORS, at={"pk": "@question"}, body={"answer": "All."}),
    ],
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
    # Prioritise
    "prioritisation:prioritise": [get(ALL, query={"model": "@model"})],
    "prioritisation:finding": [get(ALL, query={"model": "@model"})],
    "prioritisation:differences": [get(ALL, query={"model": "@model"})],
    "prioritisation:history": [get(ALL, query={"model": "@model"})],
    "prioritisation:whatif": [get(ALL, query={"model": "@model"})],
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
    "prioritisation:model-archive": [post(STEERING, at={"pk": "@spare"})],
    "prioritisation:model-restore": [post(STEERING, at={"pk": "@spare"})],
    "prioritisation:model-weights": [post(STEERING, at={"pk": "@model"})],
    "prioritisation:why": [get(ALL, query={"model": "@model"})],
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
    # Rating sessions
    "accounts:live": [get(ALL, status=204)],
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
    # Import and export
    "integrations:imports": [get(ALL)],
    "integrations:import-upload": [post(MAKERS, body={"file": "title.csv"})],
    "integrations:import": [get(ALL, at={"pk": "@import"})],
    "integrations:import-dry-run": [post(MAKERS, at={"pk": "@import"})],
    "integrations:import-start": [post(MAKERS, at={"pk": "@tried"})],
    "integrations:import-revert": [post(MAKERS, 422, at={"pk": "@import"})],
    "integrations:import-discard": [post(MAKERS, at={"pk": "@import"})],
    "integrations:export": [
        get(ALL, at={"form": "items.csv"}),
        get(ALL, at={"form": "archive.zip"}),
    ],
    "integrations:sheet": [
        get(ALL, at={"file": "backlog.csv"}),
        get(ALL, at={"file": "people.xlsx"}),
        get(ALL, at={"file": "teams.csv"}),
        get(ALL, at={"file": "sprints.csv"}),
        get(ALL, at={"file": "plans.csv"}),
        get(ALL, at={"file": "rules.csv"}),
        get(ALL, at={"file": "forecasts.csv"}),
        get(ALL, at={"file": "models.csv"}),
        get(ALL, at={"file": "imports.csv"}),
        get(ALL, at={"file": "import-rows.csv"}, query={"import": "@import"}),
        get(MAKERS, at={"file": "trash.csv"}),
    ],
    "integrations:workspace-sheet": [
        get(ALL, at={"file": "people.csv"}),
        get(ADMIN, at={"file": "invitations.csv"}),
        get(ALL, at={"file": "products.csv"}),
        get(ALL, at={"file": "tokens.csv"}),
        get(ADMIN, at={"file": "services.csv"}),
        get(ADMIN, at={"file": "jobs.csv"}),
        get(MAKERS, at={"file": "trash.csv"}),
        get(MAKERS, at={"file": "feeds.csv"}),
        get(ALL, at={"file": "archives.csv"}),
        get(ADMIN, at={"file": "webhooks.csv"}),
        get(ADMIN, at={"file": "deliveries.csv"}, query={"webhook": "@webhook"}),
        get(ADMIN, at={"file": "audit.csv"}, query={"who": "@member"}),
    ],
    # Feeds: the secret is the key; who manages them
    "feeds:csv": [open_get(at={"secret": "@feed.secret"})],
    "feeds:xlsx": [open_get(at={"secret": "@feed.secret"})],
    "integrations:feeds": [get(MAKERS)],
    "integrations:feed-make": [
        get(MAKERS),
        post(MAKERS, 200, body={"list": "backlog", "query": "kind=bug", "name": "Board"}),
    ],
    "integrations:feed-revoke": [post(ADMIN, at={"pk": "@feed"})],
    "integrations:take-out": [get(ALL)],
    "integrations:archive-make": [
        post(ADMIN, body={"of": ""}),
        post(ALL, body={"of": "FERRY"}),
    ],
    "integrations:archive-download": [get(ADMIN, at={"pk": "@archive"})],
    # No file: refused after the question who may.
    "integrations:archive-bring": [post(ADMIN, 422, body={"wanted": "PIER"})],
    "integrations:trash": [get(MAKERS)],
    "integrations:product-trash": [get(MAKERS)],
    "integrations:product-deletion": [post(ADMIN)],
    "integrations:trash-restoration": [post(MAKERS, at={"kind": "item", "pk": "@gone.id"})],
    "integrations:trash-erasure": [post(ADMIN, at={"kind": "item", "pk": "@gone.id"})],
    "integrations:workspace-erasure": [get(ADMIN), post(ADMIN, 422, body={"name": "Another"})],
    # Webhooks
    "webhooks:webhooks": [
        get(ADMIN),
        post(ADMIN, 200, body={"name": "Build", "url": "https://example.com/"}),
    ],
    "webhooks:webhook": [
        get(ADMIN, at={"pk": "@webhook"}),
        post(ADMIN, at={"pk": "@webhook"}, body={"name": "Build", "url": "https://example.com/"}),
    ],
    "webhooks:secret": [post(ADMIN, 200, at={"pk": "@webhook"})],
    "webhooks:ping": [post(ADMIN, at={"pk": "@webhook"})],
    "webhooks:state": [post(ADMIN, at={"pk": "@webhook"}, body={"active": "no"})],
    "webhooks:delete": [post(ADMIN, at={"pk": "@webhook"})],
    "webhooks:delivery": [get(ADMIN, at={"pk": "@webhook", "delivery": "@delivery"})],
    "webhooks:send-again": [post(ADMIN, at={"pk": "@webhook", "delivery": "@delivery"})],
}


def api(method: str, who: frozenset[str], area: str, status: int = 200, **more: object) -> Door:
    return Door(method, who, status, area=area, **more)  # type: ignore[arg-type]


#: Path below ``/api/v1`` -> its doors. ``{key}`` is the product in ``/products/{key}``, else an item.
API: dict[str, list[Door]] = {
    "/products": [
        api("GET", ALL, "workspace"),
        api("POST", STEERING, "workspace", 201, body={"key": "PIER", "name": "Pier"}),
    ],
    "/products/{key}": [
        api("GET", ALL, "workspace"),
        api("PATCH", STEERING, "workspace", body={"name": "Pier"}),
    ],
    "/products/{key}/deletion": [api("POST", ADMIN, "workspace", 204)],
    "/trash": [api("GET", MAKERS, "workspace")],
    "/trash/{kind}/{pk}": [
        api("DELETE", ADMIN, "workspace", 204, at={"kind": "item", "pk": "@gone.id"}),
    ],
    "/trash/{kind}/{pk}/restoration": [
        api("POST", MAKERS, "workspace", 204, at={"kind": "item", "pk": "@gone.id"}),
    ],
    "/members": [api("GET", ALL, "people")],
    "/products/{key}/items": [
        api(
            "GET",
            ALL,
            "backlog",
            query={"label": "@label", "status": "@status", "assignee": "@member"},
        ),
        api(
            "POST",
            MAKERS,
            "backlog",
            201,
            body={"title": "A gangway", "assignee_id": "@member", "parent": "@other"},
        ),
    ],
    "/items/{key}": [
        api("GET", ALL, "backlog"),
        api("PATCH", MAKERS, "backlog", body={"assignee_id": "@member", "parent": "@other"}),
        api("DELETE", MAKERS, "backlog", 204),
    ],
    "/products/{key}/items/bulk": [
        api("POST", MAKERS, "backlog", body={"create": [{"title": "A rope"}]})
    ],
    "/items/{key}/move": [api("POST", MAKERS, "backlog", body={"after": "@other"})],
    "/items/{key}/history": [api("GET", ALL, "backlog")],
    "/items/{key}/comments": [
        api("GET", ALL, "backlog"),
        api("POST", CONTRIBUTORS, "backlog", 201, body={"text": "Ahoy."}),
    ],
    "/items/{key}/criteria": [
        api("GET", ALL, "backlog"),
        api("POST", MAKERS, "backlog", 201, body={"text": "It is paid."}),
    ],
    "/items/{key}/criteria/{pk}": [
        api("GET", ALL, "backlog", at={"pk": "@criterion"}),
        api("PATCH", MAKERS, "backlog", at={"pk": "@criterion"}, body={"met": True}),
        api("DELETE", MAKERS, "backlog", 204, at={"pk": "@criterion"}),
    ],
    "/items/{key}/questions": [
        api("GET", ALL, "backlog"),
        api("POST", CONTRIBUTORS, "backlog", 201, body={"text": "Which deck?"}),
    ],
    "/items/{key}/questions/{pk}/answer": [
        api("PUT", CONTRIBUTORS, "backlog", at={"pk": "@question"}, body={"answer": "All."}),
    ],
    "/items/{key}/dependencies": [
        api("GET", ALL, "backlog"),
        api("POST", MAKERS, "backlog", 201, body={"kind": "relates", "to": "@third"}),
    ],
    "/items/{key}/dependencies/{pk}": [
        api("DELETE", MAKERS, "backlog", 204, at={"pk": "@dependency"}),
    ],
    "/products/{key}/teams": [
        api("GET", ALL, "delivery"),
        api("POST", STEERING, "delivery", 201, body={"name": "Shore", "capacity": 8}),
    ],
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
    # Rating sessions
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
    "/audit": [api("GET", ADMIN, "admin", query={"who": "@member"})],
    "/tokens": [api("GET", ALL, "admin")],
    # One's own only: it is the administrator's.
    "/tokens/{pk}": [api("DELETE", ADMIN, "admin", 204, at={"pk": "@token"})],
    "/services": [api("GET", ADMIN, "admin")],
    "/services/{pk}": [api("DELETE", ADMIN, "admin", 204, at={"pk": "@service"})],
    # Background work
    "/jobs": [api("GET", ADMIN, "admin")],
    "/jobs/{number}": [api("GET", ADMIN, "admin", at={"number": "@job"})],
    "/jobs/{number}/retry": [api("POST", ADMIN, "admin", at={"number": "@job.dead"})],
    "/jobs/{number}/discard": [api("POST", ADMIN, "admin", at={"number": "@job"})],
    "/jobs/{number}/cancel": [api("POST", ADMIN, "admin", at={"number": "@job.running"})],
    # People
    "/me": [api("GET", ALL, "people")],
    "/members/{pk}": [
        api("GET", ALL, "people", at={"pk": "@person"}),
        api("PATCH", ADMIN, "people", at={"pk": "@person"}, body={"role": "viewer"}),
        api("DELETE", ADMIN, "people", 204, at={"pk": "@person"}),
    ],
    "/invitations": [
        api("GET", ADMIN, "people"),
        api("POST", ADMIN, "people", 201, body={"role": "viewer"}),
    ],
    "/invitations/{pk}": [api("DELETE", ADMIN, "people", 204, at={"pk": "@invitation"})],
    # What hangs on items
    "/products/{key}/statuses": [api("GET", ALL, "backlog")],
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
    "/items/{key}/comments/{pk}/restore": [
        api("POST", ADMIN, "backlog", at={"pk": "@unsaid"}),
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
    # Import and export
    "/import-formats": [api("GET", ALL, "imports")],
    "/products/{key}/imports": [
        api("GET", ALL, "imports"),
        api("POST", MAKERS, "imports", 201, body={"file": "title.csv"}),
    ],
    "/products/{key}/imports/{pk}": [
        api("GET", ALL, "imports", at={"pk": "@import"}),
        api("DELETE", MAKERS, "imports", 204, at={"pk": "@import"}),
    ],
    "/products/{key}/imports/{pk}/mapping": [
        api("PUT", MAKERS, "imports", at={"pk": "@import"}, body={"columns": {"Title": "title"}}),
    ],
    "/products/{key}/imports/{pk}/dry-run": [
        api("POST", MAKERS, "imports", 202, at={"pk": "@import"}),
    ],
    "/products/{key}/imports/{pk}/start": [
        api("POST", MAKERS, "imports", 202, at={"pk": "@tried"}),
    ],
    "/products/{key}/imports/{pk}/rows": [api("GET", ALL, "imports", at={"pk": "@import"})],
    "/products/{key}/imports/{pk}/revert": [
        # Not imported yet, so there is nothing to take back.
        api("POST", MAKERS, "imports", 422, at={"pk": "@import"}),
    ],
    "/products/{key}/archive.zip": [api("GET", ALL, "exports")],
    "/products/{key}/items.csv": [api("GET", ALL, "exports")],
    "/archive.zip": [api("GET", ADMIN, "exports")],
    "/archives": [api("POST", ADMIN, "exports", 422, body={"file": "no-archive.zip"})],
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
    "/products/{key}/scoring-models/{pk}": [
        api("GET", ALL, "prioritisation", at={"pk": "@model"}),
        api("PATCH", STEERING, "prioritisation", at={"pk": "@model"}, body={"is_default": True}),
        api("DELETE", STEERING, "prioritisation", 204, at={"pk": "@spare"}),
    ],
    "/products/{key}/scoring-models/{pk}/restore": [
        api("POST", STEERING, "prioritisation", at={"pk": "@spare"})
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
    # Webhooks
    "/feeds": [api("GET", MAKERS, "exports")],
    "/products/{key}/feeds": [api("POST", MAKERS, "exports", 201, body={"name": "Board"})],
    "/feeds/{pk}": [api("DELETE", ADMIN, "exports", 204, at={"pk": "@feed"})],
    "/webhooks": [
        api("GET", ADMIN, "webhooks"),
        api(
            "POST",
            ADMIN,
            "webhooks",
            201,
            body={"name": "Build", "url": "https://example.com/"},
        ),
    ],
    "/webhooks/{pk}": [
        api("GET", ADMIN, "webhooks", at={"pk": "@webhook"}),
        api("PATCH", ADMIN, "webhooks", at={"pk": "@webhook"}, body={"name": "Build"}),
        api("DELETE", ADMIN, "webhooks", 204, at={"pk": "@webhook"}),
    ],
    "/webhooks/{pk}/secret": [api("POST", ADMIN, "webhooks", at={"pk": "@webhook"})],
    "/webhooks/{pk}/ping": [api("POST", ADMIN, "webhooks", 202, at={"pk": "@webhook"})],
    "/webhooks/{pk}/deliveries": [api("GET", ADMIN, "webhooks", at={"pk": "@webhook"})],
    "/webhooks/{pk}/deliveries/{delivery}": [
        api("GET", ADMIN, "webhooks", at={"pk": "@webhook", "delivery": "@delivery"})
    ],
    "/webhooks/{pk}/deliveries/{delivery}/sending": [
        api("POST", ADMIN, "webhooks", 202, at={"pk": "@webhook", "delivery": "@delivery"}),
    ],
}

#: Operation -> (who may, what it is given besides ``by``). ``@noun`` is a row of the scene.
OPERATIONS: dict[str, tuple[frozenset[str], dict[str, object]]] = {
    "accounts.member_change_role": (ADMIN, {"member": "@person", "role": "viewer"}),
    "accounts.member_end": (ADMIN, {"member": "@person"}),
    "accounts.invitation_create": (ADMIN, {"role": "viewer"}),
    "accounts.invitation_withdraw": (ADMIN, {"invitation": "@invitation"}),
    "accounts.product_create": (STEERING, {"key": "PIER"}),
    "accounts.product_update": (STEERING, {"product": "@product", "name": "Pier"}),
    "accounts.token_create": (ALL, {"name": "nightly"}),
    "accounts.token_revoke": (ADMIN, {"token": "@token"}),
    "accounts.service_create": (ADMIN, {"name": "Build", "role": "viewer"}),
    "accounts.service_revoke": (ADMIN, {"service": "@service"}),
    "accounts.job_run_again": (ADMIN, {"job": "@job.dead"}),
    "accounts.job_discard": (ADMIN, {"job": "@job"}),
    "accounts.job_cancel": (ADMIN, {"job": "@job.running"}),
    "backlog.criterion_add": (MAKERS, {"item": "@item", "text": "Paid."}),
    "backlog.criterion_update": (MAKERS, {"criterion": "@criterion", "text": "Paid."}),
    "backlog.criterion_check": (MAKERS, {"criterion": "@criterion", "met": True}),
    "backlog.criterion_remove": (MAKERS, {"criterion": "@criterion"}),
    "backlog.dependency_add": (
        MAKERS,
        {"from_item": "@item", "to_item": "@third", "kind": "relates"},
    ),
    "backlog.dependency_remove": (MAKERS, {"dependency": "@dependency"}),
    "backlog.item_create": (
        MAKERS,
        {
            "product": "@product",
            "title": "A gangway",
            "status": "@status",
            "parent": "@other",
            "assignee": "@member",
        },
    ),
    "backlog.item_update": (
        MAKERS,
        {"item": "@item", "status": "@status", "parent": "@other", "assignee": "@member"},
    ),
    "backlog.item_delete": (MAKERS, {"item": "@item"}),
    "backlog.item_restore": (MAKERS, {"item": "@gone"}),
    "backlog.item_move": (MAKERS, {"item": "@item", "after": "@other", "status": "@status"}),
    "backlog.comment_write": (CONTRIBUTORS, {"item": "@item", "text": "Ahoy."}),
    "backlog.comment_update": (ADMIN, {"comment": "@comment", "text": "Later."}),
    "backlog.comment_delete": (ADMIN, {"comment": "@comment"}),
    "backlog.question_ask": (CONTRIBUTORS, {"item": "@item", "text": "Why?"}),
    "backlog.question_answer": (CONTRIBUTORS, {"question": "@question", "answer": "So."}),
    "backlog.change_undo": (MAKERS, {"event": "@change"}),
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
    "integrations.import_upload": (
        MAKERS,
        {"product": "@product", "name": "a.csv", "chunks": [b"Title\nA pier\n"]},
    ),
    "integrations.import_map": (
        MAKERS,
        {"run": "@import", "mapping": {"columns": {"Title": "title"}}},
    ),
    "integrations.import_try": (MAKERS, {"run": "@import", "mapping": {}}),
    "integrations.import_start": (MAKERS, {"run": "@tried"}),
    "integrations.import_discard": (MAKERS, {"run": "@import"}),
    "integrations.product_delete": (ADMIN, {"product": "@product"}),
    "integrations.product_restore": (ADMIN, {"product": "@product"}),
    "integrations.thrown_restore": (MAKERS, {"kind": "item", "pk": "@gone#"}),
    "integrations.thrown_erase": (ADMIN, {"kind": "item", "pk": "@gone#"}),
    "integrations.archive_ask": (ALL, {"product": "@product"}),
    "integrations.feed_make": (
        MAKERS,
        {"product": "@product", "name": "Board", "list_name": "backlog"},
    ),
    "integrations.feed_revoke": (ADMIN, {"feed": "@feed"}),
    "integrations.webhook_create": (
        ADMIN,
        {"name": "Build", "url": "https://example.com/", "product": "@product"},
    ),
    "integrations.webhook_update": (ADMIN, {"webhook": "@webhook", "product": "@product"}),
    "integrations.webhook_delete": (ADMIN, {"webhook": "@webhook"}),
    "integrations.webhook_rotate_secret": (ADMIN, {"webhook": "@webhook"}),
    "integrations.webhook_ping": (ADMIN, {"webhook": "@webhook"}),
    "integrations.delivery_send_again": (ADMIN, {"delivery": "@delivery"}),
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
    "prioritisation.model_create": (STEERING, {"product": "@product", "preset": "rice"}),
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
    "prioritisation.rating_set": (VALUE, {"item": "@item", "criterion": "@scored", "value": 3}),
}

#: Operations that are walked elsewhere or take no member's word for it, and why.
OPERATIONS_APART = {
    "integrations.archive_bring": "given bytes, not a row: walked as a page",
    "accounts.member_add": "called by the command line and by joining, with a user, not a row",
    "backlog.criterion_restore": "called by undo only, which is walked",
    "backlog.comment_restore": "called by undo only, which is walked",
    "planning.plan_record": "given a solved plan, not a row: walked by plan_ask",
    "delivery.sprint_fill": "takes rows in a list: walked as a route, and by sprint_add",
    "delivery.sprint_create": "walked by sprint_add: the same permission",
    "delivery.sprint_remove": "walked by sprint_add: the same permission",
    "prioritisation.model_ensure": "called by rating only, which is walked",
    "prioritisation.criterion_to_rate": "finds what rating_set is given, which is walked",
    "prioritisation.session_expire": "called by the minute's job for sessions whose time is over",
    "prioritisation.rating_withdraw": "walked by the API's DELETE: needs a rating first",
}
