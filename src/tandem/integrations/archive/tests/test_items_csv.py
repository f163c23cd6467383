import csv

from tandem.backlog import operations as backlog
from tandem.integrations.archive.export import defused, items_export


def test_a_spreadsheet_runs_no_cell_of_the_csv(world, tmp_path):
    backlog.item_create(by=world.owner, product=world.product, title="=HYPERLINK(evil)")
    counts = items_export(by=world.owner, product=world.product, path=tmp_path / "f.csv")
    with (tmp_path / "f.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert counts == {"items": 1}
    assert rows[0]["title"] == "'=HYPERLINK(evil)"
    assert defused("-3.5") == "-3.5"
    assert defused("-cmd") == "'-cmd"
