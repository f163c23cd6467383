"""What the tests of the item's page share: who there is, how to ask and to send."""

from django.utils import timezone

from tandem.backlog.forms import mark_of
from tandem.backlog.models import Comment, Item

EVERYBODY = ("admin", "owner", "technical", "developer", "stakeholder", "viewer")
MAKERS = ("admin", "owner", "technical", "developer")
HTMX = {"headers": {"HX-Request": "true"}}
SCRIPT = "<script>window.broken=1</script><img src=x onerror=alert(1)>"


def page(world, item, rest=""):
    return world.address(f"items/{item.key}/{rest}")


def send(world, member, item, rest, data=None, *, htmx=False):
    extra = HTMX if htmx else {}
    return world.client(member).post(page(world, item, rest), data or {}, **extra)


def mark(item, *names):
    return mark_of(Item.objects.prefetch_related("labels").get(pk=item.pk), names)


def make_comments(world, item, count):
    now = timezone.now()
    Comment.objects.bulk_create(
        Comment(item=item, text=f"Comment number {n:03d}", written_by=world.owner, written_at=now)
        for n in range(count)
    )
