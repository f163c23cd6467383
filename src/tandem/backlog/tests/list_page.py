"""What the tests of the backlog's list share."""

from tandem.backlog.models import Item

HTMX = {"HTTP_HX_REQUEST": "true"}


def listed(world, query="", member=None, **more):
    client = world.client(member or world.owner)
    return client.get(world.address(f"backlog/{query}"), **more)


def keys_of(response):
    text = response.content.decode()
    return [part.split('"')[0] for part in text.split('data-row="')[1:]]


def order(world):
    return [row.title.split()[0] for row in Item.objects.of(world.product).order_by("rank")]


def mark(world, item, field="title"):
    """What the editor of a field carries, as a browser gets it."""
    page = world.client(world.owner).get(cell_address(world, item, field), **HTMX)
    return page.content.decode().split('name="mark" value="')[1].split('"')[0]


def cell_address(world, item, field):
    return world.address(f"backlog/rows/{item.key}/{field}/")


def save(world, item, field, value, member=None, **more):
    more.setdefault("mark", mark(world, item, field))
    client = world.client(member or world.owner)
    return client.post(cell_address(world, item, field), {field: value, **more}, **HTMX)


def move(world, member=None, **fields):
    return world.client(member or world.owner).post(world.address("backlog/moves/"), fields, **HTMX)


def create(world, member=None, htmx=True, **fields):
    client = world.client(member or world.owner)
    return client.post(world.address("items/"), fields, **(HTMX if htmx else {}))
