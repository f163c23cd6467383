"""Everything the pages do, the API does: each operation is called by a route, or says why not."""

import ast
import importlib
import inspect
import pkgutil

import pytest

import tandem
from tandem.config.api import ROUTERS
from tandem.config.api_areas import operations_of

#: Operation -> the routes that call it, directly or through the operation named in ``INSIDE``.
ROUTES = {
    "accounts.history_keep": ["PUT /audit/keeping"],
    "accounts.invitation_create": ["POST /invitations"],
    "accounts.invitation_withdraw": ["DELETE /invitations/{pk}"],
    "accounts.language_choose": ["PATCH /me"],
    "accounts.member_change_role": ["PATCH /members/{pk}"],
    "accounts.member_end": ["DELETE /members/{pk}"],
    "accounts.product_create": ["POST /products"],
    "accounts.product_update": ["PATCH /products/{key}"],
    "accounts.service_revoke": ["DELETE /services/{pk}"],
    "accounts.token_revoke": ["DELETE /tokens/{pk}"],
    "backlog.change_undo": ["POST /items/{key}/history/{pk}/undo"],
    "backlog.attachment_add": ["POST /items/{key}/attachments"],
    "backlog.attachment_link": ["POST /items/{key}/links"],
    "backlog.attachment_remove": ["DELETE /items/{key}/attachments/{pk}"],
    "backlog.attachment_restore": ["POST /items/{key}/attachments/{pk}/restore"],
    "backlog.comment_delete": ["DELETE /items/{key}/comments/{pk}"],
    "backlog.comment_react": [
        "PUT /items/{key}/comments/{pk}/reactions/{kind}",
        "DELETE /items/{key}/comments/{pk}/reactions/{kind}",
    ],
    "backlog.comment_resolve": ["PUT /items/{key}/comments/{pk}/resolution"],
    "backlog.comment_restore": ["POST /items/{key}/comments/{pk}/restore"],
    "backlog.comment_update": ["PATCH /items/{key}/comments/{pk}"],
    "backlog.comment_write": ["POST /items/{key}/comments"],
    "backlog.criterion_add": ["POST /items/{key}/criteria"],
    "backlog.criterion_check": ["PATCH /items/{key}/criteria/{pk}"],
    "backlog.criterion_remove": ["DELETE /items/{key}/criteria/{pk}"],
    "backlog.criterion_update": ["PATCH /items/{key}/criteria/{pk}"],
    "backlog.dependency_add": ["POST /items/{key}/dependencies"],
    "backlog.dependency_remove": ["DELETE /items/{key}/dependencies/{pk}"],
    "backlog.item_create": ["POST /products/{key}/items", "POST /products/{key}/items/bulk"],
    "backlog.item_delete": ["DELETE /items/{key}"],
    "backlog.item_move": ["POST /items/{key}/move", "POST /products/{key}/items/bulk"],
    "backlog.item_restore": ["POST /items/{key}/restore"],
    "backlog.item_update": ["PATCH /items/{key}", "POST /products/{key}/items/bulk"],
    "backlog.approvals_decide": ["POST /products/{key}/approvals/decisions"],
    "backlog.answer_write": ["POST /items/{key}/questions/{pk}/answers"],
    "backlog.answer_accept": ["PUT /items/{key}/questions/{pk}/accepted"],
    "backlog.question_answer": ["PUT /items/{key}/questions/{pk}/answer"],
    "backlog.choice_add": ["POST /products/{key}/fields/{slug}/choices"],
    "backlog.choice_remove": ["DELETE /products/{key}/fields/{slug}/choices/{choice}"],
    "backlog.choice_update": ["PATCH /products/{key}/fields/{slug}/choices/{choice}"],
    "backlog.field_archive": ["PATCH /products/{key}/fields/{slug}"],
    "backlog.field_create": ["POST /products/{key}/fields"],
    "backlog.field_restore": ["PATCH /products/{key}/fields/{slug}"],
    "backlog.field_update": ["PATCH /products/{key}/fields/{slug}"],
    "backlog.status_add": ["POST /products/{key}/statuses"],
    "backlog.status_remove": ["DELETE /products/{key}/statuses/{pk}"],
    "backlog.status_update": ["PATCH /products/{key}/statuses/{pk}"],
    "backlog.transition_save": ["PUT /products/{key}/transitions"],
    "backlog.transition_remove": ["DELETE /products/{key}/transitions/{pk}"],
    "backlog.approval_request": ["POST /items/{key}/approvals"],
    "backlog.approval_decide": ["POST /items/{key}/approvals/{pk}/decision"],
    "backlog.approval_withdraw": ["DELETE /items/{key}/approvals/{pk}"],
    "backlog.parking_rule_set": ["PUT /products/{key}/parking"],
    "backlog.items_park": ["POST /products/{key}/items/park"],
    "backlog.items_revive": ["POST /products/{key}/items/revive"],
    "backlog.template_create": ["POST /products/{key}/templates"],
    "backlog.template_remove": ["DELETE /products/{key}/templates/{number}"],
    "backlog.template_restore": ["POST /products/{key}/templates/restore/{pk}"],
    "backlog.template_update": ["PATCH /products/{key}/templates/{number}"],
    "backlog.view_remove": ["DELETE /products/{key}/views/{number}"],
    "backlog.view_save": ["POST /products/{key}/views"],
    "backlog.view_update": ["PATCH /products/{key}/views/{number}"],
    "backlog.bulk_undo": ["POST /products/{key}/changes/{pk}/undo"],
    "backlog.items_create": ["POST /products/{key}/items/paste"],
    "backlog.items_merge": ["POST /items/{key}/merge"],
    "backlog.item_split": ["POST /items/{key}/split"],
    "backlog.items_change": ["POST /products/{key}/items/change"],
    "backlog.question_ask": ["POST /items/{key}/questions"],
    "backlog.question_give": ["PUT /items/{key}/questions/{pk}/person"],
    "backlog.item_watch": ["PUT /items/{key}/watch", "DELETE /items/{key}/watch"],
    "notices.notice_read": ["PUT /notices/{pk}/reading"],
    "notices.notices_read_all": ["POST /notices/reading"],
    "notices.setting_update": ["PATCH /notices/settings"],
    "delivery.sprint_add": ["PUT /products/{key}/sprints/{pk}/items/{item}"],
    "delivery.sprint_create": ["POST /products/{key}/sprints"],
    "delivery.sprint_fill": ["PUT /products/{key}/sprints/{pk}/items"],
    "delivery.sprint_finish": ["POST /products/{key}/sprints/{pk}/finish"],
    "delivery.sprint_remove": ["DELETE /products/{key}/sprints/{pk}/items/{item}"],
    "delivery.sprint_start": ["POST /products/{key}/sprints/{pk}/start"],
    "delivery.sprint_update": ["PATCH /products/{key}/sprints/{pk}"],
    "delivery.team_assign": ["PUT /items/{key}/team"],
    "delivery.team_create": ["POST /products/{key}/teams"],
    "delivery.team_update": ["PATCH /products/{key}/teams/{pk}"],
    "integrations.import_discard": ["DELETE /products/{key}/imports/{pk}"],
    "integrations.import_map": ["PUT /products/{key}/imports/{pk}/mapping"],
    "integrations.import_revert": ["POST /products/{key}/imports/{pk}/revert"],
    "integrations.import_start": ["POST /products/{key}/imports/{pk}/start"],
    "integrations.import_try": ["POST /products/{key}/imports/{pk}/dry-run"],
    "integrations.chat_create": ["POST /chats"],
    "integrations.chat_delete": ["DELETE /chats/{pk}"],
    "integrations.chat_test": ["POST /chats/{pk}/test"],
    "integrations.chat_update": ["PATCH /chats/{pk}"],
    "integrations.import_upload": ["POST /products/{key}/imports"],
    "integrations.conflict_decide": [
        "POST /products/{key}/connections/{pk}/conflicts/{conflict}/decision"
    ],
    "integrations.connection_end": ["DELETE /products/{key}/connections/{pk}"],
    "integrations.connection_make": ["POST /products/{key}/connections"],
    "integrations.connection_rotate_secret": ["POST /products/{key}/connections/{pk}/secret"],
    "integrations.connection_sync": ["POST /products/{key}/connections/{pk}/sync"],
    "integrations.connection_token": ["PUT /products/{key}/connections/{pk}/token"],
    "integrations.connection_update": ["PATCH /products/{key}/connections/{pk}"],
    "integrations.delivery_send_again": ["POST /webhooks/{pk}/deliveries/{delivery}/sending"],
    "integrations.feed_make": ["POST /products/{key}/feeds"],
    "integrations.feed_revoke": ["DELETE /feeds/{pk}"],
    "integrations.product_delete": ["POST /products/{key}/deletion"],
    "integrations.thrown_erase": ["DELETE /trash/{kind}/{pk}"],
    "integrations.thrown_restore": ["POST /trash/{kind}/{pk}/restoration"],
    "integrations.webhook_create": ["POST /webhooks"],
    "integrations.webhook_delete": ["DELETE /webhooks/{pk}"],
    "integrations.webhook_ping": ["POST /webhooks/{pk}/ping"],
    "integrations.webhook_rotate_secret": ["POST /webhooks/{pk}/secret"],
    "integrations.webhook_update": ["PATCH /webhooks/{pk}"],
    "planning.capacity_set": ["PUT /products/{key}/scenarios/{pk}/teams/{team}/sprints/{sprint}"],
    "planning.debt_price_set": ["PUT /items/{key}/debt"],
    "planning.forecast_make": ["POST /products/{key}/forecasts"],
    "planning.explanation_ask": ["POST /products/{key}/plans/{pk}/explanation"],
    "planning.frontier_ask": ["POST /products/{key}/scenarios/{pk}/frontiers"],
    "planning.frontier_pick": ["POST /products/{key}/frontiers/{pk}/plans"],
    "planning.plan_accept": ["POST /products/{key}/plans/{pk}/acceptance"],
    "planning.agenda_ask": ["POST /products/{key}/agenda"],
    "planning.dispute_settle": ["POST /products/{key}/agenda/settlements"],
    "planning.plan_ask": ["POST /products/{key}/scenarios/{pk}/plans"],
    "planning.plan_cancel": ["DELETE /products/{key}/plans/{pk}/solve"],
    "planning.plan_commit": ["POST /products/{key}/plans/{pk}/commitment"],
    "planning.rule_remove": ["DELETE /products/{key}/scenarios/{pk}/rules/{rule}"],
    "planning.rule_set": ["PUT /products/{key}/scenarios/{pk}/rules"],
    "planning.scenario_copy": ["POST /products/{key}/scenarios"],
    "planning.scenario_create": ["POST /products/{key}/scenarios"],
    "planning.scenario_delete": ["DELETE /products/{key}/scenarios/{pk}"],
    "planning.scenario_team_set": ["PUT /products/{key}/scenarios/{pk}/teams/{team}"],
    "planning.scenario_update": ["PATCH /products/{key}/scenarios/{pk}"],
    "prioritisation.criterion_to_rate": ["PUT /items/{key}/ratings/{criterion}"],
    "prioritisation.model_archive": ["DELETE /products/{key}/scoring-models/{pk}"],
    "prioritisation.model_rename": ["PATCH /products/{key}/scoring-models/{pk}"],
    "prioritisation.model_restore": ["POST /products/{key}/scoring-models/{pk}/restore"],
    "prioritisation.model_copy": ["POST /products/{key}/scoring-models/{pk}/copy"],
    "prioritisation.model_create": ["POST /products/{key}/scoring-models"],
    "prioritisation.model_make_default": ["PATCH /products/{key}/scoring-models/{pk}"],
    "prioritisation.raters_set": ["PATCH /products/{key}/scoring-models/{pk}"],
    "prioritisation.expiry_set": ["PATCH /products/{key}/scoring-models/{pk}"],
    "prioritisation.challenge_raise": ["POST /items/{key}/challenges"],
    "prioritisation.challenge_answer": ["POST /items/{key}/challenges/{pk}/answer"],
    "prioritisation.challenge_withdraw": ["POST /items/{key}/challenges/{pk}/withdraw"],
    "prioritisation.session_create": ["POST /products/{key}/rating-sessions"],
    "prioritisation.session_update": ["PATCH /products/{key}/rating-sessions/{pk}"],
    "prioritisation.session_invite": ["POST /products/{key}/rating-sessions/{pk}/raters"],
    "prioritisation.session_join": ["PUT /products/{key}/rating-sessions/{pk}/seat"],
    "prioritisation.session_reveal": ["POST /products/{key}/rating-sessions/{pk}/reveal"],
    "prioritisation.session_close": ["POST /products/{key}/rating-sessions/{pk}/close"],
    "prioritisation.session_step": ["PUT /products/{key}/rating-sessions/{pk}/table"],
    "prioritisation.entry_reveal": [
        "POST /products/{key}/rating-sessions/{pk}/items/{item}/reveal"
    ],
    "prioritisation.entry_again": ["POST /products/{key}/rating-sessions/{pk}/items/{item}/again"],
    "prioritisation.entry_settle": [
        "POST /products/{key}/rating-sessions/{pk}/items/{item}/settle"
    ],
    "prioritisation.ballot_give": [
        "PUT /products/{key}/rating-sessions/{pk}/items/{item}/ballots/{criterion}"
    ],
    "prioritisation.ballot_skip": ["PUT /products/{key}/rating-sessions/{pk}/items/{item}/skip"],
    "prioritisation.items_compare": ["PUT /products/{key}/rating-sessions/{pk}/pairs"],
    "prioritisation.rating_set": ["PUT /items/{key}/ratings/{criterion}"],
    "prioritisation.rating_withdraw": ["DELETE /items/{key}/ratings/{criterion}"],
    "prioritisation.criterion_add": ["POST /products/{key}/scoring-models/{pk}/criteria"],
    "prioritisation.criterion_update": [
        "PATCH /products/{key}/scoring-models/{pk}/criteria/{slug}"
    ],
    "prioritisation.criterion_move": ["PATCH /products/{key}/scoring-models/{pk}/criteria/{slug}"],
    "prioritisation.criterion_remove": [
        "DELETE /products/{key}/scoring-models/{pk}/criteria/{slug}"
    ],
    "prioritisation.criterion_return": [
        "POST /products/{key}/scoring-models/{pk}/criteria/{slug}/return"
    ],
    "prioritisation.model_formula_set": ["PUT /products/{key}/scoring-models/{pk}/formula"],
    "prioritisation.model_go_back": [
        "POST /products/{key}/scoring-models/{pk}/versions/{number}/return"
    ],
    "prioritisation.weights_answer": ["POST /products/{key}/scoring-models/{pk}/weights/answers"],
    "prioritisation.weights_apply": [
        "POST /products/{key}/scoring-models/{pk}/weights/answers/{answers}/application"
    ],
    "prioritisation.pair_answer": ["POST /products/{key}/scoring-models/{pk}/weights/pairs"],
    "prioritisation.pair_answer_undo": ["DELETE /products/{key}/scoring-models/{pk}/weights/pairs"],
    "prioritisation.weights_set": ["PATCH /products/{key}/scoring-models/{pk}"],
}

#: Operation -> why no route calls it.
WITHOUT = {
    "backlog.approvals_overtaken": "a helper of item_update, items_change and status_remove",
    "backlog.chosen": "a read: what of other apps a change of many items can set",
    "backlog.fields_write": "a helper of items_change",
    "backlog.parked_write": "a helper of items_park, items_revive and items_change",
    "backlog.register": "a registry: what a change of many items can set",
    "backlog.settable": "a read: what a change of many items can set",
    "backlog.takes_back_field": "a registry: how a higher app's field is taken back",
    "backlog.verbs_of_others": "a read: what higher apps take back",
    "backlog.moments": "a helper: what entering a category does to moments",
    "backlog.takes_back": "a registry: how a higher app's change of an item is taken back",
    "integrations.check_said": "a helper: what the sentences of a check consist of",
    "backlog.moved_words": "a helper: how many rows a merging moves, in words",
    "backlog.mark_of": "a helper: stands for the items of a try",
    "backlog.holders": "a read: how many items hold a choice",
    "backlog.own_value": "a helper: what an item holds, as undo compares it",
    "backlog.values_change": "a helper of item_create and item_update",
    "accounts.checked": "a helper: runs a row's own validation",
    "accounts.first_administrator": "the environment names them before anybody can sign in",
    "accounts.other_admins": "a read for the pages and the operations",
    "accounts.invitation_accept": "joining is by the invitation's link, before one is a member",
    "accounts.invitation_of": "reads the link's invitation for the page that joins",
    "accounts.member_add": "people join by invitation; the command adds them without one",
    "accounts.service_create": "a token makes no other token: only a signed-in administrator does",
    "accounts.token_create": "a token makes no other token: only a signed-in person does",
    "accounts.user_create": "joining by the link makes the person, or the command does",
    "accounts.workspace_create": "whoever runs the installation makes workspaces by the command",
    "backlog.criterion_restore": "undoing the removal calls it, and knows which one is meant",
    "backlog.statuses_ensure": "making the first item calls it",
    "backlog.statuses_of_new": "follows the making of a product",
    "backlog.fitting": "a helper: what the parking rule finds",
    "backlog.rule_of": "a helper: the parking rule",
    "backlog.spare": "a helper: what higher apps keep from being parked",
    "backlog.carries": "a helper: what higher apps move when items are merged",
    "backlog.plain_carrier": "a helper: moves rows when items are merged",
    "backlog.merge_undo": "change_undo, of a merging",
    "backlog.split_undo": "change_undo, of a splitting",
    "backlog.filled": "a helper: what a template gives a new item",
    "backlog.template_named": "a helper: finds a template",
    "backlog.text_checked": "a helper: checks a text",
    "backlog.parent_checked": "a helper: checks a parent",
    "backlog.read": "a helper: reads a criterion",
    "backlog.estimate_checked": "a helper: checks three numbers",
    "backlog.entered": "a helper: keeps started and finished true",
    "backlog.label_named": "giving a label to an item calls it",
    "backlog.labels_named": "giving labels to an item calls it",
    "backlog.locked": "a helper: locks the product's row",
    "backlog.path_of_blocks": "a helper: finds the circle a dependency would close",
    "backlog.ranks_renew": "moving calls it when keys grow long",
    "backlog.stands": "a read: the history tells it as undoable",
    "backlog.undoable_fields": "a helper of undo",
    "backlog.value_now": "a helper of undo",
    "backlog.version_checked": "a helper: compares the version a change started from",
    "delivery.capacity_checked": "a helper: checks a number",
    "integrations.archive_ask": "GET archive.zip gives it at once",
    "integrations.archive_bring": "POST archives brings it in at once",
    "integrations.check_as_json": "a helper: what the check is kept as",
    "integrations.product_restore": "thrown_restore calls it for a product",
    "integrations.product_rows_erase": "a helper: erases what hangs on a product",
    "integrations.purge": "the nightly job and the command call it",
    "integrations.vars_of": "a helper of check_as_json",
    "planning.forecast_for_plan": "a read for the plan's page; POST forecasts answers the same",
    "planning.forecast_summary": "a read for other pages; POST forecasts answers the same",
    "planning.agenda_keep": "called by the job that works the agenda out",
    "planning.together_keep": "called by the job that says what settlements change together",
    "planning.explanation_keep": "the job that explained the plan calls it",
    "planning.explanation_queue": "the job that solved the plan, or explanation_ask, calls it",
    "planning.frontier_inputs": "a helper: what a frontier is computed from",
    "planning.frontier_keep": "the job that computed the frontier calls it",
    "planning.in_running_sprints": "a helper: what a plan leaves where it is",
    "planning.inputs_of": "a helper: what a frontier is computed from",
    "planning.plan_record": "the command keeps what it solved itself; POST plans has it solved",
    "planning.plan_keep": "the job that solved the plan calls it",
    "planning.prepared_for": "a helper: the scenario as a problem",
    "planning.rules_for": "a helper: the scenario's rules for the solver",
    "planning.share_checked": "a helper: checks a number",
    "planning.sprints_checked": "a helper: checks a number",
    "planning.teams_for": "a helper: the scenario's teams for the solver",
    "prioritisation.model_ensure": "the first rating calls it",
    "prioritisation.session_expire": "the minute's job calls it when a deadline has passed",
    "prioritisation.weight_set": "weights_set with one weight",
}


def operation_modules():
    for app in pkgutil.iter_modules(tandem.__path__, "tandem."):
        if not app.ispkg:
            continue
        package = importlib.import_module(app.name)
        for module in pkgutil.walk_packages(package.__path__, f"{app.name}."):
            parts = module.name.split(".")
            if any(part == "operations" or part.startswith("operations_") for part in parts[2:]):
                yield parts[1], importlib.import_module(module.name)


def operations():
    """``{"backlog.item_create": function}``: every public function defined there."""
    return {
        f"{app}.{name}": function
        for app, module in operation_modules()
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_") and belongs(name, function, module)
    }


def belongs(name, function, module):
    """Defined there, or given out there by name."""
    return inspect.unwrap(function).__module__ == module.__name__ or name in getattr(
        module, "__all__", ()
    )


def routes():
    """``{"POST /products": view function}``."""
    found = {}
    for path, method, operation, _ in operations_of([("", each) for each in ROUTERS]):
        found[f"{method} {path}"] = operation.view_func
    return found


def calls(function):
    tree = ast.parse(inspect.getsource(inspect.unwrap(function)))
    called = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return {getattr(each, "attr", getattr(each, "id", "")) for each in called}


def test_every_operation_has_a_route_or_a_reason():
    known = set(ROUTES) | set(WITHOUT)
    missing = set(operations()) - known
    assert not missing, "give each a route and an entry in ROUTES, or a reason in WITHOUT"


def test_nothing_is_listed_that_is_gone_or_listed_twice():
    assert set(ROUTES) | set(WITHOUT) == set(operations())
    assert not set(ROUTES) & set(WITHOUT)


@pytest.mark.parametrize("operation", sorted(ROUTES))
def test_the_route_calls_the_operation(operation):
    found = routes()
    for route in ROUTES[operation]:
        assert route in found, f"there is no {route}"
        assert operation.partition(".")[2] in calls(found[route])
