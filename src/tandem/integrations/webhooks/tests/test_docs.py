"""The recipe of docs/using/webhooks.md, run as it stands there."""

import re
import time
from pathlib import Path

from tandem.core.jobs import worker
from tandem.integrations.webhooks import operations as do

PAGE = Path(__file__).parents[5] / "docs" / "using" / "webhooks.md"


def test_the_documented_recipe_tells_true_from_false(world, receiver):
    (recipe,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names = {}
    exec(recipe, names)
    check = names["is_from_tandem"]
    _, secret = do.webhook_create(by=world.admin, name="Chat", url=receiver.url())
    worker.work(until_idle=True)
    got = receiver.got[0]
    assert check(secret, got.headers, got.body)
    assert not check(secret, got.headers, got.body + b" ")
    old = got.headers | {"webhook-timestamp": str(int(time.time()) - 3600)}
    assert not check(secret, old, got.body)
