"""Who may plan and forecast."""

from django.utils.translation import gettext_noop as N_

from tandem.accounts.permissions import EVERYBODY, MAKERS, STEERING, declare

declare("plan.view", EVERYBODY, N_("see plans"))
declare("plan.solve", MAKERS, N_("solve plans"))
declare("plan.edit", STEERING, N_("change a scenario's rules"))
declare("plan.accept", STEERING, N_("accept plans into a scenario"))
declare("plan.commit", STEERING, N_("commit plans"))
declare("debt.price", MAKERS, N_("say what debt costs"))
declare("forecast.view", EVERYBODY, N_("see forecasts"))
declare("forecast.make", MAKERS, N_("make forecasts"))
