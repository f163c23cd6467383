"""The pages that set up the workspace and one's own account."""

from tandem.accounts.permissions import can
from tandem.ui.settings_pages import YOU, SettingsPage, add

add(SettingsPage("Your account", "accounts:account", "user-circle", 10, group=YOU))
add(
    SettingsPage(
        "Sign-in",
        "accounts:sign-in-settings",
        "lock",
        20,
        group=YOU,
        also=("account/second-factor/",),
    )
)
add(SettingsPage("Products", "accounts:products", "package", 10))
add(SettingsPage("People", "accounts:people", "users", 20))
add(
    SettingsPage(
        "Services",
        "accounts:services",
        "key",
        40,
        visible=lambda member: can(member, "service.manage"),
    )
)
add(
    SettingsPage(
        "Jobs", "accounts:jobs", "clock", 90, visible=lambda member: can(member, "job.manage")
    )
)
