"""What people see while another's long write keeps the database."""

import pytest
from django.db import OperationalError
from django.test import Client

from tandem.backlog.operations import item_create


@pytest.mark.parametrize("asked", [{}, {"HX-Request": "true"}])
def test_a_database_that_is_busy_for_too_long_says_to_try_again(world, monkeypatch, asked):
    def locked(**_):
        raise OperationalError("database is locked")

    monkeypatch.setattr("tandem.backlog.operations.comment_write", locked)
    client = Client()
    client.force_login(world.owner.user)
    item = item_create(by=world.owner, product=world.product, title="Tide table")
    path = f"/w/{world.workspace.slug}/{world.product.key}/items/{item.key}/comments/"
    answer = client.post(path, {"text": "Now?"}, headers=asked)
    assert answer.status_code == 503
    assert "try again in a moment" in answer.content.decode()
    assert "mistake" not in answer.content.decode()
