"""Importing and taking out over the API."""

from ninja import Router

from tandem.integrations.api.exports import router as exports
from tandem.integrations.api.imports import router as imports

router = Router()
router.add_router("", imports)
router.add_router("", exports)

__all__ = ["router"]
