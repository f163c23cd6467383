"""The served OpenAPI document: what every route shares is written into it once.

Routes say what they answer when all is well and which refusals are theirs. That errors are
problems of their own media type, that everybody needs a token and has a limit, and which headers
a write takes and an answer carries, is the same everywhere.
"""

from typing import Any

from tandem.core.rest.keys import KEY

PROBLEM = "application/problem+json"
#: What any route may answer, and why.
ALWAYS = {
    "401": "Unauthorized: no token, or one that is wrong, expired or revoked",
    "403": "Forbidden: your role or the token may not",
    "422": "Unprocessable Content: refused; `field` names the input at fault",
    "429": "Too Many Requests: over the limit",
}
UNREADABLE = {
    "400": "Bad Request: the body cannot be read",
    "413": "Content Too Large: send it in parts",
}
CHANGED = {"409": "Conflict: changed since, or still being worked on"}

HEADERS: dict[str, dict[str, Any]] = {
    "RateLimit-Limit": {
        "description": "Requests a member may make in a minute.",
        "schema": {"type": "integer", "minimum": 1},
    },
    "RateLimit-Remaining": {
        "description": "How many of them are left.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "RateLimit-Reset": {
        "description": "Seconds until they start anew.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "Retry-After": {
        "description": "Seconds to wait.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "ETag": {
        "description": "The state of what was answered: send it as `If-Match` with a change. "
        "It begins with `W/` when the answer travels compressed; either way it is taken.",
        "schema": {"type": "string", "pattern": '^(W/)?"[0-9a-f]{32}"$'},
    },
    "Idempotency-Replayed": {
        "description": "The first request with this key was answered like this.",
        "schema": {"type": "string", "const": "true"},
    },
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The `ETag` of the GET the change starts from; 409 when it was changed since.",
    "schema": {"type": "string", "minLength": 1},
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A text of your own. Sent again within a day, it gets the first answer again.",
    "schema": {"type": "string", "pattern": KEY},
}


#: The header that makes a method safe: a change where there is a GET to compare with.
SAFETY = {
    "get": "",
    "post": "IdempotencyKey",
    "put": "IfMatch",
    "patch": "IfMatch",
    "delete": "IfMatch",
}


def complete(document: dict[str, Any]) -> None:
    """Write into the document what every route shares."""
    parts = document["components"]
    parts["headers"] = HEADERS
    parts["parameters"] = {"IfMatch": IF_MATCH, "IdempotencyKey": IDEMPOTENCY_KEY}
    parts["responses"] = {}
    for methods in document["paths"].values():
        for method, operation in methods.items():
            compared = [SAFETY[method]] if method == "post" or "get" in methods else []
            told = ALWAYS | (UNREADABLE if "requestBody" in operation else {})
            told |= CHANGED if any(compared) else {}
            _responses(operation, method, told, parts["responses"])
            _parameters(operation, [name for name in compared if name])


def _responses(
    operation: dict[str, Any], method: str, told: dict[str, str], shared: dict[str, Any]
) -> None:
    answers = {str(status): answer for status, answer in operation["responses"].items()}
    for status in {*told, *answers}:
        if int(status) >= 400:
            description = told.get(status) or answers[status]["description"]
            shared.setdefault(f"Problem{status}", _problem(status, description))
            answers[status] = {"$ref": f"#/components/responses/Problem{status}"}
            continue
        answers[status]["headers"] = _headers(
            *(["ETag"] if method == "get" else []),
            *(["Idempotency-Replayed"] if method == "post" else []),
            *(name for name in HEADERS if name.startswith("RateLimit-")),
        )
    operation["responses"] = dict(sorted(answers.items()))


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _problem(status: str, description: str) -> dict[str, Any]:
    return {
        "description": description,
        "headers": _headers(*(["Retry-After"] if status in ("409", "429") else [])),
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _parameters(operation: dict[str, Any], shared: list[str]) -> None:
    refs = [{"$ref": f"#/components/parameters/{name}"} for name in shared]
    operation["parameters"] = [*operation.get("parameters", []), *refs]
