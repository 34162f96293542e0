"""Who must be one person after the day, and who must not. Worked out from the story alone, not by the bundle's code."""

from collections import defaultdict
from collections.abc import Iterator

from local.sample_day.cast import FAMILY, FAMILY_PHONE, MET_TWICE, STRANGER
from local.sample_day.people import Someone
from local.sample_day.story import Story

Group = frozenset[str]
"""What belongs to one person, as ``operations explain`` writes it: ``email#ana@example.com``, ``shopify:us#42``."""


def expected_people(story: Story) -> frozenset[Group]:
    """Everybody's email address, phone and customer records. A phone that two people gave is nobody's."""
    people: dict[str, set[str]] = defaultdict(set)
    for shop, someone in named(story):
        people[address_of(someone)] |= {address_of(someone), record_of(shop, someone)}
    bought = {frozenset(person) for person in people.values()}
    staff = {frozenset(f"email#{one.email}" for one in MET_TWICE), frozenset({f"email#{STRANGER}"})}
    return frozenset(bought | staff | {frozenset({shared_phone()})})


def named(story: Story) -> Iterator[tuple[str, Someone]]:
    """Everybody whom a shop names, with the shop (``shopify:us``), as often as it does."""
    for order in (*story.orders, *story.checkouts):
        if order.buyer:
            yield f"{order.source}:{order.store}", order.buyer
    yield from ((f"shopify:{store}", someone) for store, someone in story.customers)


def unusable_phones(story: Story) -> int:
    """How many people wrote a phone that no telephone has: 555 is no area code."""
    return len({someone.phone for _, someone in named(story) if someone.phone and "(555)" in someone.phone})


def address_of(someone: Someone) -> str:
    """The address that a person goes by."""
    return f"email#{someone.email.lower()}" if someone.email else f"phone#{someone.phone}"


def record_of(shop: str, someone: Someone) -> str:
    """A shop's own record of a person. The order system numbers its customers itself."""
    return f"{shop}#{someone.number if shop.startswith('own:') else someone.customer_id}"


def shared_phone() -> str:
    """The phone of the family."""
    return f"phone#{FAMILY_PHONE}"


def family_addresses() -> frozenset[str]:
    """The two people who gave it."""
    return frozenset(map(address_of, FAMILY))
