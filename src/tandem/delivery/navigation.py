"""Delivery's line in the left rail."""

from django.utils.translation import gettext_noop as N_

from tandem.ui.navigation import Entry, add

add(Entry(N_("Teams"), "delivery:teams", "users-group", 70, key="t"))
