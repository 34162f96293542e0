"""Countries as ISO 3166-1 alpha-2 codes."""

from phonenumbers import SUPPORTED_REGIONS

from commerce_sync.identity.text import is_placeholder, visible

VARIANTS = {
    "usa": "US",
    "u.s.": "US",
    "u.s.a.": "US",
    "united states": "US",
    "united states of america": "US",
    "uk": "GB",
    "united kingdom": "GB",
    "great britain": "GB",
    "england": "GB",
    "canada": "CA",
    "germany": "DE",
    "deutschland": "DE",
    "france": "FR",
    "spain": "ES",
    "españa": "ES",
    "italy": "IT",
    "italia": "IT",
    "netherlands": "NL",
    "the netherlands": "NL",
    "austria": "AT",
    "österreich": "AT",
    "japan": "JP",
    "australia": "AU",
    "portugal": "PT",
    "ireland": "IE",
}


def normalize_country(raw: str) -> str | None:
    """The alpha-2 code of a code or of a common name, or None."""
    text = visible(raw)
    if text.isascii() and text.upper() in SUPPORTED_REGIONS:  # before placeholders: NA is Namibia
        return text.upper()
    if is_placeholder(text):
        return None
    return VARIANTS.get(text.casefold())
