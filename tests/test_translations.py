"""Everything people read is marked for translation, and every language has all of it."""

import datetime
import re
import runpy

import pytest
from django.utils import timezone, translation
from tests.support.texts import SOURCE, unmarked

from tandem.ui import filters

SCRIPT = runpy.run_path(str(SOURCE.parent.parent / "scripts" / "translations.py"))
#: Apps whose texts are all marked; the list only grows.
MARKED: tuple[str, ...] = (
    "accounts",
    "backlog",
    "core",
    "delivery",
    "home",
    "integrations",
    "notices",
    "planning",
    "prioritisation",
    "ui",
)
HOLES = re.compile(r"%\(\w+\)[a-z]|%%|\{\w*\}|<[^>]*>")


def holes(text: str) -> list[str]:
    return sorted(HOLES.findall(text))


def test_a_marked_app_says_nothing_that_cannot_be_translated():
    assert {app: found for app in MARKED if (found := unmarked(SOURCE / app))} == {}


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_every_language_has_every_text(domain):
    missing = []
    for app in SCRIPT["apps"]():
        fresh = SCRIPT["template"](app, domain)
        for language in SCRIPT["LANGUAGES"] if len(fresh) else ():
            path = app / "locale" / language / "LC_MESSAGES" / f"{domain}.po"
            known = SCRIPT["read"](path) if path.exists() else {}
            for message in fresh:
                if message.id:
                    said = known.get(message.id, message.context) if path.exists() else None
                    if said is None or not SCRIPT["complete"](said):
                        missing.append((app.name, language, message.id))
    assert missing == [], "`make texts` puts them into their files."


def test_translations_keep_what_is_put_into_them():
    wrong = []
    for path in SCRIPT["files"]():
        for message in SCRIPT["read"](path):
            one = message.id if isinstance(message.id, str) else message.id[1]
            said = message.string if isinstance(message.string, str) else message.string[-1]
            if one and holes(one) != holes(said):
                wrong.append((path.name, one, said))
    assert wrong == []


def test_one_text_has_one_translation():
    said: dict[tuple[str, str, str], set[str]] = {}
    for path in SCRIPT["files"]():
        for message in SCRIPT["read"](path):
            if message.id and isinstance(message.id, str):
                key = (path.parents[1].name, message.context or "", message.id)
                said.setdefault(key, set()).add(str(message.string))
    assert {key: texts for key, texts in said.items() if len(texts) > 1} == {}


@pytest.mark.django_db
def test_a_page_is_in_the_language_chosen_else_in_the_browsers(world, client):
    client.force_login(world.owner.user)
    address = f"/w/{world.workspace.slug}/account/"
    assert '<html lang="en">' in client.get(address).content.decode()
    german = {"Accept-Language": "de-AT,de;q=0.8,en;q=0.5"}
    page = client.get(address, headers=german)
    assert '<html lang="de">' in page.content.decode()
    assert page.headers["Content-Language"] == "de"
    assert "Accept-Language" in page.headers["Vary"]
    client.post(f"{address}language/", {"language": "en"})
    assert '<html lang="en">' in client.get(address, headers=german).content.decode()
    client.post(f"{address}language/", {"language": "de"})
    assert '<html lang="de">' in client.get(address).content.decode()
    assert translation.get_language() == "en"


def test_numbers_and_days_are_written_as_the_language_does():
    with translation.override("de"):
        assert filters.number(-10000.5, 1) == "−10.000,5"
        assert filters.figure(2.5) == "2,5"
        assert filters.figure(1000) == "1.000"
        assert filters.day(datetime.date(2026, 3, 2)) == "2. Mär 2026"
        assert filters.month(datetime.date(2026, 3, 2)) == "März 2026"
        assert filters.amount(1, "points") == "1 Punkt"
        since = timezone.now() - datetime.timedelta(days=5, minutes=1)
        assert filters.ago(since).replace("\xa0", " ") == "vor 5 Tagen"
        assert filters.amount(2, "T-shirts") == "2 T-shirts"
        assert filters.inside("Status") == "Status"
    assert filters.inside("Status") == "status"
    assert filters.number(-10000.5, 1) == "−10,000.5"


@pytest.mark.django_db
def test_a_language_that_nobody_translated_is_refused(world, client):
    client.force_login(world.owner.user)
    page = client.post(f"/w/{world.workspace.slug}/account/language/", {"language": "xx"})
    assert page.status_code == 422
    assert "none of the languages" in page.content.decode()
