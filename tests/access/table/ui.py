"""Who gets what of ui."""

from access.words import Door, open_get, open_post

PAGES: dict[str, list[Door]] = {
    # The gallery shows components, no data
    "ui:gallery": [open_get()],
    "ui:gallery-why": [open_get()],
    "ui:gallery-edit": [open_get(405), open_post(422)],
    "ui:gallery-move": [open_post(200)],
}
