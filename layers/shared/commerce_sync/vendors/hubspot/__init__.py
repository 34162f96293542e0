"""HubSpot: contacts, orders, properties, consent (developers.hubspot.com, one dated version in every path)."""

from commerce_sync.vendors.hubspot.client import HubSpot
from commerce_sync.vendors.hubspot.consent_properties import HubSpotConsentProperties
from commerce_sync.vendors.hubspot.contacts import HubSpotContacts
from commerce_sync.vendors.hubspot.opt_outs import HubSpotOptOuts
from commerce_sync.vendors.hubspot.orders import HubSpotOrders
from commerce_sync.vendors.hubspot.properties import HubSpotProperties

__all__ = [
    "HubSpot",
    "HubSpotConsentProperties",
    "HubSpotContacts",
    "HubSpotOptOuts",
    "HubSpotOrders",
    "HubSpotProperties",
]
