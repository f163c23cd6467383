"""Planning's lines in the left rail."""

from django.utils.translation import gettext_noop as N_

from tandem.ui.navigation import Entry, add

add(Entry(N_("Plan"), "planning:plan", "layout-columns", 60, key="l"))
add(Entry(N_("Forecast"), "planning:forecast", "chart-histogram", 65, key="f"))
