"""The pages that set up the workspace and one's own account."""

from django.utils.translation import gettext_noop as N_

from tandem.accounts.permissions import can
from tandem.ui.settings_pages import YOU, SettingsPage, add

add(SettingsPage(N_("Your account"), "accounts:account", "user-circle", 10, group=YOU))
add(
    SettingsPage(
        N_("Sign-in"),
        "accounts:sign-in-settings",
        "lock",
        20,
        group=YOU,
        also=("account/second-factor/",),
    )
)
add(SettingsPage(N_("Products"), "accounts:products", "package", 10))
add(SettingsPage(N_("People"), "accounts:people", "users", 20))
add(
    SettingsPage(
        N_("Services"),
        "accounts:services",
        "key",
        40,
        visible=lambda member: can(member, "service.manage"),
    )
)
add(
    SettingsPage(
        N_("Jobs"), "accounts:jobs", "clock", 90, visible=lambda member: can(member, "job.manage")
    )
)
