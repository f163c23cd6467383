"""Home's line in the left rail."""

from django.utils.translation import gettext_noop as N_

from tandem.accounts.permissions import can
from tandem.ui import settings_pages
from tandem.ui.navigation import Entry, add, use_palette

use_palette("search:palette")
add(Entry(N_("Home"), "home:home", "home", 10, key="h"))

settings_pages.add(
    settings_pages.SettingsPage(
        N_("Audit log"),
        "audit:log",
        "history",
        80,
        visible=lambda member: can(member, "audit.view"),
    )
)
