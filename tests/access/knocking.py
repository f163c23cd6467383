"""Knocking at a door: filling in its rows, asking, and undoing whatever came of it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse

from access.scene import NEVER_NUMBER, NEVER_TEXT, NEVER_UUID, Scene, Side
from access.walking import addresses
from access.words import Door


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def is_ref(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("@")


def filled(value: Any, word: Callable[[str], Any]) -> Any:
    """``value`` with every ``@noun`` in it replaced."""
    if is_ref(value):
        return word(value[1:])
    if isinstance(value, dict):
        return {name: filled(each, word) for name, each in value.items()}
    if isinstance(value, list):
        return [filled(each, word) for each in value]
    return value


def refs(value: Any) -> set[str]:
    if is_ref(value):
        return {value[1:]}
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return set().union(*(refs(each) for each in value)) if value else set()
    return set()


def never(theirs: Any) -> Any:
    """What never existed and looks like ``theirs``."""
    if isinstance(theirs, int):
        return NEVER_NUMBER
    if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", theirs):
        return NEVER_UUID
    return NEVER_TEXT if re.fullmatch(r"[A-Z]+-\d+", theirs) else "never-existed"


@dataclass(frozen=True)
class Knock:
    """One request to be made, on an address of pages (``name``) or a path of the API."""

    name: str
    door: Door
    side: Side
    other: dict[str, Any]

    def word(self, noun: str) -> Any:
        return self.other[noun] if noun in self.other else self.side.words[noun]

    @property
    def is_api(self) -> bool:
        return self.name.startswith("/")

    def nouns(self) -> set[str]:
        """The rows the request names, apart from the workspace and the product."""
        return refs(self.door.at) | refs(self.door.query) | refs(self.door.body) | self._key()

    def _key(self) -> set[str]:
        if self.is_api:
            named = "/items/{key}" in self.name and "key" not in self.door.at
            return {"item"} if named else set()
        return {"item"} if "key" in kwargs_of(self.name) and "key" not in self.door.at else set()

    def instead(self, noun: str, word: Any) -> "Knock":
        return replace(self, other={**self.other, noun: word})

    def address(self) -> str:
        at = filled(self.door.at, self.word)
        if self.is_api:
            key = self.word("item") if "/items/{key}" in self.name else self.word("product")
            path = self.name
            for part, value in {"key": key, **at}.items():
                path = path.replace("{" + part + "}", str(value))
            return f"/api/v1{path}"
        named = {
            "workspace": self.word("workspace"),
            "product": self.word("product"),
            "key": self.word("item"),
            **at,
        }
        return reverse(self.name, kwargs={part: named[part] for part in kwargs_of(self.name)})

    def ask(self, scene: Scene, caller: str = "", token: str = "", **headers: str) -> HttpResponse:
        client = scene.browser(caller)
        body = filled(self.door.body, self.word)
        if token:
            headers["Authorization"] = f"Bearer {token}"
        address = self.address()
        query = filled(self.door.query, self.word)
        more: dict[str, Any] = {"query_params": query, "headers": headers}
        if self.is_api:
            more |= {"content_type": "application/json", "data": body if body is not None else {}}
            if isinstance(body, dict) and "file" in body:
                del more["content_type"]
                more["data"] = {"file": SimpleUploadedFile(body["file"], b"Title\nA pier\n")}
            if self.door.method == "GET":
                more = {"query_params": query, "headers": headers}
        elif self.door.method != "GET":
            sent = dict(body or {})
            if "file" in sent:
                sent["file"] = SimpleUploadedFile(sent["file"], b"Title\nA pier\n")
            more["data"] = sent
        answer: HttpResponse = getattr(client, self.door.method.lower())(address, **more)
        return answer


def kwargs_of(name: str) -> tuple[str, ...]:
    """The parts of a named address."""
    return addresses()[name]


#: What differs between any two answers.
_NOISE = (
    (re.compile(r"[A-Za-z0-9]{64}"), "TOKEN"),
    (re.compile(r'nonce="[^"]*"'), "NONCE"),
    # A minute may pass between two answers.
    (re.compile(r">(just now|[^<>]{1,40} ago)</time>"), ">SINCE</time>"),
)


def told(answer: HttpResponse, *words: Any) -> str:
    """The answer's text without what is new in every answer and without the row's own name."""
    text = answer.content.decode(errors="replace") if not answer.streaming else ""
    for pattern, instead in _NOISE:
        text = pattern.sub(instead, text)
    for word in words:
        text = text.replace(str(word), "ROW")
    return text
