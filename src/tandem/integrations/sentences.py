"""How this app's events read in the history and the activity."""

from tandem.backlog.history import say

for verb, sentence in {
    "item.reimported": "imported the item again",
    "item.past": "changed {field}",
    "import.uploaded": "chose a file to import",
    "import.mapped": "said how to read a file",
    "import.done": "imported a file",
    "import.reverted": "took an import back",
    "import.discarded": "forgot a file",
    "product.deleted": "deleted the product",
    "product.restored": "brought the product back",
    "product.erased": "erased a product for good",
    "item.erased": "erased an item for good",
    "comment.erased": "erased a comment for good",
    "archive.exported": "took everything away as an archive",
    "archive.asked": "asked for an archive",
    "archive.uploaded": "uploaded an archive",
    "archive.imported": "brought it in from an archive",
    "feed.made": "made a feed",
    "feed.revoked": "revoked a feed",
    "webhook.created": "made a webhook",
    "webhook.updated": "changed a webhook",
    "webhook.deleted": "deleted a webhook",
    "webhook.secret_rotated": "gave a webhook a new secret",
    "webhook.disabled": "stopped a webhook that kept failing",
    "webhook.sent_again": "sent a delivery again",
}.items():
    say(verb, sentence)
