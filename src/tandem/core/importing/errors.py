"""The one exception that reading a file may raise."""

from tandem_engine.words import said


class ImportRefused(Exception):
    """The file as a whole cannot be read, and nothing of it was used.

    ``message`` is written for the person who chose the file: what is wrong, where, what to do. ``line`` is the
    1-based physical line it is about, or None when the whole file is meant.
    """

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line

    @property
    def sentence(self) -> str:
        """The message with its line, made of its parts."""
        if not self.line:
            return self.message
        return said("line %(line)s: %(message)s", line=self.line, message=self.message)

    def __str__(self) -> str:
        return str(self.sentence)
