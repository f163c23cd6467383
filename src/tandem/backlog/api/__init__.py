"""The backlog over the API, a file per noun."""

from ninja import Router

from tandem.backlog.api.attachments import router as attachments
from tandem.backlog.api.bulk import router as bulk
from tandem.backlog.api.flow import router as flow
from tandem.backlog.api.hanging import router as hanging
from tandem.backlog.api.items import router as items
from tandem.backlog.api.own_fields import router as own_fields
from tandem.backlog.api.parking import router as parking
from tandem.backlog.api.products import router as products
from tandem.backlog.api.reading import item_of
from tandem.backlog.api.reshaping import router as reshaping
from tandem.backlog.api.talk import router as talk
from tandem.backlog.api.templates import router as templates
from tandem.backlog.api.views import router as views

router = Router()
router.add_router("", items)
router.add_router("", bulk)
router.add_router("", reshaping)
router.add_router("", hanging)
router.add_router("", own_fields)
router.add_router("", attachments)
router.add_router("", products)
router.add_router("", flow)
router.add_router("", parking)
router.add_router("", templates)
router.add_router("", views)
router.add_router("", talk)

__all__ = ["item_of", "router"]
