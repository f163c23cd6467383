from django.urls import path

from tandem.ui.views import gallery

app_name = "ui"

urlpatterns = [path("gallery/", gallery.gallery, name="gallery")]
