"""A profile as Klaviyo's writes take it, alone or as a row of an import."""

from collections.abc import Mapping
from typing import Any, Final

LOCATION: Final = frozenset({"address1", "address2", "city", "country", "region", "timezone", "zip"})


def profile_row(email: str, attributes: Mapping[str, str | None], properties: Mapping[str, object]) -> dict[str, Any]:
    """The resource. Omitted leaves a field and null clears it, so nothing unset is ever there but to be cleared."""
    own: dict[str, Any] = {name: value for name, value in attributes.items() if name not in LOCATION}
    if place := {name: value for name, value in attributes.items() if name in LOCATION}:
        own["location"] = place
    if properties:
        own["properties"] = dict(properties)
    return {"type": "profile", "attributes": {"email": email, **own}}
