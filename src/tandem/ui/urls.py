from django.urls import path

from tandem.ui.views import gallery

app_name = "ui"

urlpatterns = [
    path("gallery/", gallery.gallery, name="gallery"),
    path("gallery/why/", gallery.why, name="gallery-why"),
    path("gallery/edit/", gallery.edit, name="gallery-edit"),
    path("gallery/move/", gallery.move, name="gallery-move"),
]
