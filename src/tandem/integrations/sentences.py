"""How this app's events read in the history and the activity."""

from django.utils.translation import gettext_noop as N_

from tandem.backlog.history_words import say

for verb, sentence in {
    "item.reimported": N_("imported the item again"),
    "item.past": N_("changed {field}"),
    "import.uploaded": N_("chose a file to import"),
    "import.mapped": N_("said how to read a file"),
    "import.done": N_("imported a file"),
    "import.reverted": N_("took an import back"),
    "import.discarded": N_("forgot a file"),
    "product.deleted": N_("deleted the product"),
    "product.restored": N_("brought the product back"),
    "product.erased": N_("erased a product for good"),
    "item.erased": N_("erased an item for good"),
    "comment.erased": N_("erased a comment for good"),
    "attachment.erased": N_("erased an attachment for good"),
    "archive.exported": N_("took everything away as an archive"),
    "archive.asked": N_("asked for an archive"),
    "archive.uploaded": N_("uploaded an archive"),
    "archive.imported": N_("brought it in from an archive"),
    "feed.made": N_("made a feed"),
    "feed.revoked": N_("revoked a feed"),
    "webhook.created": N_("made a webhook"),
    "webhook.updated": N_("changed a webhook"),
    "webhook.deleted": N_("deleted a webhook"),
    "webhook.secret_rotated": N_("gave a webhook a new secret"),
    "webhook.disabled": N_("stopped a webhook that kept failing"),
    "webhook.sent_again": N_("sent a delivery again"),
    "chat.created": N_("made a chat target"),
    "chat.updated": N_("changed a chat target"),
    "chat.deleted": N_("deleted a chat target"),
    "connection.made": N_("connected a tracker"),
    "connection.read": N_("read everything of the tracker"),
    "connection.updated": N_("changed a connection"),
    "connection.token_given": N_("gave a connection a new token"),
    "connection.secret_rotated": N_("gave a connection a new secret"),
    "connection.stopped": N_("stopped a connection"),
    "connection.synced": N_("asked a connection to look"),
    "connection.ended": N_("disconnected a tracker"),
    "connection.decided": N_("decided what counts"),
}.items():
    say(verb, sentence)
