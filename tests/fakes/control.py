"""The control table in memory."""

from collections.abc import Iterator, Mapping
from typing import Any

from commerce_sync.aws.control import Control


class ControlInMemory(Control):
    """Documents by name, with a revision each."""

    def __init__(self) -> None:
        super().__init__("no table")
        self.documents: dict[str, tuple[Mapping[str, Any], int]] = {}

    def read(self, name: str) -> tuple[Mapping[str, Any], int]:
        """A document and its revision."""
        return self.documents.get(name, ({}, 0))

    def write(self, name: str, document: Mapping[str, Any], revision: int) -> bool:
        """Write over the revision that was read."""
        if self.read(name)[1] != revision:
            return False
        self.documents[name] = (dict(document), revision + 1)
        return True

    def named(self, prefix: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Every document whose name begins so."""
        return ((name, one) for name, (one, _) in self.documents.items() if name.startswith(prefix))
