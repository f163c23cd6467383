"""Import's line in the left rail, and the pages of the settings."""

from django.utils.translation import gettext_noop as N_

from tandem.accounts.permissions import can
from tandem.ui.navigation import Entry, add
from tandem.ui.settings_pages import NO_RETURN, SettingsPage
from tandem.ui.settings_pages import add as add_page

add(
    Entry(
        N_("Import"),
        "integrations:imports",
        "file-import",
        90,
        key="i",
        visible=lambda member: can(member, "import.run"),
        also=("connections/", "trash/"),
    )
)

add_page(
    SettingsPage(
        N_("Take-out"),
        "integrations:take-out",
        "package",
        70,
        visible=lambda member: can(member, "product.export"),
    )
)
add_page(
    SettingsPage(
        N_("Trash"),
        "integrations:trash",
        "trash",
        80,
        visible=lambda member: can(member, "trash.view"),
    )
)
add_page(
    SettingsPage(
        N_("Erase the workspace"),
        "integrations:workspace-erasure",
        "alert-triangle",
        90,
        group=NO_RETURN,
        visible=lambda member: can(member, "workspace.erase"),
    )
)
add_page(
    SettingsPage(
        N_("Webhooks"),
        "webhooks:webhooks",
        "send",
        50,
        visible=lambda member: can(member, "webhook.manage"),
    )
)
add_page(
    SettingsPage(
        N_("Chats"),
        "chats:chats",
        "messages",
        55,
        visible=lambda member: can(member, "webhook.manage"),
    )
)
add_page(
    SettingsPage(
        N_("Feeds"),
        "integrations:feeds",
        "rss",
        60,
        visible=lambda member: can(member, "feed.make"),
    )
)
