"""Who is who in the story: the people about whom something has to be known, and what it is."""

from dataclasses import dataclass, replace

from local.sample_day.people import invent

IN_TWO_STORES = invent(12, "US")
"""Buys in the American store, and with the same email address in the European one, where they are another customer."""
ABROAD = replace(invent(112, "DE"), email=IN_TWO_STORES.email, last_name=IN_TWO_STORES.last_name)

WITHOUT_EMAIL = replace(invent(31, "US"), email=None, phone="+12025550131")
FAMILY_PHONE = "+12025550135"
FAMILY = (replace(invent(34, "US"), phone=FAMILY_PHONE), replace(invent(35, "US"), phone=FAMILY_PHONE))
"""Two people who give the same phone, and each an email address of their own."""

TAKEN_FOR_ONE = (invent(20, "US"), invent(21, "US"))
"""Two customers whom an operator merges by mistake."""

FORGOTTEN = invent(7, "US")
"""Asks the American store to be forgotten."""
CURIOUS = invent(9, "US")
"""Asks the American store what is known of them."""


@dataclass(frozen=True)
class StaffContact:
    """A contact that HubSpot's staff make by hand."""

    email: str
    first_name: str
    last_name: str


STRANGER = "stranger@example.com"
"""A contact who has never bought anything."""
MET_TWICE = (StaffContact("vera.vale@example.com", "Vera", "Vale"), StaffContact("v.vale@example.com", "V.", "Vale"))
"""One person whom two colleagues wrote down, each by another address; later they merge the two contacts."""
