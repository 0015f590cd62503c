"""The one error for what a user can mend."""


class TrainerError(Exception):
    """A mistake of the input, told in one line: where, what was expected, what was received."""

    def __init__(self, message: str, where: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message)
        self.where = where
        self.message = message
