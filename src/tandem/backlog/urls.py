"""Addresses of the backlog, grouped by noun. ``product`` is a product's key like ``WEB``."""

from django.urls import URLPattern, URLResolver, include, path

from tandem.backlog import urls_item, urls_list, urls_setup

app_name = "backlog"

#: Below ``/w/<workspace>/<product>/``; each noun's lines stand together. Lines under ``items/``
#: with a word of their own come before those of one item.
of_product: list[URLPattern | URLResolver] = [
    *urls_list.of_product,
    *urls_item.of_product,
    *urls_setup.of_product,
]

urlpatterns = [
    path("<str:product>/", include(of_product)),
]
