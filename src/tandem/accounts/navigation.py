"""The pages that set up the workspace and one's own account."""

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
