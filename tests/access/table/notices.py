"""Who gets what of notices: everybody their own, nobody another's."""

from access.words import ADMIN, ALL, Door, Walk, api, get, open_get, open_post, post

ACTIONS = {
    "notice.keep": ALL,
}

PAGES: dict[str, list[Door]] = {
    "notices:inbox": [get(ALL, query={"all": "1"})],
    "notices:count": [get(ALL)],
    "notices:read-all": [post(ALL)],
    "notices:settings": [get(ALL), post(ALL, body={"digest": "daily", "mail": "on"})],
    # The administrator's own.
    "notices:read": [post(ADMIN, at={"pk": "@notice"}, strangers=(404,))],
    "notices:go": [Door("GET", ADMIN, 302, at={"pk": "@notice"}, strangers=(404,))],
    # By the link of a letter, without signing in.
    "notices-mail:unsubscribe": [
        open_get(404, at={"token": "made-up"}),
        open_post(404, at={"token": "made-up"}),
    ],
}

API: dict[str, list[Door]] = {
    "/notices": [api("GET", ALL, "notices", query={"unread": "false"})],
    "/notices/reading": [api("POST", ALL, "notices")],
    "/notices/{pk}/reading": [
        api("PUT", ADMIN, "notices", 204, at={"pk": "@notice"}, body={"read": True}),
    ],
    "/notices/settings": [
        api("GET", ALL, "notices"),
        api("PATCH", ALL, "notices", body={"digest": "hourly"}),
    ],
}

OPERATIONS: dict[str, Walk] = {
    # The administrator's own.
    "notices.notice_read": (ADMIN, {"notice": "@notice"}),
    "notices.notices_read_all": (ALL, {}),
    "notices.setting_update": (ALL, {"digest": "hourly"}),
}
