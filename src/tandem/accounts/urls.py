from django.urls import include, path

from tandem.accounts import workspace_urls
from tandem.accounts.views import people, signing_in

app_name = "accounts"

urlpatterns = [
    path("", signing_in.start, name="start"),
    path("sign-in/", signing_in.sign_in, name="sign-in"),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
    path("sign-in/link/<str:token>/", signing_in.sign_in_link, name="sign-in-link"),
    path("first-run/", signing_in.first_run, name="first-run"),
    path("join/<str:secret>/", people.join, name="join"),
    path("w/<slug:workspace>/", include(workspace_urls.urlpatterns)),
]
