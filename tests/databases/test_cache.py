"""A real Redis (or Valkey) as the cache: what processes share for a moment is shared through it."""

import os
import shutil
import subprocess
import time

import pytest
from django.core.cache import caches
from django.test import Client

from support.postgres import free_port
from tandem.accounts.tests.signing_in import give_password
from tandem.config import env

#: Named (as .ci/run does when scripts/redis.sh found it), it has to be there: no skip then.
PROGRAM = os.environ.get("TANDEM_REDIS") or next(
    filter(None, map(shutil.which, ("valkey-server", "redis-server"))), None
)


@pytest.fixture
def cache_url(tmp_path):
    if PROGRAM is None:
        pytest.skip("no Redis is here. Debian/Ubuntu: sudo apt install redis-server")
    port = free_port()
    words = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    server = subprocess.Popen([PROGRAM, *words], stdout=subprocess.DEVNULL)
    yield f"redis://127.0.0.1:{port}/0"
    server.terminate()
    server.wait(timeout=20)


def test_processes_on_one_redis_count_wrong_passwords_together(
    db, world, settings, monkeypatch, cache_url
):
    monkeypatch.setenv("TANDEM_CACHE_URL", cache_url)
    settings.CACHES = {"default": env.cache("django.db.backends.postgresql")}
    end = time.monotonic() + 120
    while True:
        try:
            assert caches["default"].add("asked", 1)
            break
        except Exception:
            assert time.monotonic() < end, "Redis did not answer"
            time.sleep(0.02)
    give_password(world.owner)
    form = {"email": world.owner.user.email, "password": "a wrong guess"}
    statuses = [Client().post("/sign-in/", form).status_code for _ in range(3)]
    # Another process: nothing of it is shared but Redis.
    del caches["default"]
    statuses += [Client().post("/sign-in/", form).status_code for _ in range(3)]
    assert statuses == [422] * 5 + [429]
