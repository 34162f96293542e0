"""HubSpot: contacts, orders and deals, properties, consent (developers.hubspot.com, one dated version in every path).

Who changes email subscriptions imports :mod:`commerce_sync.vendors.hubspot.preferences` by name; few may.
"""

from commerce_sync.vendors.hubspot.client import HubSpot
from commerce_sync.vendors.hubspot.consent_properties import HubSpotConsentProperties
from commerce_sync.vendors.hubspot.contacts import HubSpotContacts
from commerce_sync.vendors.hubspot.opt_outs import HubSpotOptOuts
from commerce_sync.vendors.hubspot.properties import HubSpotProperties
from commerce_sync.vendors.hubspot.revenue import HubSpotRevenue
from commerce_sync.vendors.hubspot.statuses import HubSpotStatuses

__all__ = [
    "HubSpot",
    "HubSpotConsentProperties",
    "HubSpotContacts",
    "HubSpotOptOuts",
    "HubSpotProperties",
    "HubSpotRevenue",
    "HubSpotStatuses",
]
