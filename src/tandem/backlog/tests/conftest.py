"""The items most tests of the backlog's pages look at."""

import pytest

from tandem.backlog import operations as do


@pytest.fixture
def item(world):
    return do.item_create(
        by=world.owner,
        product=world.product,
        title="Book a seat",
        description="Seats on **every** ferry, see FERRY-2.",
        labels=["booking"],
        estimate_low=3,
        estimate_likely=5,
        estimate_high=8,
    )


@pytest.fixture
def other(world, item):
    return do.item_create(by=world.owner, product=world.product, title="Pay by card")


@pytest.fixture
def items(world):
    return [
        do.item_create(by=world.owner, product=world.product, title=title)
        for title in ("Book a seat", "Pay by card", "Cancel a trip", "Show the timetable")
    ]
