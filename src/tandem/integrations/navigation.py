"""Import's line in the left rail."""

from tandem.accounts.permissions import can
from tandem.ui.navigation import Entry, add

add(
    Entry(
        "Import",
        "integrations:imports",
        "file-import",
        90,
        key="i",
        visible=lambda member: can(member, "import.run"),
    )
)
