"""The examples of docs/using/api-tasks.md do what they say, against a server."""

import io
import os
import re
import subprocess
import zipfile
from pathlib import Path

from tandem.accounts import operations
from tandem.accounts.sample import people_make
from tandem.backlog.models import Comment, Item, Question
from tandem.integrations.models import ImportRun
from tandem.prioritisation.models import Rating

PAGE = Path(__file__).parents[2] / "docs" / "using" / "api-tasks.md"


def test_the_ten_tasks_of_the_docs_run(transactional_db, live_server, tmp_path, monkeypatch):
    people = people_make()
    operations.product_create(by=people.admin, key="WEB", name="Website")
    _, token = operations.token_create(by=people.admin, name="docs")
    monkeypatch.setenv("TANDEM", f"{live_server.url}/api/v1")
    monkeypatch.setenv("TOKEN", token)
    blocks = re.findall(r"^```(bash|python)\n(.*?)^```", PAGE.read_text(), re.M | re.S)
    assert [kind for kind, _ in blocks] == ["bash", "python"] * 10
    python: dict[str, object] = {}
    for kind, text in blocks:
        if kind == "python":
            exec(compile(text, str(PAGE), "exec"), python)
            continue
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", text],
            capture_output=True, text=True, cwd=tmp_path, env=dict(os.environ), timeout=240, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
    titles = set(Item.objects.values_list("title", flat=True))
    assert titles == {"Book a seat", "Pay by card", "Show the timetable", "Change the timetable"}
    first = Item.objects.select_related("status").get(title="Book a seat")
    assert (first.status.name, first.estimate_high) == ("In progress", 8)
    assert [label.name for label in first.labels.all()] == ["harbour"]
    assert (Comment.objects.count(), Question.objects.count()) == (1, 1)
    assert Rating.objects.get().value == 4
    assert {each["key"] for each in python["found"]} == {"WEB-1", "WEB-2"}
    assert python["forecast"]["question"] == "how_many"
    assert ImportRun.objects.count() == 2
    assert (tmp_path / "items-out.csv").read_text().startswith("key,")
    for archive in ((tmp_path / "web.zip").read_bytes(), python["archive"]):
        assert zipfile.ZipFile(io.BytesIO(archive)).testzip() is None
