"""The one error that is meant for the user. Everything else that is raised is a bug."""


class FaceTaggerError(Exception):
    """Something the user can understand and act on: a bad file, a full disk, a name that fits two people.

    ``title`` is one sentence that says what happened, ``message`` adds the details, ``hint`` says what to do.
    """

    def __init__(self, title: str, message: str = "", hint: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return " ".join(part for part in (self.title, self.message, self.hint) if part)


class PhotoError(FaceTaggerError):
    """A file that cannot be read as a photograph; the import lists it as skipped and goes on."""


class LibraryError(FaceTaggerError):
    """The library cannot be opened or written."""


class ModelError(FaceTaggerError):
    """A weights file is missing, altered or not understood."""


class AmbiguousNameError(FaceTaggerError):
    """A name that two or more people carry; the user must say which one is meant."""


class UnknownNameError(FaceTaggerError):
    """A name or id that nobody in the library carries."""
