"""The one exception that reading a file may raise."""


class ImportRefused(Exception):
    """The file as a whole cannot be read, and nothing of it was used.

    ``message`` is written for the person who chose the file: what is wrong, where, what to do. ``line`` is the
    1-based physical line it is about, or None when the whole file is meant.
    """

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}" if self.line else self.message
