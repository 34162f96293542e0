"""What Klaviyo shall have of HubSpot's contacts, by the field map, over one session with HubSpot."""

from dataclasses import replace
from functools import cache

from commerce_sync.aws.control import Control
from commerce_sync.composing.fields import TRANSFORMS
from commerce_sync.composing.polling_lists import KeptLists
from commerce_sync.config.fields import field_map
from commerce_sync.contracts.fields import HubSpotList
from commerce_sync.profiles.reading import ContactReading
from commerce_sync.vendors.hubspot import HubSpot
from commerce_sync.vendors.hubspot.beside import HubSpotBeside
from commerce_sync.vendors.hubspot.owners import HubSpotOwners


@cache
def contact_reading(hubspot: HubSpot, control_table: str, selected: tuple[HubSpotList, ...]) -> ContactReading:
    """One for each session: what it remembers of owners and stages lasts as long as the session is kept."""
    fields, lists = replace(field_map(), lists=selected), KeptLists(Control(control_table), selected)
    return ContactReading(fields, TRANSFORMS, HubSpotOwners(hubspot), HubSpotBeside(hubspot), lists)
