"""Identity: what an identifier is, and which profile a person's identifiers point at."""

from commerce_sync.identity.countries import normalize_country
from commerce_sync.identity.emails import normalize_email
from commerce_sync.identity.phones import normalize_phone

__all__ = ["normalize_country", "normalize_email", "normalize_phone"]
