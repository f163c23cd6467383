"""Addresses of one's inbox, below ``/w/<workspace>/inbox/``."""

from django.urls import path

from tandem.notices.views import inbox, settings

app_name = "notices"

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("count/", inbox.count, name="count"),
    path("reading/", inbox.read_all, name="read-all"),
    path("settings/", settings.settings, name="settings"),
    path("<int:pk>/reading/", inbox.read, name="read"),
    path("<int:pk>/", inbox.go, name="go"),
]
