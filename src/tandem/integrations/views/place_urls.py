"""The addresses that all places that are told of events have."""

from django.urls import URLPattern, path

from tandem.integrations.views.places import PlacePages, posted


def addresses(pages: PlacePages, *, test: str) -> list[URLPattern]:
    """``test`` is the noun's word for trying it."""
    one = "<int:pk>/deliveries/<uuid:delivery>/"
    return [
        path("", pages.list_page, name=pages.area),
        path("<int:pk>/", pages.page, name=pages.noun),
        path(f"<int:pk>/{test}/", posted(pages.test), name=test),
        path("<int:pk>/state/", posted(pages.state), name="state"),
        path("<int:pk>/deletion/", posted(pages.delete), name="delete"),
        path(one, pages.delivery, name="delivery"),
        path(f"{one}sending/", posted(pages.send_again), name="send-again"),
    ]
