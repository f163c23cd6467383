"""Who may do what to teams and sprints."""

from django.utils.translation import gettext_noop as N_

from tandem.accounts.permissions import EVERYBODY, MAKERS, STEERING, declare

declare("team.view", EVERYBODY, N_("see teams"))
declare("team.edit", STEERING, N_("change teams"))
declare("sprint.view", EVERYBODY, N_("see sprints"))
declare("sprint.edit", MAKERS, N_("change sprints"))
