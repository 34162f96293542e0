"""A reason why something in a verified body became no event.

It says where in the body and what was expected, never what stood there: bodies hold personal data.
"""

from dataclasses import dataclass, replace

from commerce_sync.errors import PermanentError
from commerce_sync.intake.catalogue import CATALOGUE, Code


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why one thing in a body became no event. ``path`` is where, like ``line_items[2].price``; no values."""

    code: Code
    path: str
    expected: str
    advice: str

    @property
    def waits(self) -> bool:
        """Whether something is left to be done; otherwise the delivery is settled and only counted."""
        return CATALOGUE[self.code].waits


class RejectedError(PermanentError):
    """Carries a rejection from where it was found to the translation that reports it."""

    def __init__(self, rejection: Rejection) -> None:
        super().__init__(f"{rejection.code} at {rejection.path or 'the body'}")
        self.rejection = rejection

    def inside(self, place: str) -> "RejectedError":
        """The same, seen from around ``place``: ``price`` inside ``line_items[2]`` is ``line_items[2].price``."""
        inner = self.rejection.path
        path = f"{place}{inner}" if not inner or inner.startswith("[") else f"{place}.{inner}"
        return RejectedError(replace(self.rejection, path=path))


def reject(code: Code, path: str = "", expected: str = "") -> Rejection:
    """A rejection with its advice from the catalogue."""
    reason = CATALOGUE[code]
    return Rejection(code, path, expected, f"{reason.meaning} {reason.action}")


def refuse(code: Code, path: str = "", expected: str = "") -> RejectedError:
    """The same as an exception, for where the rest of a fact cannot be built without this part."""
    return RejectedError(reject(code, path, expected))
