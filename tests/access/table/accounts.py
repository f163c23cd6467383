"""Who gets what of accounts."""

from access.words import ADMIN, ALL, ANY, STEERING, Door, Walk, api, get, open_get, open_post, post

ACTIONS = {
    "job.manage": ADMIN,
    "workspace.view": ALL,
    "workspace.manage": ADMIN,
    "member.manage": ADMIN,
    "member.invite": ADMIN,
    "product.create": STEERING,
    "product.edit": STEERING,
    "account.edit": ALL,
    "token.manage": ALL,
    "service.manage": ADMIN,
}

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
    "accounts:language": [post(ALL, 302, body={"language": "de"})],
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
    # Background work
    "accounts:jobs": [get(ADMIN)],
    "accounts:job-again": [post(ADMIN, at={"pk": "@job.dead"})],
    "accounts:job-discard": [post(ADMIN, at={"pk": "@job"})],
    "accounts:job-cancel": [post(ADMIN, at={"pk": "@job.running"})],
    "accounts:here": [get(ALL, query={"at": "backlog"})],
    "accounts:live": [get(ALL, status=204)],
}

API: dict[str, list[Door]] = {
    "/products": [
        api("GET", ALL, "workspace"),
        api("POST", STEERING, "workspace", 201, body={"key": "PIER", "name": "Pier"}),
    ],
    "/products/{key}": [
        api("GET", ALL, "workspace"),
        api("PATCH", STEERING, "workspace", body={"name": "Pier"}),
    ],
    "/members": [api("GET", ALL, "people")],
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
    "/me": [
        api("GET", ALL, "people"),
        api("PATCH", ALL, "people", body={"language": "de"}),
    ],
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
}

OPERATIONS: dict[str, Walk] = {
    "accounts.language_choose": (ALL, {"language": "de"}),
    "accounts.member_change_role": (ADMIN, {"member": "@person", "role": "viewer"}),
    "accounts.member_end": (ADMIN, {"member": "@person"}),
    "accounts.invitation_create": (ADMIN, {"role": "viewer"}),
    "accounts.invitation_withdraw": (ADMIN, {"invitation": "@invitation"}),
    "accounts.product_create": (STEERING, {"key": "PIER"}),
    "accounts.product_update": (STEERING, {"product": "@product", "name": "Pier"}),
    "accounts.token_create": (ALL, {"name": "nightly"}),
    "accounts.token_revoke": (ADMIN, {"token": "@token"}),
    "accounts.service_create": (ADMIN, {"name": "Build", "role": "viewer"}),
    "accounts.history_keep": (ADMIN, {"days": 365}),
    "accounts.service_revoke": (ADMIN, {"service": "@service"}),
    "accounts.job_run_again": (ADMIN, {"job": "@job.dead"}),
    "accounts.job_discard": (ADMIN, {"job": "@job"}),
    "accounts.job_cancel": (ADMIN, {"job": "@job.running"}),
}

OPERATIONS_APART = {
    "accounts.member_add": "called by the command line and by joining, with a user, not a row",
}
