import csv
import json
import zipfile

import pytest

from tandem.backlog import operations as backlog
from tandem.core.errors import Refused
from tandem.integrations.archive.export import defused, product_export
from tandem.integrations.archive.tables import TABLES


@pytest.fixture
def item(world):
    item = backlog.item_create(
        by=world.owner, product=world.product, title="=HYPERLINK(evil)", labels=["web"]
    )
    backlog.criterion_add(by=world.owner, item=item, text="It loads")
    backlog.comment_write(by=world.stakeholder, item=item, text="Gladly, Søren")
    return item


def test_the_archive_holds_every_row_of_the_product_and_no_other(world, item, tmp_path):
    backlog.item_create(by=world.outsider, product=world.foreign_product, title="Not mine")
    counts = product_export(by=world.owner, product=world.product, path=tmp_path / "f.zip")
    with zipfile.ZipFile(tmp_path / "f.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        items = [json.loads(line) for line in archive.read("items.jsonl").splitlines()]
        comments = archive.read("comments.jsonl").decode()
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert manifest["rows"] == counts
    assert set(counts) == {table.name for table in TABLES}
    assert [row["title"] for row in items] == ["=HYPERLINK(evil)"]
    assert "Søren" in comments
    assert b"Not mine" not in everything
    assert world.owner.user.password.encode() not in everything


def test_a_spreadsheet_runs_no_cell_of_the_csv(world, item, tmp_path):
    product_export(by=world.owner, product=world.product, path=tmp_path / "f.csv")
    with (tmp_path / "f.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["title"] == "'=HYPERLINK(evil)"
    assert defused("-3.5") == "-3.5"
    assert defused("-cmd") == "'-cmd"


def test_it_refuses_a_place_it_cannot_write_and_leaves_nothing(world, item, tmp_path):
    with pytest.raises(Refused, match="Cannot write"):
        product_export(by=world.owner, product=world.product, path=tmp_path / "no" / "f.zip")
    with pytest.raises(Refused, match="folder"):
        product_export(by=world.owner, product=world.product, path=tmp_path)
    assert list(tmp_path.iterdir()) == []
