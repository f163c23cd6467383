"""The one error of the prioritisation engine: an input it cannot give a meaning."""


class ScoringError(ValueError):
    """Raised when a model, a rating or an estimate is refused.

    ``message`` is written for the person who can mend it; ``where`` names the place, such as
    ``"WEB-42 / urgency"`` or ``"model RICE"``, so that a page can lead there.
    """

    def __init__(self, message: str, where: str) -> None:
        super().__init__(f"{where}: {message}")
        self.message = message
        self.where = where
