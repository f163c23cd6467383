"""Addresses of the list, the board and moves."""

from django.urls import URLPattern, URLResolver, path

from tandem.backlog.views import (
    board,
    bulk,
    filtering,
    listing,
    moves,
    parking,
    quick_create,
    rows,
    saved,
    transitions,
)

#: Below ``/w/<workspace>/<product>/``.
of_product: list[URLPattern | URLResolver] = [
    path("backlog/", listing.listing, name="list"),
    path("backlog/count/", listing.count, name="list-count"),
    path("backlog/columns/", listing.columns, name="list-columns"),
    path("backlog/completions/", filtering.completions, name="list-completions"),
    path("backlog/builder/", filtering.builder, name="list-builder"),
    path("backlog/rows/<str:key>/", rows.row, name="row"),
    path("backlog/rows/<str:key>/<slug:field>/", rows.cell, name="cell"),
    path("backlog/moves/", moves.moves, name="moves"),
    path("backlog/moves/undo/", moves.undo, name="moves-undo"),
    path("backlog/bulk/", bulk.bulk, name="bulk"),
    path("backlog/bulk/<int:pk>/undo/", bulk.undo, name="bulk-undo"),
    path("backlog/revival/", parking.revival, name="revival"),
    path("approvals/", transitions.waiting, name="approvals-waiting"),
    path("calendar/", saved.calendar, name="calendar"),
    path("views/", saved.views, name="views"),
    path("views/<int:number>/", saved.view, name="view"),
    path("views/<int:number>/change/", saved.change, name="view-change"),
    path("views/<int:number>/removal/", saved.removal, name="view-removal"),
    path("board/", board.board, name="board"),
    path("board/columns/<int:pk>/", board.column, name="board-column"),
    path("items/", quick_create.create, name="item-create"),
]
