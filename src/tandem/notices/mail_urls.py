"""Where a mail's own link leads, without signing in."""

from django.urls import path

from tandem.notices.views import unsubscribe

app_name = "notices-mail"

urlpatterns = [path("unsubscribe/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe")]
