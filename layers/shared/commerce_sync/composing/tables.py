"""Everything of the layer that a deployer may edit, loaded as the functions load it. The layer's build runs this."""

import sys

from commerce_sync.config.advanced import advanced_properties, senders_of_properties
from commerce_sync.config.consent import consent_policy, translated_stores
from commerce_sync.config.events import events_rules
from commerce_sync.config.fields import mapped_fields
from commerce_sync.config.identity import identity_rules
from commerce_sync.config.limits import vendor_limits
from commerce_sync.config.natives import native_apps
from commerce_sync.config.revenue import revenue_rules
from commerce_sync.config.stores import configured_stores
from commerce_sync.consent.keywords import shipped_keywords
from commerce_sync.consent.quiet_hours import shipped_quiet_hours
from commerce_sync.consent.rules import shipped_rules
from commerce_sync.errors import ConfigurationError

LOADERS = (
    configured_stores,
    consent_policy,
    translated_stores,
    native_apps,
    events_rules,
    revenue_rules,
    vendor_limits,
    mapped_fields,
    advanced_properties,
    senders_of_properties,
    identity_rules,
    shipped_rules,
    shipped_keywords,
    shipped_quiet_hours,
)


def faults() -> list[str]:
    """What is wrong, by file and place; one of each loader at most."""
    found = []
    for load in LOADERS:
        try:
            load()
        except ConfigurationError as error:
            found.append(str(error))
    return list(dict.fromkeys(found))


if __name__ == "__main__":
    sys.exit("\n".join(faults()) or None)
