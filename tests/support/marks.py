"""A job whose runs can be counted from outside."""

import time

from django_tasks import task


@task()
def mark(number: int) -> None:
    """A comment ``job N`` on the first item, however often this runs."""
    from tandem.backlog.models import Comment, Item
    from tandem.backlog.operations import comment_write
    from tandem.cli.base import operator

    time.sleep(0.05)
    if not Comment.objects.filter(text=f"job {number}").exists():
        item = Item.objects.select_related("product").order_by("pk")[0]
        comment_write(by=operator(), item=item, text=f"job {number}")
