"""BigCommerce's error bodies: V3 has one object, V2 a list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class BigCommerceError(Exception):
    """A refusal. ``errors`` are messages by the field that is to blame."""

    status: int
    title: str
    errors: Mapping[str, str] = field(default_factory=dict)

    def body(self, version: str) -> Any:
        """As its version of the API writes it."""
        if version == "v2":
            return [{"status": self.status, "message": self.title}]
        blamed = {"errors": dict(self.errors)} if self.errors else {}
        return {"status": self.status, "title": self.title, "type": "about:blank", **blamed}


def invalid(**errors: str) -> BigCommerceError:
    """What was sent does not fit; every field is named."""
    return BigCommerceError(422, "JSON data is missing or invalid", errors)


def not_found() -> BigCommerceError:
    """Nothing there, or no longer."""
    return BigCommerceError(404, "The requested resource was not found.")
