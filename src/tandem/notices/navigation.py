"""What tells a person, on their settings."""

from django.utils.translation import gettext_noop as N_

from tandem.ui.settings_pages import YOU, SettingsPage, add

add(SettingsPage(N_("Notices"), "notices:settings", "bell", 30, group=YOU))
