from tandem.core.models.event import Event

__all__ = ["Event"]
