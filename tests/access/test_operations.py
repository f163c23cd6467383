"""Every operation, called by everybody and with rows of another workspace."""

from typing import Any

import pytest
from django.db import connection

from access.knocking import filled, undone
from access.scene import ROLES, Scene
from access.table import OPERATIONS, OPERATIONS_APART
from access.walking import operations
from tandem.accounts.models import Member
from tandem.core.errors import PermissionRefused, Refused

pytestmark = pytest.mark.django_db
WALKED = sorted(OPERATIONS)
#: As in the walk over pages and routes: on PostgreSQL one does.
CALLERS = ROLES if connection.vendor == "sqlite" else ("admin",)


def call(scene: Scene, name: str, by: Member, stranger: str = "") -> None:
    def word(noun: str) -> Any:
        side = scene.theirs if noun == stranger else scene.ours
        if noun.endswith("#"):
            return (scene.theirs if noun == stranger else scene.ours).rows[noun[:-1]].pk
        row = side.rows[noun]
        # As it stands in the database: an operation before may have changed this one in memory.
        return type(row)._default_manager.get(pk=row.pk)

    operations()[name](by=by, **filled(OPERATIONS[name][1], word))


def test_every_operation_has_its_line():
    assert sorted(operations()) == sorted([*OPERATIONS, *OPERATIONS_APART])


@pytest.mark.parametrize("name", WALKED)
def test_an_operation_lets_in_whom_it_should(scene: Scene, name: str):
    who, _ = OPERATIONS[name]
    got = {}
    for role in CALLERS:
        with undone():
            try:
                call(scene, name, getattr(scene.people, role))
                got[role] = True
            except PermissionRefused:
                got[role] = False
    assert got == {role: role in who for role in CALLERS}


@pytest.mark.any_database
@pytest.mark.parametrize("name", WALKED)
def test_an_operation_does_nothing_for_another_workspace(scene: Scene, name: str):
    nouns = [each[1:] for each in OPERATIONS[name][1].values() if str(each).startswith("@")]
    if not nouns:
        return
    with undone(), pytest.raises(Refused):
        call(scene, name, scene.theirs.admin)


@pytest.mark.any_database
@pytest.mark.parametrize("name", WALKED)
def test_an_operation_takes_no_row_of_another_workspace(scene: Scene, name: str):
    nouns = [each[1:] for each in OPERATIONS[name][1].values() if str(each).startswith("@")]
    for noun in nouns:
        with undone(), pytest.raises(Refused):
            call(scene, name, scene.ours.admin, stranger=noun)
