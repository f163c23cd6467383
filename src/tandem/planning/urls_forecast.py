"""Addresses of forecasts, below ``/w/<workspace>/<product>/``."""

from django.urls import path

from tandem.planning.views import forecast

urlpatterns = [
    path("forecast/", forecast.forecast, name="forecast"),
    path("forecast/why/", forecast.forecast_why, name="forecast-why"),
    path("forecast/kept/", forecast.forecast_keep, name="forecast-keep"),
    path("forecast/kept/<int:pk>/", forecast.forecast_kept, name="forecast-kept"),
    path("forecast/kept/<int:pk>/why/", forecast.forecast_kept_why, name="forecast-kept-why"),
]
