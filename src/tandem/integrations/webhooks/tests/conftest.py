import pytest

from tandem.core.outgoing.addresses import Allowed
from tandem.integrations.webhooks import operations as do
from tandem.integrations.webhooks.tests.receiver import receiving


@pytest.fixture(autouse=True)
def jobs_wait_for_the_worker(settings):
    tasks = {name: dict(backend) for name, backend in settings.TASKS.items()}
    tasks["default"]["OPTIONS"] = {"inline": False}
    settings.TASKS = tasks


@pytest.fixture
def receiver(settings):
    settings.WEBHOOK_ALLOW = Allowed.of(["127.0.0.1"])
    with receiving() as made:
        yield made


@pytest.fixture
def hook(world, receiver):
    """A webhook for everything of the workspace, leading to ``receiver``; no job is left of it."""
    made, _ = do.webhook_create(by=world.admin, name="Chat", url=receiver.url())
    return made
