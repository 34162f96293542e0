"""What Klaviyo shall have of HubSpot's contacts, by the field map, over one session with HubSpot."""

from functools import cache

from commerce_sync.composing.fields import TRANSFORMS
from commerce_sync.config.fields import field_map
from commerce_sync.profiles.reading import ContactReading
from commerce_sync.vendors.hubspot import HubSpot
from commerce_sync.vendors.hubspot.beside import HubSpotBeside
from commerce_sync.vendors.hubspot.lists import HubSpotLists
from commerce_sync.vendors.hubspot.owners import HubSpotOwners


@cache
def contact_reading(hubspot: HubSpot) -> ContactReading:
    """One for each session: what it remembers of owners, stages and lists lasts as long as the session is kept."""
    fields = field_map()
    lists = HubSpotLists(hubspot, [one.hubspot for one in fields.lists])
    return ContactReading(fields, TRANSFORMS, HubSpotOwners(hubspot), HubSpotBeside(hubspot), lists)
