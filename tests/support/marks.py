"""A job whose runs can be counted from outside."""

import os
import time

from django_tasks import task

#: The number of the job that its first worker does not end.
HELD = 7


@task()
def mark(number: int) -> None:
    """A comment ``job N`` on the first item, however often this runs.

    The job ``HELD`` says on its first attempt which process has it, and waits there to be killed.
    """
    from tandem.backlog.models import Comment, Item
    from tandem.backlog.operations import comment_write
    from tandem.cli.base import operator

    time.sleep(0.05)
    if number == HELD and not Comment.objects.filter(text__startswith="held by ").exists():
        item = Item.objects.select_related("product").order_by("pk")[0]
        comment_write(by=operator(), item=item, text=f"held by {os.getpid()}")
        time.sleep(600)
    if not Comment.objects.filter(text=f"job {number}").exists():
        item = Item.objects.select_related("product").order_by("pk")[0]
        comment_write(by=operator(), item=item, text=f"job {number}")
