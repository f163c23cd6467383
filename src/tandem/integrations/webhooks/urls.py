from django.urls import path

from tandem.integrations.views.place_urls import addresses
from tandem.integrations.views.webhooks import pages, rotate_secret

app_name = "webhooks"

urlpatterns = [
    *addresses(pages, test="ping"),
    path("<int:pk>/secret/", rotate_secret, name="secret"),
]
