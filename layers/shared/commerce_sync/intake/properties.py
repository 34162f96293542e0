"""The properties that an event carries beside its facts: few, named, and never free text about a person."""

from typing import Final
from urllib.parse import parse_qsl

from commerce_sync.intake.fields import text

_LONGEST_QUERY: Final = 4096


def properties_of(landing_site: str | None = None, **said: str | None) -> dict[str, str]:
    """The given properties that say something, and the UTM parameters of the page the buyer landed on."""
    properties = {name: told for name, value in said.items() if value and (told := value.strip())}
    return properties if landing_site is None else properties | utm_parameters(landing_site)


def utm_parameters(landing_site: str) -> dict[str, str]:
    """The ``utm_*`` parameters of an address; of a repeated one the last, as browsers' scripts read them."""
    if "utm_" not in landing_site:
        return {}
    query = landing_site.partition("?")[2].partition("#")[0][:_LONGEST_QUERY]
    return {name: said for name, value in parse_qsl(query) if name.startswith("utm_") and (said := text(value))}
