"""Who may plan and forecast."""

from tandem.accounts.permissions import EVERYBODY, MAKERS, STEERING, declare

declare("plan.view", EVERYBODY, "see plans")
declare("plan.solve", MAKERS, "solve plans")
declare("plan.edit", STEERING, "change a scenario's rules")
declare("plan.accept", STEERING, "accept plans into a scenario")
declare("plan.commit", STEERING, "commit plans")
declare("debt.price", MAKERS, "say what debt costs")
declare("forecast.view", EVERYBODY, "see forecasts")
declare("forecast.make", MAKERS, "make forecasts")
