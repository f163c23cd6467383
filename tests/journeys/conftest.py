"""Journeys: real people's ways through the product, in a real browser, on a running server."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.base import BaseHandler
from django.http import HttpRequest, HttpResponseBase
from django.views.static import serve
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from journeys.browser import Trouble, launch
from journeys.stage import PATIENCE, Stage, sample_restore
from support.migrated import one_makes
from tandem.accounts.sample import PRODUCT_KEY, People, people_make
from tandem.config import statics

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def started() -> Iterator[tuple[Browser, asyncio.AbstractEventLoop]]:
    with sync_playwright() as playwright:
        browser, loop = launch(playwright), asyncio.get_running_loop()
        asyncio._set_running_loop(None)
        yield browser, loop
        asyncio._set_running_loop(loop)
        browser.close()


@pytest.fixture
def chromium(started: tuple[Browser, asyncio.AbstractEventLoop]) -> Iterator[Browser]:
    """The browser. It says that its event loop runs during a journey, not in what comes after."""
    browser, loop = started
    asyncio._set_running_loop(loop)
    yield browser
    asyncio._set_running_loop(None)


@pytest.fixture(scope="session")
def kept_files() -> Iterator[None]:
    """Styles and scripts as a real server gives them out: gathered, and kept by browsers."""
    with one_makes("static") as path:
        gathered = statics.gather(path)

    def give(self: StaticFilesHandler, request: HttpRequest) -> HttpResponseBase:
        answer = serve(request, self.file_path(request.path), document_root=str(gathered))
        statics.keep_for_good(answer.headers, "", "")
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandler, "serve", give)
        yield


@pytest.fixture
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The tests' database is one connection that all threads share: requests take turns on it."""
    turn = threading.RLock()
    answer = BaseHandler.get_response

    def in_turn(self: BaseHandler, request: Any) -> Any:
        with turn:
            return answer(self, request)

    monkeypatch.setattr(BaseHandler, "get_response", in_turn)
    return turn


@pytest.fixture
def trouble() -> Iterator[Trouble]:
    """No journey may meet a console error, a stopped script, or a broken answer."""
    found = Trouble()
    yield found
    assert not found.found, "The pages met trouble:\n" + "\n".join(dict.fromkeys(found.found))


@pytest.fixture
def stage_of(
    transactional_db: None,
    one_at_a_time: Any,
    kept_files: None,
    live_server: Any,
    chromium: Browser,
    trouble: Trouble,
) -> Iterator[Callable[[People, str], Stage]]:
    contexts: list[BrowserContext] = []

    def make(people: People, product: str = PRODUCT_KEY) -> Stage:
        return Stage(live_server.url, chromium, people, product, trouble, one_at_a_time, contexts)

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def sample(stage_of: Callable[[People, str], Stage]) -> Stage:
    """The sample product with half a year of history."""
    return stage_of(sample_restore(), PRODUCT_KEY)


@pytest.fixture
def fresh(stage_of: Callable[[People, str], Stage]) -> Stage:
    """The sample's people with a product that holds nothing yet."""
    from tandem.accounts.operations import product_create

    people = people_make()
    product_create(by=people.admin, key="PIER", name="Pier")
    return stage_of(people, "PIER")
