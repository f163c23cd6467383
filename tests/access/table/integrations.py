"""Who gets what of integrations."""

from access.words import (
    ADMIN,
    ALL,
    MAKERS,
    STEERING,
    Door,
    Walk,
    api,
    get,
    open_get,
    open_post,
    post,
)

ACTIONS = {
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
    "connection.view": ALL,
    "connection.manage": STEERING,
    "connection.decide": MAKERS,
}

WEBHOOK = {"name": "Build", "url": "https://example.com/"}
CHAT = {"name": "Room", "address": "jsons://example.com/made-up"}


def place_pages(
    noun: str, test: str, delivery: str, body: dict[str, object]
) -> dict[str, list[Door]]:
    """The pages of one place that is told of events."""
    one = {"pk": f"@{noun}"}
    said = {**one, "delivery": delivery}
    return {
        f"{noun}s:{noun}": [get(ADMIN, at=one), post(ADMIN, at=one, body=body)],
        f"{noun}s:{test}": [post(ADMIN, at=one)],
        f"{noun}s:state": [post(ADMIN, at=one, body={"active": "no"})],
        f"{noun}s:delete": [post(ADMIN, at=one)],
        f"{noun}s:delivery": [get(ADMIN, at=said)],
        f"{noun}s:send-again": [post(ADMIN, at=said)],
    }


def place_routes(
    noun: str, test: str, delivery: str, body: dict[str, object]
) -> dict[str, list[Door]]:
    """The API's routes to such a place."""
    one, area = {"pk": f"@{noun}"}, f"/{noun}s"
    said = {**one, "delivery": delivery}
    return {
        area: [api("GET", ADMIN, "webhooks"), api("POST", ADMIN, "webhooks", 201, body=body)],
        f"{area}/{{pk}}": [
            api("GET", ADMIN, "webhooks", at=one),
            api("PATCH", ADMIN, "webhooks", at=one, body={"name": body["name"]}),
            api("DELETE", ADMIN, "webhooks", 204, at=one),
        ],
        f"{area}/{{pk}}/{test}": [api("POST", ADMIN, "webhooks", 202, at=one)],
        f"{area}/{{pk}}/deliveries": [api("GET", ADMIN, "webhooks", at=one)],
        f"{area}/{{pk}}/deliveries/{{delivery}}": [api("GET", ADMIN, "webhooks", at=said)],
        f"{area}/{{pk}}/deliveries/{{delivery}}/sending": [
            api("POST", ADMIN, "webhooks", 202, at=said)
        ],
    }


PAGES: dict[str, list[Door]] = {
    # Import and export
    "integrations:paste": [get(MAKERS), post(MAKERS, 200, body={"text": "A rope", "step": "do"})],
    "integrations:copy": [post(ALL, 200, body={"keys": "@item"})],
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
        get(ALL, at={"file": "connections.csv"}),
        get(ALL, at={"file": "connected.csv"}, query={"connection": "@connection"}),
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
        get(ADMIN, at={"file": "chats.csv"}),
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
    # Connections
    "integrations:connections": [
        get(ALL),
        post(
            STEERING,
            200,
            body={
                "kind": "github",
                "project": "club/pier",
                "token": "made-up",
                "base_url": "https://tracker.invalid",
            },
        ),
    ],
    "integrations:connection": [get(ALL, at={"pk": "@connection"})],
    "integrations:connection-settings": [
        post(STEERING, at={"pk": "@connection"}, body={"rule": "ours"})
    ],
    "integrations:connection-token": [
        post(STEERING, at={"pk": "@connection"}, body={"token": "another"})
    ],
    "integrations:connection-sync": [post(STEERING, at={"pk": "@connection"})],
    "integrations:connection-state": [
        post(STEERING, at={"pk": "@connection"}, body={"active": "no"})
    ],
    "integrations:connection-secret": [post(STEERING, 200, at={"pk": "@connection"})],
    "integrations:connection-end": [post(STEERING, at={"pk": "@connection"})],
    "integrations:connection-decide": [
        post(MAKERS, at={"pk": "@connection", "conflict": "@conflict"}, body={"choice": "ours"})
    ],
    # Proved by its signature alone.
    "calls:call": [
        open_post(403, at={"key": "@connection.address"}, body={"a": "b"}, strangers=(403,))
    ],
    # Webhooks
    **place_pages("webhook", "ping", "@delivery", WEBHOOK),
    "webhooks:webhooks": [get(ADMIN), post(ADMIN, 200, body=WEBHOOK)],
    "webhooks:secret": [post(ADMIN, 200, at={"pk": "@webhook"})],
    # Chats
    **place_pages("chat", "test", "@said", {"name": "Room"}),
    "chats:chats": [get(ADMIN), post(ADMIN, body=CHAT)],
}

API: dict[str, list[Door]] = {
    "/products/{key}/deletion": [api("POST", ADMIN, "workspace", 204)],
    "/trash": [api("GET", MAKERS, "workspace")],
    "/trash/{kind}/{pk}": [
        api("DELETE", ADMIN, "workspace", 204, at={"kind": "item", "pk": "@gone.id"}),
    ],
    "/trash/{kind}/{pk}/restoration": [
        api("POST", MAKERS, "workspace", 204, at={"kind": "item", "pk": "@gone.id"}),
    ],
    # Import and export
    "/products/{key}/items/paste": [api("POST", MAKERS, "backlog", body={"text": "A rope"})],
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
    "/products/{key}/connections": [
        api("GET", ALL, "imports"),
        api(
            "POST",
            STEERING,
            "imports",
            201,
            body={
                "kind": "github",
                "project": "club/pier",
                "token": "made-up",
                "base_url": "https://tracker.invalid",
            },
        ),
    ],
    "/products/{key}/connections/{pk}": [
        api("GET", ALL, "imports", at={"pk": "@connection"}),
        api("PATCH", STEERING, "imports", at={"pk": "@connection"}, body={"rule": "ours"}),
        api("DELETE", STEERING, "imports", 204, at={"pk": "@connection"}),
    ],
    "/products/{key}/connections/{pk}/token": [
        api("PUT", STEERING, "imports", at={"pk": "@connection"}, body={"token": "another"}),
    ],
    "/products/{key}/connections/{pk}/sync": [
        api("POST", STEERING, "imports", 202, at={"pk": "@connection"}),
    ],
    "/products/{key}/connections/{pk}/secret": [
        api("POST", STEERING, "imports", at={"pk": "@connection"}),
    ],
    "/products/{key}/connections/{pk}/conflicts": [
        api("GET", ALL, "imports", at={"pk": "@connection"}),
    ],
    "/products/{key}/connections/{pk}/conflicts/{conflict}/decision": [
        api(
            "POST",
            MAKERS,
            "imports",
            at={"pk": "@connection", "conflict": "@conflict"},
            body={"choice": "ours"},
        ),
    ],
    # Webhooks
    "/feeds": [api("GET", MAKERS, "exports")],
    "/products/{key}/feeds": [api("POST", MAKERS, "exports", 201, body={"name": "Board"})],
    "/feeds/{pk}": [api("DELETE", ADMIN, "exports", 204, at={"pk": "@feed"})],
    **place_routes("webhook", "ping", "@delivery", WEBHOOK),
    "/webhooks/{pk}/secret": [api("POST", ADMIN, "webhooks", at={"pk": "@webhook"})],
    **place_routes("chat", "test", "@said", CHAT),
}

OPERATIONS: dict[str, Walk] = {
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
    "integrations.chat_create": (
        ADMIN,
        {"name": "Room", "address": "jsons://example.com/made-up", "product": "@product"},
    ),
    "integrations.chat_update": (ADMIN, {"chat": "@chat", "product": "@product"}),
    "integrations.chat_delete": (ADMIN, {"chat": "@chat"}),
    "integrations.chat_test": (ADMIN, {"chat": "@chat"}),
    "integrations.delivery_send_again": (ADMIN, {"delivery": "@delivery"}),
    "integrations.connection_make": (
        STEERING,
        {
            "product": "@product",
            "kind": "github",
            "project": "club/pier",
            "token": "made-up",
            "base_url": "https://tracker.invalid",
        },
    ),
    "integrations.connection_update": (STEERING, {"connection": "@connection", "rule": "ours"}),
    "integrations.connection_token": (STEERING, {"connection": "@connection", "token": "another"}),
    "integrations.connection_sync": (STEERING, {"connection": "@connection"}),
    "integrations.connection_rotate_secret": (STEERING, {"connection": "@connection"}),
    "integrations.connection_end": (STEERING, {"connection": "@connection"}),
    "integrations.conflict_decide": (MAKERS, {"conflict": "@conflict", "choice": "ours"}),
}

OPERATIONS_APART = {
    "integrations.archive_bring": "given bytes, not a row: walked as a page",
}
