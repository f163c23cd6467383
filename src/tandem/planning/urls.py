"""Addresses of plans and forecasts, below ``/w/<workspace>/<product>/``."""

from tandem.planning import urls_agenda, urls_forecast, urls_plan

app_name = "planning"

urlpatterns = [*urls_plan.urlpatterns, *urls_agenda.urlpatterns, *urls_forecast.urlpatterns]
