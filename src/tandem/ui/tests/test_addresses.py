"""Remembered addresses are the ones Django finds."""

import pytest
from django.urls import NoReverseMatch, reverse

from tandem.ui.addresses import address

HERE = {"workspace": "quay", "product": "FERRY"}


@pytest.mark.parametrize(
    ("name", "kwargs"),
    [
        ("backlog:list", HERE),
        ("backlog:item", {**HERE, "key": "FERRY-12"}),
        ("backlog:item", {**HERE, "key": "FERRY-7"}),
        ("backlog:item", {**HERE, "key": "ferry-7"}),
        ("backlog:comment", {**HERE, "key": "FERRY-7", "pk": 3}),
        ("backlog:comment", {**HERE, "key": "FERRY-90909090904", "pk": 90909090903}),
        ("backlog:item", {"workspace": "quay", "product": "AB9-1", "key": "AB9-1"}),
    ],
)
def test_an_address_is_the_one_django_finds_again_and_again(name, kwargs):
    for _ in range(2):
        try:
            wanted = reverse(name, kwargs=kwargs)
        except NoReverseMatch:
            with pytest.raises(NoReverseMatch):
                address(name, **kwargs)
        else:
            assert address(name, **kwargs) == wanted


def test_an_address_that_does_not_exist_is_refused():
    with pytest.raises(NoReverseMatch):
        address("backlog:comment", **HERE, key="FERRY-7", pk=-1)
    assert address("accounts:start") == reverse("accounts:start")
