"""What tells a person, on their settings."""

from tandem.ui.settings_pages import YOU, SettingsPage, add

add(SettingsPage("Notices", "notices:settings", "bell", 30, group=YOU))
