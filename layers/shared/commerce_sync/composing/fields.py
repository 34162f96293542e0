"""The field map's transforms, with what identity knows of countries and phone numbers."""

from commerce_sync.config.stores import configured_stores
from commerce_sync.contracts import Person
from commerce_sync.identity.countries import country_name, normalize_country
from commerce_sync.identity.persons import normalize_person
from commerce_sync.profiles.transforms import transforms


def _name(text: str) -> str | None:
    code = normalize_country(text)
    return country_name(code) if code else None


def _phone(text: str, country: str | None) -> str | None:
    """Read as identity reads a contact's: by its country, else by the portal's."""
    portal = next(store for (source, _), store in configured_stores().items() if source == "hubspot")
    return normalize_person(Person(phone=text, country=country), portal).phone


TRANSFORMS = transforms(normalize_country, _name, _phone)
