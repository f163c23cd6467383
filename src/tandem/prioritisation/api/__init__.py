"""Prioritising over the API, a file per noun."""

from ninja import Router

from tandem.prioritisation.api.challenges import router as challenges
from tandem.prioritisation.api.history import router as history
from tandem.prioritisation.api.models import router as models
from tandem.prioritisation.api.ranking import router as ranking
from tandem.prioritisation.api.ratings import router as ratings
from tandem.prioritisation.api.sessions import router as sessions
from tandem.prioritisation.api.shaping import router as shaping
from tandem.prioritisation.api.weights import router as weights

router = Router()
router.add_router("", models)
router.add_router("", ranking)
router.add_router("", ratings)
router.add_router("", shaping)
router.add_router("", weights)
router.add_router("", history)
router.add_router("", challenges)
router.add_router("", sessions)

__all__ = ["router"]
