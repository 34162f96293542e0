"""Consent statements with their addresses in normal form: consent belongs to exactly one address, or to none."""

from collections.abc import Iterable

from commerce_sync.contracts import Store
from commerce_sync.contracts.consent import ConsentStatement
from commerce_sync.identity.countries import normalize_country
from commerce_sync.identity.emails import normalize_email
from commerce_sync.identity.phones import normalize_phone

Statements = list[ConsentStatement]


def normalize_statements(said: Iterable[ConsentStatement], store: Store) -> tuple[Statements, Statements]:
    """Those whose address is one, normalised, and those whose address is none, as they were.

    A phone number is read in its own international form, else in the statement's regions, at last in the store's.
    """
    usable, unusable = [], []
    for statement in said:
        country = normalize_country(statement.country or "")
        regions = [normalize_country(region) for region in statement.regions]
        known = tuple(dict.fromkeys(region for region in (country, *regions, store.country) if region))
        read = normalize_email(statement.address) if statement.channel == "email" else None
        address = read or (normalize_phone(statement.address, known) if statement.channel == "sms" else None)
        if address is None:
            unusable.append(statement)
            continue
        changes = {"address": address, "country": country, "regions": known}
        usable.append(statement.model_copy(update=changes))
    return usable, unusable
