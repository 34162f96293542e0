"""The rows of the newsletter's list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

CONSENTS = ("marketing_newsletter", "abandoned_cart")
SOURCES = ("storefront", "order", "custom")


@dataclass
class Row:
    """One subscriber."""

    row_id: int
    email: str
    created: datetime
    modified: datetime
    source: str = "custom"
    order_id: int | None = None
    first_name: str = ""
    last_name: str = ""
    channel_id: int = 1
    consents: tuple[str, ...] = ()

    def shown(self, *, knows_consents: bool) -> dict[str, Any]:
        """As the API shows it."""
        consents = {"consents": list(self.consents)} if knows_consents else {}
        return {
            "id": self.row_id,
            "email": self.email,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "source": self.source,
            "order_id": self.order_id,
            "channel_id": self.channel_id,
            "date_created": _text(self.created),
            "date_modified": _text(self.modified),
            **consents,
        }


WRITABLE = ("email", "first_name", "last_name", "source", "order_id", "channel_id", "consents")


def problems(given: Mapping[str, Any], *, is_new: bool) -> dict[str, str]:
    """What is wrong with a body, by field. An unknown field is wrong here, so that a misspelt one is caught."""
    found = {name: "is not a field of a subscriber" for name in given if name not in WRITABLE}
    email, consents, source = given.get("email"), given.get("consents", []), given.get("source", "custom")
    if (is_new or "email" in given) and not (isinstance(email, str) and "@" in email):
        found["email"] = "is not an email address"
    if not (isinstance(consents, list) and set(map(str, consents)) <= set(CONSENTS)):
        found["consents"] = f"are of {', '.join(CONSENTS)}"
    if source not in SOURCES:
        found["source"] = f"is one of {', '.join(SOURCES)}"
    return found


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
