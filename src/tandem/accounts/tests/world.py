"""The world every test lives in: Skerry Lines with its people and product, and an outsider."""

from dataclasses import dataclass

from django.test import Client

from tandem.accounts import operations
from tandem.accounts.models import Member, Product
from tandem.accounts.sample import PRODUCT_KEY, PRODUCT_NAME, People, people_make


@dataclass(frozen=True)
class World:
    people: People
    product: Product
    #: An administrator of another workspace, with a product of the same key there.
    outsider: Member
    foreign_product: Product

    def __getattr__(self, name: str) -> Member:
        """``world.owner``, ``world.technical``, ``world.developer``, …"""
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.people, name)

    def client(self, member: Member | None) -> Client:
        """A browser signed in as ``member``; ``None``: nobody."""
        client = Client()
        if member is not None:
            client.force_login(member.user)
        return client

    def address(self, rest: str = "") -> str:
        """``/w/skerry/FERRY/<rest>``."""
        return f"/w/{self.people.workspace.slug}/{self.product.key}/{rest}"


def make_world() -> World:
    people = people_make()
    product = operations.product_create(by=people.admin, key=PRODUCT_KEY, name=PRODUCT_NAME)
    user = operations.user_create(email="otto@other.example", name="Otto Other")
    outsider = operations.workspace_create(name="Other Works", user=user)
    foreign = operations.product_create(by=outsider, key=PRODUCT_KEY, name="Other ferry")
    return World(people=people, product=product, outsider=outsider, foreign_product=foreign)
