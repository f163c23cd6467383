"""Taking a product or a workspace away and bringing it back, as the command does it."""

import json

import pytest
from click.testing import CliRunner

from tandem.accounts.models import Product, Workspace
from tandem.backlog import operations as backlog
from tandem.cli.commands.export import export
from tandem.cli.commands.import_ import import_
from tandem.core.errors import Refused


def run(command, *arguments):
    result = CliRunner().invoke(command, [str(each) for each in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def test_a_product_goes_and_comes_under_another_key(world, tmp_path):
    backlog.item_create(by=world.owner, product=world.product, title="Sail")
    file = tmp_path / "ferry.zip"
    told = json.loads(
        run(export, file, "--product", "FERRY", "--workspace", "skerry", "--json").stdout
    )
    assert told["rows"]["items"] == 1
    answer = run(import_, "tandem", file, "--workspace", "skerry", "--product", "NEXT", "--json")
    assert json.loads(answer.stdout)["product"] == "NEXT"
    assert "items" in answer.stderr
    assert Product.objects.get(key="NEXT").items.get().title == "Sail"


def test_a_workspace_goes_and_comes_under_another_address(world, tmp_path):
    backlog.item_create(by=world.owner, product=world.product, title="Sail")
    file = tmp_path / "all.zip"
    assert "1 items of Skerry Lines" in run(export, file, "--workspace", "skerry").stdout
    run(import_, "tandem", file, "--workspace", "second")
    assert Workspace.objects.get(slug="second").products.get().items.get().title == "Sail"


def test_it_says_what_is_missing(world, tmp_path):
    with pytest.raises(Refused, match="--product KEY, or --workspace SLUG"):
        run(export, tmp_path / "f.zip")
    with pytest.raises(Refused, match="Workspaces here: other-works, skerry"):
        run(export, tmp_path / "f.zip", "--workspace", "nowhere")
    with pytest.raises(Refused, match="with --product"):
        run(export, tmp_path / "f.csv", "--workspace", "skerry")
    with pytest.raises(Refused, match="into which product"):
        run(import_, "csv", tmp_path / "f.csv")
    with pytest.raises(Refused, match="Cannot read"):
        run(import_, "tandem", tmp_path / "f.zip")
