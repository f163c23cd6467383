"""The one failure a forecast can answer with."""


class ForecastError(ValueError):
    """An input no forecast can be made from.

    ``message`` is a sentence a person reads: what is wrong and what to do. ``where`` names the
    input at fault (``"items"``, ``"by"``, ``"range"``, ``"finished"`` ...), so that a form can
    show the sentence beside its field.
    """

    def __init__(self, message: str, where: str) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
