"""Who gets what of backlog."""

from access.words import ADMIN, ALL, ANY, CONTRIBUTORS, MAKERS, STEERING, Door, Walk, api, get, post

ACTIONS = {
    "item.view": ALL,
    "item.watch": ALL,
    "item.create": MAKERS,
    "item.edit": MAKERS,
    "item.move": MAKERS,
    "item.delete": MAKERS,
    "parking.edit": STEERING,
    "template.edit": STEERING,
    "field.edit": STEERING,
    "status.edit": STEERING,
    "transition.edit": STEERING,
    "item.approve": CONTRIBUTORS,
    "view.share": MAKERS,
    "criterion.edit": MAKERS,
    "question.ask": CONTRIBUTORS,
    "question.answer": CONTRIBUTORS,
    "comment.write": CONTRIBUTORS,
    "attachment.add": CONTRIBUTORS,
}

PAGES: dict[str, list[Door]] = {
    # Backlog
    "backlog:list": [
        get(ALL, query={"label": "@label", "status": "@status", "assignee": "@member"}),
    ],
    "backlog:list-count": [
        get(ALL, query={"label": "@label", "status": "@status", "assignee": "@member"}),
    ],
    "backlog:list-completions": [get(ALL, query={"q": "kind:", "at": "5"})],
    "backlog:list-builder": [get(ALL, query={"add": "assignee"})],
    "backlog:bulk": [post(MAKERS, 200, body={"keys": "FERRY-1", "kind": "bug", "step": "do"})],
    "backlog:bulk-undo": [post(MAKERS, 200, at={"pk": "@many"})],
    "backlog:calendar": [get(ALL, query={"label": "@label", "by": "created"})],
    "backlog:views": [get(ALL), post(ALL, body={"name": "Mine", "filter": "kind:bug"})],
    "backlog:view": [get(ALL, at={"number": 1})],
    "backlog:view-change": [
        post(STEERING, at={"number": 1}, body={"name": "Theirs"}),
    ],
    "backlog:view-removal": [post(STEERING, at={"number": 1})],
    "backlog:parking": [get(ALL), post(STEERING, body={"is_on": "on", "days": "30"})],
    "backlog:item-parking": [post(MAKERS)],
    "backlog:revival": [post(MAKERS, body={"keys": "FERRY-1"})],
    "backlog:templates": [get(ALL), post(STEERING, body={"name": "Ours", "kind": "bug"})],
    "backlog:template-choices": [get(MAKERS)],
    "backlog:template-change": [
        post(STEERING, at={"number": 1}, body={"name": "Theirs", "kind": "bug"})
    ],
    "backlog:template-removal": [post(STEERING, 200, at={"number": 1})],
    "backlog:template-restoration": [post(STEERING, at={"pk": "@removed_template"})],
    # A product's own fields
    "backlog:fields": [
        get(ALL),
        post(STEERING, body={"name": "Promised", "kind": "date"}),
    ],
    "backlog:field-change": [post(STEERING, at={"slug": "tier"}, body={"name": "Level"})],
    "backlog:field-place": [post(STEERING, at={"slug": "tier"}, body={"to": "up"})],
    "backlog:field-archive": [post(STEERING, at={"slug": "tier"})],
    "backlog:field-restoration": [post(STEERING, at={"slug": "tier"})],
    "backlog:field-choice-new": [post(STEERING, at={"slug": "tier"}, body={"choice": "Tin"})],
    "backlog:field-choice-change": [
        post(STEERING, at={"slug": "tier", "choice": "gold"}, body={"choice": "Best"}),
    ],
    "backlog:field-choice-removal": [post(STEERING, at={"slug": "tier", "choice": "gold"})],
    "backlog:statuses": [get(ALL), post(STEERING, body={"name": "Testing", "category": "started"})],
    "backlog:status-change": [post(STEERING, at={"pk": "@status"}, body={"name": "Doing"})],
    "backlog:status-place": [post(STEERING, body={"item": "@status"})],
    "backlog:status-removal": [
        post(STEERING, at={"pk": "@status"}, body={"to": "@other_status"}),
    ],
    "backlog:transitions": [
        get(ALL),
        post(STEERING, body={"to": "@other_status", "from": "@status", "needs": "estimate"}),
    ],
    "backlog:transition-removal": [post(STEERING, at={"pk": "@transition"})],
    # Consent to a move: an administrator's, in the scene.
    "backlog:approvals-waiting": [
        get(ALL),
        post(CONTRIBUTORS, ANY, body={"approval": "@approval", "approves": "yes"}),
    ],
    "backlog:approvals": [post(MAKERS, body={"to": "@guarded"})],
    "backlog:approval-decision": [
        post(ADMIN, at={"key": "@asking", "pk": "@approval"}, body={"approves": "yes"}),
    ],
    "backlog:approval-withdrawal": [post(STEERING, at={"key": "@asking", "pk": "@approval"})],
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
    "backlog:item-merge": [get(MAKERS), post(MAKERS, 200, body={"into": "FERRY-2"})],
    "backlog:item-alias": [get(ALL, at={"key": "@alias"})],
    "backlog:item-split": [
        get(MAKERS),
        post(MAKERS, 302, body={"title-0": "A gangway", "step": "do"}),
    ],
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
    "backlog:question-person": [
        post(CONTRIBUTORS, at={"pk": "@question"}, body={"asked_of": "@member"})
    ],
    "backlog:item-watch": [post(ALL)],
    "backlog:answer-acceptance": [
        post(CONTRIBUTORS, at={"pk": "@question", "answer": "@answer"}),
    ],
    "backlog:question-answer": [
        get(CONTRIBUTORS, at={"pk": "@question"}),
        post(CONTRIBUTORS, at={"pk": "@question"}, body={"answer": "All."}),
    ],
    "backlog:dependencies": [
        get(ALL),
        post(MAKERS, body={"relation": "relates", "to": "@third"}),
    ],
    "backlog:dependency-removal": [post(MAKERS, at={"pk": "@dependency"})],
    "backlog:attachments": [get(ALL), post(CONTRIBUTORS, body={"file": "plan.csv"})],
    "backlog:attachment": [get(ALL, at={"pk": "@attachment"})],
    # One's own, or as one who may change the item: it is the administrator's.
    "backlog:attachment-removal": [post(MAKERS, at={"pk": "@attachment"})],
    "backlog:comments": [get(ALL), post(CONTRIBUTORS, body={"text": "Ahoy."})],
    # One's own comment only: it is the administrator's.
    "backlog:comment": [
        get(ADMIN, at={"pk": "@comment"}),
        post(ADMIN, at={"pk": "@comment"}, body={"text": "Later.", "before": "Soon."}),
    ],
    "backlog:comment-deletion": [post(ADMIN, at={"pk": "@comment"})],
    "backlog:comment-replies": [
        get(ALL, at={"pk": "@comment"}),
        post(CONTRIBUTORS, at={"pk": "@comment"}, body={"text": "Aye."}),
    ],
    "backlog:comment-thread": [get(ALL, at={"pk": "@comment"})],
    "backlog:comment-resolution": [post(CONTRIBUTORS, at={"pk": "@comment"})],
    "backlog:comment-reactions": [
        post(CONTRIBUTORS, at={"pk": "@comment"}, body={"kind": "agree"})
    ],
    "backlog:comment-wordings": [get(ALL, at={"pk": "@comment"})],
    "backlog:people-matches": [get(ALL, query={"q": "a"})],
}

API: dict[str, list[Door]] = {
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
    "/items/{key}/merge": [api("POST", MAKERS, "backlog", body={"into": "@other"})],
    "/items/{key}/split": [
        api("POST", MAKERS, "backlog", body={"parts": [{"title": "A gangway"}]})
    ],
    "/items/{key}/move": [api("POST", MAKERS, "backlog", body={"after": "@other"})],
    "/items/{key}/history": [api("GET", ALL, "backlog")],
    "/items/{key}/attachments": [
        api("GET", ALL, "backlog"),
        api("POST", CONTRIBUTORS, "backlog", 201, body={"file": "plan.csv"}),
    ],
    "/items/{key}/links": [
        api("POST", CONTRIBUTORS, "backlog", 201, body={"link": "https://pier.example/a"}),
    ],
    "/items/{key}/attachments/{pk}": [
        api("GET", ALL, "backlog", at={"pk": "@attachment"}),
        api("DELETE", MAKERS, "backlog", 204, at={"pk": "@attachment"}),
    ],
    "/items/{key}/attachments/{pk}/content": [
        api("GET", ALL, "backlog", at={"pk": "@attachment"}),
    ],
    "/items/{key}/attachments/{pk}/restore": [
        api("POST", MAKERS, "backlog", at={"pk": "@attachment"}),
    ],
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
    "/items/{key}/questions/{pk}/person": [
        api(
            "PUT",
            CONTRIBUTORS,
            "backlog",
            at={"pk": "@question"},
            body={"asked_of": "@member"},
        ),
    ],
    "/items/{key}/watch": [
        api("GET", ALL, "backlog"),
        api("PUT", ALL, "backlog", 204),
        api("DELETE", ALL, "backlog", 204),
    ],
    "/items/{key}/questions/{pk}/answers": [
        api("GET", ALL, "backlog", at={"pk": "@question"}),
        api("POST", CONTRIBUTORS, "backlog", 201, at={"pk": "@question"}, body={"text": "Row 3."}),
    ],
    "/items/{key}/questions/{pk}/accepted": [
        api("PUT", CONTRIBUTORS, "backlog", at={"pk": "@question"}, body={"answer": "@answer"}),
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
}

OPERATIONS: dict[str, Walk] = {
    "backlog.criterion_add": (MAKERS, {"item": "@item", "text": "Paid."}),
    "backlog.criterion_update": (MAKERS, {"criterion": "@criterion", "text": "Paid."}),
    "backlog.criterion_check": (MAKERS, {"criterion": "@criterion", "met": True}),
    "backlog.criterion_remove": (MAKERS, {"criterion": "@criterion"}),
    "backlog.dependency_add": (
        MAKERS,
        {"from_item": "@item", "to_item": "@third", "kind": "relates"},
    ),
    "backlog.dependency_remove": (MAKERS, {"dependency": "@dependency"}),
    "backlog.items_change": (
        MAKERS,
        {"product": "@product", "items": [], "change": {"status": "@status"}},
    ),
    "backlog.items_create": (MAKERS, {"product": "@product", "rows": [{"title": "A rope"}]}),
    "backlog.bulk_undo": (MAKERS, {"event": "@many"}),
    "backlog.view_save": (ALL, {"product": "@product", "name": "Mine"}),
    "backlog.view_update": (STEERING, {"view": "@view", "name": "Theirs"}),
    "backlog.view_remove": (STEERING, {"view": "@view"}),
    "backlog.parking_rule_set": (STEERING, {"product": "@product", "is_on": True, "days": 30}),
    "backlog.items_park": (MAKERS, {"product": "@product", "items": []}),
    "backlog.items_revive": (MAKERS, {"product": "@product", "items": []}),
    "backlog.template_create": (STEERING, {"product": "@product", "name": "Ours"}),
    "backlog.template_update": (STEERING, {"template": "@template", "name": "Theirs"}),
    "backlog.template_remove": (STEERING, {"template": "@template"}),
    "backlog.template_restore": (STEERING, {"event": "@removed_template"}),
    "backlog.field_create": (STEERING, {"product": "@product", "name": "Size", "kind": "number"}),
    "backlog.field_update": (STEERING, {"field": "@field", "name": "Level"}),
    "backlog.field_archive": (STEERING, {"field": "@field"}),
    "backlog.field_restore": (STEERING, {"field": "@field"}),
    "backlog.status_add": (
        STEERING,
        {"product": "@product", "name": "Testing", "category": "started"},
    ),
    "backlog.status_update": (STEERING, {"status": "@status", "name": "Doing"}),
    "backlog.status_remove": (STEERING, {"status": "@status", "to": "@other_status"}),
    "backlog.transition_save": (
        STEERING,
        {
            "product": "@product",
            "to_status": "@other_status",
            "from_status": "@status",
            "needs": ["estimate"],
        },
    ),
    "backlog.transition_remove": (STEERING, {"rule": "@transition"}),
    "backlog.approval_request": (MAKERS, {"item": "@item", "to": "@guarded"}),
    "backlog.approvals_decide": (CONTRIBUTORS, {"approvals": ["@approval"], "approves": True}),
    "backlog.approval_decide": (ADMIN, {"approval": "@approval", "approves": True}),
    "backlog.approval_withdraw": (STEERING, {"approval": "@approval"}),
    "backlog.choice_add": (STEERING, {"field": "@field", "name": "Tin"}),
    "backlog.choice_update": (STEERING, {"field": "@field", "choice": "gold", "name": "Best"}),
    "backlog.choice_remove": (STEERING, {"field": "@field", "choice": "gold"}),
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
    "backlog.items_merge": (MAKERS, {"item": "@other", "into": "@item"}),
    "backlog.item_split": (MAKERS, {"item": "@item", "parts": [{"title": "A gangway"}]}),
    "backlog.item_update": (
        MAKERS,
        {"item": "@item", "status": "@status", "parent": "@other", "assignee": "@member"},
    ),
    "backlog.item_delete": (MAKERS, {"item": "@item"}),
    "backlog.item_restore": (MAKERS, {"item": "@gone"}),
    "backlog.item_move": (MAKERS, {"item": "@item", "after": "@other", "status": "@status"}),
    "backlog.comment_write": (
        CONTRIBUTORS,
        {"item": "@item", "text": "Ahoy.", "reply_to": "@comment"},
    ),
    "backlog.attachment_add": (
        CONTRIBUTORS,
        {"item": "@item", "name": "plan.csv", "chunks": [b"a,b"]},
    ),
    "backlog.attachment_link": (CONTRIBUTORS, {"item": "@item", "link": "https://pier.example/a"}),
    "backlog.attachment_remove": (MAKERS, {"attachment": "@attachment"}),
    "backlog.attachment_restore": (MAKERS, {"attachment": "@attachment"}),
    "backlog.comment_resolve": (CONTRIBUTORS, {"comment": "@comment"}),
    "backlog.comment_react": (CONTRIBUTORS, {"comment": "@comment", "kind": "agree"}),
    "backlog.comment_update": (ADMIN, {"comment": "@comment", "text": "Later."}),
    "backlog.comment_delete": (ADMIN, {"comment": "@comment"}),
    "backlog.question_ask": (CONTRIBUTORS, {"item": "@item", "text": "Why?"}),
    "backlog.question_give": (CONTRIBUTORS, {"question": "@question", "to": "@member"}),
    "backlog.item_watch": (ALL, {"item": "@item"}),
    "backlog.answer_write": (CONTRIBUTORS, {"question": "@question", "text": "So."}),
    "backlog.answer_accept": (CONTRIBUTORS, {"answer": "@answer"}),
    "backlog.question_answer": (CONTRIBUTORS, {"question": "@question", "answer": "So."}),
    "backlog.change_undo": (MAKERS, {"event": "@change"}),
}

OPERATIONS_APART = {
    "backlog.merge_undo": "change_undo, of a merging",
    "backlog.split_undo": "change_undo, of a splitting",
    "backlog.criterion_restore": "called by undo only, which is walked",
    "backlog.comment_restore": "called by undo only, which is walked",
}
