"""Who may do what to teams and sprints."""

from tandem.accounts.permissions import EVERYBODY, MAKERS, STEERING, declare

declare("team.view", EVERYBODY, "see teams")
declare("team.edit", STEERING, "change teams")
declare("sprint.view", EVERYBODY, "see sprints")
declare("sprint.edit", MAKERS, "change sprints")
