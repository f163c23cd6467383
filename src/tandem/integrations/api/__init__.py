"""Importing, taking out, feeds, webhooks and chats over the API."""

from ninja import Router

from tandem.integrations.api.chats import router as chats
from tandem.integrations.api.connections import router as connections
from tandem.integrations.api.exports import router as exports
from tandem.integrations.api.feeds import router as feeds
from tandem.integrations.api.imports import router as imports
from tandem.integrations.api.pasting import router as pasting
from tandem.integrations.api.trash import router as trash
from tandem.integrations.api.webhooks import router as webhooks

router = Router()
router.add_router("", imports)
router.add_router("", chats)
router.add_router("", connections)
router.add_router("", exports)
router.add_router("", feeds)
router.add_router("", pasting)
router.add_router("", trash)
router.add_router("", webhooks)

__all__ = ["router"]
