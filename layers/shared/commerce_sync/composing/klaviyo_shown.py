"""What a Klaviyo profile, read with its subscriptions, says of each of its addresses, and where it stands open."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from commerce_sync.consent.klaviyo_facts import of_profile, shown_open
from commerce_sync.contracts.consent import Channel, ConsentStatement
from commerce_sync.vendors.klaviyo.subscriptions import address_of as shown_address
from commerce_sync.vendors.klaviyo.subscriptions import subscription_of

CHANNELS: Final[tuple[Channel, ...]] = ("email", "sms")
ListNamed = Callable[[str], str]


def shown_by(
    profile: Mapping[str, Any], list_named: ListNamed, seen_at: datetime | None = None
) -> Iterator[ConsentStatement]:
    """What a profile, read with its subscriptions, says of each of its addresses."""
    for channel in CHANNELS:
        if address := shown_address(profile, channel):
            for said in of_profile(address, channel, subscription_of(profile, channel), seen_at):
                yield with_list_named(said, list_named)


def open_by(profile: Mapping[str, Any], seen_at: datetime) -> Iterator[ConsentStatement]:
    """On which of its addresses a profile, read with its subscriptions, stands open."""
    for channel in CHANNELS:
        if address := shown_address(profile, channel):
            yield from shown_open(address, channel, subscription_of(profile, channel), seen_at)


def with_list_named(said: ConsentStatement, list_named: ListNamed) -> ConsentStatement:
    """A statement about a list, by the name that the configuration gives the list."""
    if said.subscription is None:
        return said
    return said.model_copy(update={"subscription": list_named(said.subscription)})
