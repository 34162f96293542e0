"""A HubSpot contact as Klaviyo shall know it: pure, from the contact's properties and the field map."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

MODIFIED = "lastmodifieddate"


class FieldLine(Protocol):
    """One line of the field map."""

    @property
    def source(self) -> str:
        """The property in HubSpot."""

    @property
    def name(self) -> str:
        """What it is called in Klaviyo."""

    @property
    def kind(self) -> str:
        """``attribute`` or ``property``."""


@dataclass(frozen=True, slots=True)
class KlaviyoProfile:
    """What to write about one email address. Empty values are left out: nothing is cleared by accident.

    ``version`` is the contact's own modified time, as HubSpot writes it: texts that sort as times do.
    """

    email: str
    version: str
    attributes: Mapping[str, str]
    properties: Mapping[str, str]

    @property
    def digest(self) -> str:
        """Equal for equal content: a profile whose last confirmed digest is this one is not written again."""
        content = json.dumps([self.email, dict(self.attributes), dict(self.properties)], sort_keys=True)
        return sha256(content.encode()).hexdigest()[:32]


def klaviyo_profile(email: str, contact: Mapping[str, str | None], fields: Iterable[FieldLine]) -> KlaviyoProfile:
    """Map a contact's properties."""
    values = {(field.kind, field.name): contact.get(field.source) for field in fields}
    return KlaviyoProfile(
        email,
        contact.get(MODIFIED) or "",
        {name: value for (kind, name), value in values.items() if kind == "attribute" and value},
        {name: value for (kind, name), value in values.items() if kind == "property" and value},
    )
