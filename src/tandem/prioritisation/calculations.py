"""Rows -> the prioritisation engine -> what pages, commands and plans use."""

from tandem.accounts.models import Product
from tandem_engine.prioritisation import PRESETS, Ranking, ScoringModel, preset

__all__ = ["PRESETS", "Ranking", "preset_for"]


def preset_for(slug: str, product: Product) -> ScoringModel:
    """A preset measured in the product's estimate unit."""
    return preset(slug, effort_unit=product.estimate_unit)
