"""The trash over the API."""

from tandem.accounts.models import Product
from tandem.accounts.tests.caller import Caller
from tandem.backlog import operations as backlog
from tandem.backlog.models import Item


def test_a_product_and_an_item_are_thrown_away_brought_back_and_erased(world):
    admin, owner = Caller(world.admin), Caller(world.owner)
    item = backlog.item_create(by=world.owner, product=world.product, title="Berth")
    assert owner("DELETE", f"/items/{item.key}").status_code in {200, 204}
    [row] = owner("GET", "/trash?product=FERRY").json()
    assert (row["kind"], row["id"], row["product"], row["days_left"]) == (
        "item", item.pk, "FERRY", 30,
    )  # fmt: skip
    assert owner("POST", f"/trash/item/{item.pk}/restoration").status_code == 204
    assert owner("GET", "/trash").json() == []
    assert owner("POST", f"/trash/item/{item.pk}/restoration").status_code == 422
    assert owner("POST", "/products/FERRY/deletion").status_code == 403
    assert admin("POST", "/products/FERRY/deletion").status_code == 204
    assert owner("GET", f"/items/{item.key}").status_code == 404
    [row] = admin("GET", "/trash").json()
    assert (row["kind"], row["deleted_by"]) == ("product", world.admin.name)
    assert (
        Caller(world.outsider)("POST", f"/trash/product/{row['id']}/restoration").status_code == 422
    )
    assert admin("POST", f"/trash/product/{row['id']}/restoration").status_code == 204
    assert owner("GET", f"/items/{item.key}").status_code == 200
    admin("POST", "/products/FERRY/deletion")
    assert admin("DELETE", f"/trash/product/{row['id']}").status_code == 204
    assert not Product.objects.filter(pk=row["id"]).exists()
    assert not Item.objects.filter(pk=item.pk).exists()
