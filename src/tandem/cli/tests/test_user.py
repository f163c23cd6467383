"""``tandem user`` and the first administrator of the environment."""

import re
from dataclasses import asdict, dataclass

import pytest
from click.testing import CliRunner
from django.test import Client

from tandem.accounts import operations
from tandem.accounts.models import Member, User
from tandem.accounts.tests.signing_in import PASSWORD, factors_in, give_app
from tandem.cli.base import OPERATOR
from tandem.cli.commands import up, user
from tandem.core.errors import Refused


def run(*words):
    return CliRunner().invoke(user.user, list(words), catch_exceptions=False).output


def path_in(text) -> str:
    return re.search(r"http://127\.0\.0\.1:8000(/\S+)", text)[1]


def test_a_person_is_added_with_a_link_that_works_once(db):
    told = run("add", "ida@yard.example", "--name", "Ida", "--workspace-name", "Yard", "--link")
    assert "Ida is Administrator of Yard." in told
    address = path_in(told)
    assert Client().post(address).status_code == 302
    assert Client().post(address).status_code == 422


def test_behind_https_a_link_begins_with_the_name_people_type(world, settings):
    settings.SECURE_COOKIES, settings.ALLOWED_HOSTS = True, ["tandem.example.org", "10.0.0.7"]
    assert "https://tandem.example.org/sign-in/password/" in run("link", "petra@skerry.example")


def test_whoever_runs_tandem_gives_a_password_link_to_anybody(world):
    address = path_in(run("link", "PETRA@skerry.example"))
    client = Client()
    assert client.post(address, {"password": PASSWORD}).status_code == 302
    assert client.get("/w/skerry/account/").status_code == 200
    with pytest.raises(Refused, match="Nobody here has the mail address"):
        run("link", "nobody@skerry.example")


def test_a_second_factor_is_reset_from_the_command_line(world):
    give_app(world.owner.user)
    assert "without a second factor" in run("reset-factor", "petra@skerry.example")
    assert factors_in(world.owner.user) == []


@dataclass(frozen=True)
class Named:
    """As the settings read it from ``TANDEM_ADMIN_…``."""

    email: str = "root@yard.example"
    password: str = PASSWORD
    workspace: str = "Yard"

    def _asdict(self):
        return asdict(self)


@pytest.fixture
def named(db, settings):
    settings.FIRST_ADMINISTRATOR = Named()
    return settings


def test_the_environment_names_the_first_administrator_once(named):
    up._first_administrator()
    member = Member.objects.get(user__email="root@yard.example")
    assert (member.role, member.workspace.name) == ("admin", "Yard")
    answer = Client().post("/sign-in/", {"email": "root@yard.example", "password": PASSWORD})
    assert answer.status_code == 302
    named.FIRST_ADMINISTRATOR = Named(email="second@yard.example")
    up._first_administrator()
    assert not User.objects.filter(email="second@yard.example").exists()


def test_the_environments_administrator_joins_what_the_command_line_made(named):
    operator = operations.user_create(email=OPERATOR, name="Operator")
    made = operations.workspace_create(name="Imported", user=operator)
    up._first_administrator()
    assert Member.objects.get(user__email="root@yard.example").workspace == made.workspace


def test_a_password_of_the_environment_may_not_be_weak(named):
    named.FIRST_ADMINISTRATOR = Named(password="short")
    with pytest.raises(Refused, match="too short"):
        up._first_administrator()
    assert not User.objects.exists()
