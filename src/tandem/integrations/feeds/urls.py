"""The addresses that answer without a sign-in, to whoever holds the secret."""

from django.urls import path

from tandem.integrations.views import feeds

app_name = "feeds"

urlpatterns = [
    path("<slug:secret>.csv", feeds.read, {"form": "csv"}, name="csv"),
    path("<slug:secret>.xlsx", feeds.read, {"form": "xlsx"}, name="xlsx"),
]
