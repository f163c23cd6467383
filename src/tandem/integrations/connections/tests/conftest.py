import pytest

from tandem.core.outgoing.addresses import Allowed
from tandem.integrations.connections import operations as do
from tandem.integrations.connections.syncing import sync
from tandem.integrations.connections.tests.tracker import github, issue_of, serving


@pytest.fixture(autouse=True)
def jobs_wait_for_the_worker(settings):
    tasks = {name: dict(backend) for name, backend in settings.TASKS.items()}
    tasks["default"]["OPTIONS"] = {"inline": False}
    settings.TASKS = tasks
    settings.WEBHOOK_ALLOW = Allowed.of(["127.0.0.1"])


@pytest.fixture
def tracker():
    with serving(github) as made:
        issue_of(made, 1, "Book a berth", body="As a guest", labels=[{"name": "bug"}])
        issue_of(made, 2, "Pay", state="closed", closed_at="2026-02-20T10:00:00Z")
        issue_of(made, 3, "Bring a dog", state="closed", state_reason="not_planned")
        issue_of(made, 4, "A pull request", pull_request={"url": "x"})
        yield made


@pytest.fixture
def connection(world, tracker):
    """Connected, and everything read once."""
    made, _ = do.connection_make(
        by=world.owner, product=world.product, kind="github", project="club/sea",
        token=tracker.token, base_url=tracker.url,
    )  # fmt: skip
    sync(made.pk)
    made.refresh_from_db()
    tracker.asked.clear()
    return made
