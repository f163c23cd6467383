"""Addresses of what a product sets for its backlog: its own fields, statuses and templates."""

from django.urls import URLPattern, URLResolver, include, path

from tandem.backlog.views import own_fields, parking, statuses, templates, transitions

of_field: list[URLPattern | URLResolver] = [
    path("", own_fields.change, name="field-change"),
    path("place/", own_fields.place, name="field-place"),
    path("archive/", own_fields.archive, name="field-archive"),
    path("restoration/", own_fields.restoration, name="field-restoration"),
    path("choices/", own_fields.choice_new, name="field-choice-new"),
    path("choices/<slug:choice>/", own_fields.choice_change, name="field-choice-change"),
    path("choices/<slug:choice>/removal/", own_fields.choice_removal, name="field-choice-removal"),
]

of_status: list[URLPattern | URLResolver] = [
    path("", statuses.change, name="status-change"),
    path("removal/", statuses.removal, name="status-removal"),
]

#: Below ``/w/<workspace>/<product>/``.
of_product: list[URLPattern | URLResolver] = [
    path("setup/fields/", own_fields.fields, name="fields"),
    path("setup/fields/<slug:slug>/", include(of_field)),
    path("setup/rules/", transitions.transitions, name="transitions"),
    path("setup/rules/<int:pk>/removal/", transitions.removal, name="transition-removal"),
    path("setup/statuses/", statuses.statuses, name="statuses"),
    path("setup/statuses/place/", statuses.place, name="status-place"),
    path("setup/statuses/<int:pk>/", include(of_status)),
    path("setup/parking/", parking.parking, name="parking"),
    path("setup/templates/", templates.templates, name="templates"),
    path("setup/templates/choices/", templates.choices, name="template-choices"),
    path("setup/templates/<int:number>/", templates.change, name="template-change"),
    path("setup/templates/<int:number>/removal/", templates.removal, name="template-removal"),
    path(
        "setup/templates/restoration/<int:pk>/",
        templates.restoration,
        name="template-restoration",
    ),
]
