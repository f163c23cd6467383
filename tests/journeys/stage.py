"""The people, their windows and the sample product that the journeys play with."""

import sqlite3
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from journeys.browser import Trouble
from tandem.accounts.models import Member
from tandem.accounts.sample import PEOPLE, PRODUCT_KEY, People

#: Milliseconds that a page may take to show what a test waits for; a slow machine is no failure.
PATIENCE = 30_000
WIDE = {"width": 1280, "height": 800}

_snapshot: list[sqlite3.Connection] = []


def sample_restore() -> People:
    """The sample product; made once, then copied back, since making it takes seconds."""
    from tandem.home.sample import sample_make

    if connection.vendor != "sqlite":
        return sample_make()
    connection.ensure_connection()
    if _snapshot:
        _snapshot[0].backup(connection.connection)
        return people_read()
    people = sample_make()
    _snapshot.append(sqlite3.connect(":memory:", check_same_thread=False))
    connection.connection.backup(_snapshot[0])
    return people


def people_read() -> People:
    by_mail = {each.user.email: each for each in Member.objects.select_related("user", "workspace")}
    made = {attribute: by_mail[mail] for attribute, _, mail, _ in PEOPLE}
    return People(workspace=made["admin"].workspace, **made)


@dataclass
class Stage:
    """A running server with people in it, each with windows of their own."""

    url: str
    browser: Browser
    people: People
    product: str
    trouble: Trouble
    turn: Any
    contexts: list[BrowserContext]

    @classmethod
    def of(cls, url: str, browser: Browser, people: People) -> "Stage":
        """A stage on a server whose threads have connections of their own."""
        return cls(url, browser, people, PRODUCT_KEY, Trouble(), nullcontext(), [])

    def address(self, rest: str = "") -> str:
        """``/w/skerry/FERRY/<rest>`` on the server."""
        return f"{self.url}/w/{self.people.workspace.slug}/{self.product}/{rest}"

    def context(self, member: Member | None, **options: Any) -> BrowserContext:
        context = self.browser.new_context(
            viewport=options.pop("viewport", WIDE), reduced_motion="reduce", **options
        )
        self.contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.set_default_navigation_timeout(2 * PATIENCE)
        if member is not None:
            client = Client()
            with self.turn:
                client.force_login(member.user)
            value = client.cookies[settings.SESSION_COOKIE_NAME].value
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": value, "url": self.url}])
        return context

    def window(self, member: Member | None, rest: str | None = None, **options: Any) -> Page:
        """A person's own browser, at a page of the product; ``None``: nobody is signed in."""
        page = self.context(member, **options).new_page()
        self.trouble.watch(page, member.name if member else "A stranger")
        if rest is not None:
            page.goto(self.address(rest))
        return page
