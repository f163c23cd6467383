"""The icons Tandem uses, by their Tabler names, and which one stands for what.

The sprite that ``scripts/assets.py`` writes holds these and whatever templates name in
``icon("…")``. This module imports nothing: the script reads it without Django.
"""

#: The kind of an item.
KIND_ICONS = {
    "epic": "stack-2",
    "story": "bookmark",
    "bug": "bug",
    "debt": "coin",
    "spike": "bulb",
    "requirement": "ruler-2",
}

#: The category of a status.
STATUS_ICONS = {
    "open": "circle-dashed",
    "started": "progress",
    "done": "circle-check",
    "dropped": "circle-x",
}

#: The reactions to a comment.
REACTION_ICONS = {
    "agree": "thumb-up",
    "disagree": "thumb-down",
    "thanks": "heart",
    "cheers": "confetti",
    "looking": "eye",
    "done": "check",
}

#: What a message says about the state of things.
TONE_ICONS = {
    "good": "circle-check",
    "warn": "alert-triangle",
    "bad": "alert-circle",
    "note": "info-circle",
}

#: Whatever else pages may want without adding it first.
COMMON = (
    "activity", "adjustments-horizontal", "archive", "arrow-back-up", "arrow-down", "arrow-left",
    "arrow-narrow-down", "arrow-narrow-up", "arrow-right", "arrow-up", "arrows-diff", "arrows-sort",
    "arrows-split-2", "at", "ban", "bell", "bolt", "briefcase", "building", "calendar", "calendar-event", "calendar-stats",
    "chart-area-line", "chart-bar", "chart-dots", "chart-histogram", "chart-line", "check", "checkbox",
    "checklist", "chevron-down", "chevron-left", "chevron-right", "chevron-up", "circle", "clipboard",
    "clock", "columns", "command", "compass", "copy", "database", "device-desktop", "device-floppy",
    "dots", "dots-vertical", "download", "edit", "external-link", "eye", "eye-off", "file-description",
    "file-import", "file-export", "file-spreadsheet", "filter", "flag", "flask", "folder", "gauge",
    "gavel", "git-branch", "git-merge", "git-pull-request", "grip-vertical", "hash", "heart-handshake",
    "help", "hierarchy", "history", "home", "hourglass", "inbox", "key", "keyboard", "layout-kanban",
    "layout-sidebar-left-collapse", "layout-sidebar-left-expand", "layout-sidebar-right", "link",
    "link-off", "list", "list-check", "list-details", "list-numbers", "lock", "lock-open", "login",
    "logout", "mail", "map-2", "math-function", "menu-2", "message", "message-2", "message-reply", "messages", "minus",
    "mood-plus",
    "moon", "notes", "package", "paperclip", "parking", "player-pause", "player-play", "plus", "point", "printer",
    "question-mark", "refresh", "rocket", "route", "rss", "scale", "search", "select", "selector", "send",
    "server", "settings", "share", "shield", "shield-check", "sort-ascending", "sort-descending",
    "sparkles", "star", "sun", "table", "tag", "target", "target-arrow", "template", "terminal-2", "timeline",
    "tool", "topology-star-3", "transfer", "trash", "trending-down", "trending-up", "truck",
    "truck-delivery", "upload", "user", "user-circle", "user-plus", "users", "users-group",
    "vector-triangle", "versions", "x", "zoom-question",
)  # fmt: skip

ICONS = frozenset(
    [
        *KIND_ICONS.values(),
        *STATUS_ICONS.values(),
        *REACTION_ICONS.values(),
        *TONE_ICONS.values(),
        *COMMON,
    ],
)
