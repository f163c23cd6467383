"""Addresses of the backlog, grouped by noun. ``product`` is a product's key like ``WEB``."""

from django.urls import include, path

app_name = "backlog"

#: Below ``/w/<workspace>/<product>/``; each noun's lines stand together.
of_product: list = []

urlpatterns = [
    path("<str:product>/", include(of_product)),
]
