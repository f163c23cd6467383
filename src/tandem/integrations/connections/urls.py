"""Where trackers call. Not below a workspace: the address is known to the tracker alone."""

from django.urls import path

from tandem.integrations.views import connection_calls

app_name = "calls"

urlpatterns = [path("<uuid:key>/", connection_calls.call, name="call")]
