"""Home's line in the left rail."""

from tandem.accounts.permissions import can
from tandem.ui import settings_pages
from tandem.ui.navigation import Entry, add, use_palette

use_palette("search:palette")
add(Entry("Home", "home:home", "home", 10, key="h"))

settings_pages.add(
    settings_pages.SettingsPage(
        "Audit log", "audit:log", "history", 80, visible=lambda member: can(member, "audit.view")
    )
)
