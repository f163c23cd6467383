"""Statistics shared by the engines."""

from .agreement import Level, krippendorff_alpha

__all__ = ["Level", "krippendorff_alpha"]
