"""A tracker on loopback: a small GitHub that keeps issues, pages, limits, and can be told to fail."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

#: ``(status, headers, body)``
Answer = tuple[int, dict[str, str], Any]


@dataclass
class Asked:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


@dataclass
class Tracker:
    """``failing`` answers come first, one for each request; then ``answer`` works."""

    port: int = 0
    token: str = "good"
    issues: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    failing: list[Answer] = field(default_factory=list)
    limit_left: str = "4999"
    answer: Callable[["Tracker", Asked], Answer] | None = None
    clock: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def later(self) -> str:
        """The next moment of this tracker's clock."""
        self.clock += 1
        return f"2026-03-01T10:{self.clock // 60:02}:{self.clock % 60:02}Z"

    def changes(self) -> list[Asked]:
        return [each for each in self.asked if each.method in ("PATCH", "PUT", "POST")]


@contextmanager
def serving(answer: Callable[[Tracker, Asked], Answer]) -> Iterator[Tracker]:
    tracker = Tracker(answer=answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def handle_any(self) -> None:
            parts = urlsplit(self.path)
            size = int(self.headers.get("Content-Length") or 0)
            asked = Asked(
                self.command,
                parts.path,
                {name: values[0] for name, values in parse_qs(parts.query).items()},
                {name.lower(): value for name, value in self.headers.items()},
                json.loads(self.rfile.read(size)) if size else None,
            )
            tracker.asked.append(asked)
            assert tracker.answer is not None
            given = tracker.failing.pop(0) if tracker.failing else tracker.answer(tracker, asked)
            status, headers, body = given
            sent = b"" if body is None else json.dumps(body).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *args: Any) -> None:
            pass

    for method in ("GET", "POST", "PATCH", "PUT"):
        setattr(Handler, f"do_{method}", Handler.handle_any)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    tracker.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield tracker
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


def github(tracker: Tracker, asked: Asked) -> Answer:
    """GitHub's REST, as far as a connection asks for it."""
    headers = {"X-RateLimit-Remaining": tracker.limit_left, "X-RateLimit-Reset": "4102444800"}
    if asked.headers.get("authorization") != f"Bearer {tracker.token}":
        return 401, headers, {"message": "Bad credentials"}
    found = re.fullmatch(r"/repos/club/sea(/issues(?:/(\d+))?)?", asked.path)
    if not found:
        return 404, headers, {"message": "Not Found"}
    if not found[1]:
        return 200, headers, {"full_name": "club/sea", "has_issues": True}
    if not found[2]:
        size, page = int(asked.query["per_page"]), int(asked.query["page"])
        rows = sorted(tracker.issues.values(), key=lambda row: (row["updated_at"], row["number"]))
        rows = [row for row in rows if row["updated_at"] >= asked.query.get("since", "")]
        return 200, headers, rows[(page - 1) * size : page * size]
    issue = tracker.issues.get(found[2])
    if issue is None:
        return 410, headers, {"message": "This issue was deleted"}
    if asked.method == "PATCH":
        issue.update(asked.body, updated_at=tracker.later())
        issue["closed_at"] = issue["updated_at"] if issue["state"] == "closed" else None
    return 200, headers, issue


def issue_of(tracker: Tracker, number: int, title: str, **fields: Any) -> dict[str, Any]:
    """A new issue of the small GitHub."""
    made = {
        "number": number, "title": title, "state": "open", "state_reason": None, "body": "", "labels": [],
        "html_url": f"https://github.com/club/sea/issues/{number}", "user": {"login": "ana"}, "assignees": [],
        "created_at": "2026-02-01T10:00:00Z", "updated_at": tracker.later(), "closed_at": None,
    } | fields  # fmt: skip
    tracker.issues[str(number)] = made
    return made
